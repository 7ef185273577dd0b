// The verbs of `emulate ctl` about light: fibres, transmitters, and what there is of it at the ports.

import type { Argv } from 'yargs';
import { type CtlArguments, quantity, verb } from './emulate-ctl-verb.ts';
import { CUT_DIRECTIONS } from './emulate-plant.ts';

const named = (describe: string) => (yargs: Argv<CtlArguments>) =>
  yargs.positional('name', { type: 'string', demandOption: true, describe });

const ofFibre = (yargs: Argv<CtlArguments>) =>
  named('a fibre, or a port whose fibre is meant')(yargs).option('direction', {
    choices: CUT_DIRECTIONS,
    default: 'both' as const,
    describe: 'of a fibre: a-to-b or b-to-a; seen from a port: in or out',
  });

const ofTransmitter = named('a host, or a port: the transmitter at the other end of its fibre');

export const cut = verb('cut <name>', 'cut a fibre', ofFibre, ({ name, direction }) => ({
  verb: 'cut',
  name,
  direction,
}));

export const repair = verb('repair <name>', 'repair a fibre', ofFibre, ({ name, direction }) => ({
  verb: 'repair',
  name,
  direction,
}));

export const dark = verb('dark <name>', 'turn a transmitter off', ofTransmitter, ({ name }) => ({
  verb: 'dark',
  name,
}));

export const light = verb(
  'light <name>',
  'turn a transmitter on',
  (yargs) =>
    ofTransmitter(yargs).option('power', { type: 'string', describe: 'launch power, as --power=-10dBm' }),
  ({ name, power }) => ({
    verb: 'light',
    name,
    ...(power !== undefined && { power_dbm: quantity(power, 'power', '--power') }),
  }),
);

export const power = verb(
  'power [name]',
  'what light there is, whatever the devices say',
  (yargs) =>
    yargs.positional('name', { type: 'string', describe: 'a port or a device (default: every lit port)' }),
  ({ name }) => ({ verb: 'power', ...(name !== undefined && { name }) }),
);
