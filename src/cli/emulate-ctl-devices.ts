// The verbs of `emulate ctl` about the devices themselves: what there is, restarts, and what another client does.

import { ofDevice, quantity, verb } from './emulate-ctl-verb.ts';

export const list = verb(
  'list',
  'devices, fibres and transmitters',
  (yargs) => yargs,
  () => ({ verb: 'list' }),
);

export const restart = verb(
  'restart <device> [down]',
  'restart a device now',
  (yargs) =>
    ofDevice(yargs).positional('down', { type: 'string', default: '5s', describe: 'how long it is down' }),
  ({ device, down }) => ({ verb: 'restart', device, down_ns: quantity(down, 'time', 'restart') }),
);

const byAnother = (change: 'connect' | 'disconnect') =>
  verb(
    `${change} <device> <input> <output>`,
    `${change} two ports as somebody else would, over TL1`,
    (yargs) =>
      ofDevice(yargs)
        .positional('input', { type: 'string', demandOption: true, describe: 'a port' })
        .positional('output', { type: 'string', demandOption: true, describe: 'another' })
        .option('way', { choices: ['one', 'two'] as const, default: 'one' as const, describe: 'ways' }),
    ({ device, input, output, way }) => ({ verb: change, device, input, output, way }),
  );

export const connect = byAnother('connect');
export const disconnect = byAnother('disconnect');
