// The verbs of `emulate ctl` about light: fibres and spans, transmitters, and what there is of it at the ports.

import type { Argv } from 'yargs';
import { LAUNCH_POWER_MOST } from './emulate-actions.ts';
import { type CtlArguments, quantity, verb } from './emulate-ctl-verb.ts';
import { CUT_DIRECTIONS } from './emulate-plant.ts';
import { UsageError } from './exit-code.ts';

const named = (describe: string) => (yargs: Argv<CtlArguments>) =>
  yargs.positional('name', { type: 'string', demandOption: true, describe });

const ofFibre = (yargs: Argv<CtlArguments>) =>
  named('a fibre, or a port whose fibre is meant; or a span')(yargs)
    .option('direction', {
      choices: CUT_DIRECTIONS,
      default: 'both' as const,
      describe: 'of a fibre: a-to-b or b-to-a; seen from a port: in or out',
    })
    .option('slots', { type: 'string', describe: 'of a span: these time slots alone, as 1,2,7' });

const ofTransmitter = named('a host, or a port: the transmitter at the other end of its fibre');

export const cut = verb('cut <name>', 'cut a fibre or a span', ofFibre, ({ name, direction, slots }) => ({
  verb: 'cut',
  ...{ name, direction, ...slotsOf(slots) },
}));

export const repair = verb(
  'repair <name>',
  'repair a fibre or a span',
  ofFibre,
  ({ name, direction, slots }) => ({ verb: 'repair', ...{ name, direction, ...slotsOf(slots) } }),
);

function slotsOf(text: string | undefined): { slots?: number[] } {
  if (text === undefined) return {};
  if (/^[1-9]\d*(,[1-9]\d*)*$/.test(text)) return { slots: text.split(',').map(Number) };
  throw new UsageError(`--slots ${text}: expected numbers of time slots, as 1,2,7`);
}

export const dark = verb('dark <name>', 'turn a transmitter off', ofTransmitter, ({ name }) => ({
  verb: 'dark',
  name,
}));

function launchPower(text: string): number {
  const dbm = quantity(text, 'power', '--power');
  if (Math.abs(dbm) <= LAUNCH_POWER_MOST) return dbm;
  throw new UsageError(
    `--power ${text}: expected a power from -${LAUNCH_POWER_MOST} to ${LAUNCH_POWER_MOST} dBm`,
  );
}

export const light = verb(
  'light <name>',
  'turn a transmitter on',
  (yargs) =>
    ofTransmitter(yargs).option('power', { type: 'string', describe: 'launch power, as --power=-10dBm' }),
  ({ name, power }) => ({
    verb: 'light',
    name,
    ...(power !== undefined && { power_dbm: launchPower(power) }),
  }),
);

export const power = verb(
  'power [name]',
  'what light there is, whatever the devices say',
  (yargs) =>
    yargs.positional('name', { type: 'string', describe: 'a port or a device (default: every lit port)' }),
  ({ name }) => ({ verb: 'power', ...(name !== undefined && { name }) }),
);
