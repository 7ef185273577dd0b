// `lightbed emulate ctl`: cuts fibres, turns light on and off and puts faults into the devices of a running
// `lightbed emulate`.

import { tmpdir } from 'node:os';
import type { ArgumentsCamelCase, Argv, CommandModule } from 'yargs';
import { parseQuantity, unitsOf } from '../core/quantity.ts';
import { hostPlatform } from '../host/platform.ts';
import type { Address } from '../platform/platform.ts';
import { nearMiss } from '../scenario/suggest.ts';
import { parseAddress } from './address.ts';
import type { ControlRequest } from './emulate-actions.ts';
import { askControl } from './emulate-control.ts';
import type { FaultKind } from './emulate-faults.ts';
import { CUT_DIRECTIONS } from './emulate-plant.ts';
import { runningEmulators } from './emulate-state.ts';
import { EXIT_OK, UsageError } from './exit-code.ts';

interface CtlArguments {
  ctl: string | undefined;
  json: boolean;
}

const FAULTS = [
  'delay',
  'deny',
  'lose-reply',
  'no-answer',
  'interleave',
  'acknowledge',
  'hang-up',
  'restart',
  'other-release',
  'interleave-parts',
  'stuck-power',
  'weak-mirror',
  'flap',
] as const;
/** Those that stand at a port, not at a command. */
const OF_PORTS: readonly string[] = ['stuck-power', 'weak-mirror', 'flap'];
const WEAK_MIRROR_LOSS = '10 dB';
/** The acknowledgements after which no answer comes (GR-831). */
const ACKNOWLEDGEMENTS = ['NA', 'NG', 'RL'] as const;
const ON_FAULTS = ['list', 'clear'] as const;

type Builder<A> = (yargs: Argv<CtlArguments>) => Argv<CtlArguments & A>;

/** A verb of `ctl`: what it is given becomes a request, and the answer is printed. */
function verb<A>(
  command: string,
  describe: string,
  builder: Builder<A>,
  request: (given: A) => ControlRequest,
): CommandModule<CtlArguments, CtlArguments & A> {
  const handler = async (given: ArgumentsCamelCase<CtlArguments & A>): Promise<void> => {
    // Names without hyphens stay as they are.
    const { text, data } = await ask(given.ctl, request(given as unknown as A));
    console.log(given.json ? JSON.stringify(data) : text);
    process.exitCode = EXIT_OK;
  };
  return { command, describe, builder, handler };
}

const named = (describe: string) => (yargs: Argv<CtlArguments>) =>
  yargs.positional('name', { type: 'string', demandOption: true, describe });

const ofFibre = (yargs: Argv<CtlArguments>) =>
  named('a fibre, or a port whose fibre is meant')(yargs).option('direction', {
    choices: CUT_DIRECTIONS,
    default: 'both' as const,
    describe: 'of a fibre: a-to-b or b-to-a; seen from a port: in or out',
  });

const list = verb(
  'list',
  'devices, fibres and transmitters',
  (yargs) => yargs,
  () => ({ verb: 'list' }),
);

const cut = verb('cut <name>', 'cut a fibre', ofFibre, ({ name, direction }) => ({
  verb: 'cut',
  name,
  direction,
}));

const repair = verb('repair <name>', 'repair a fibre', ofFibre, ({ name, direction }) => ({
  verb: 'repair',
  name,
  direction,
}));

const dark = verb(
  'dark <name>',
  'turn a transmitter off',
  named('a host, or a port: the transmitter at the other end of its fibre'),
  ({ name }) => ({ verb: 'dark', name }),
);

const light = verb(
  'light <name>',
  'turn a transmitter on',
  (yargs) =>
    named('a host, or a port: the transmitter at the other end of its fibre')(yargs).option('power', {
      type: 'string',
      describe: 'launch power, as --power=-10dBm',
    }),
  ({ name, power }) => ({
    verb: 'light',
    name,
    ...(power !== undefined && { power_dbm: quantity(power, 'power', '--power') }),
  }),
);

const power = verb(
  'power [name]',
  'what light there is, whatever the devices say',
  (yargs) =>
    yargs.positional('name', { type: 'string', describe: 'a port or a device (default: every lit port)' }),
  ({ name }) => ({ verb: 'power', ...(name !== undefined && { name }) }),
);

const fault = verb(
  'fault <device> <where> <fault> [value]',
  'put a fault into a device: for the commands to come, or at a port',
  (yargs) =>
    yargs
      .positional('device', { type: 'string', demandOption: true, describe: 'its name or SID' })
      .positional('where', {
        type: 'string',
        demandOption: true,
        describe:
          "a command code, as RTRV-PORT-POWER, or '*' for every command; a port for weak-mirror and flap",
      })
      .positional('fault', {
        type: 'string',
        demandOption: true,
        describe:
          'delay TIME | deny CODE | lose-reply | no-answer | interleave | interleave-parts | acknowledge NA|NG|RL | hang-up | restart TIME | other-release | stuck-power | weak-mirror [LOSS] | flap TIME',
      })
      .positional('value', {
        type: 'string',
        describe:
          'for delay, restart and flap: 5s; for deny: an error code, SARB; for acknowledge: RL; for weak-mirror: 10dB',
      })
      .option('times', { type: 'number', describe: 'only for so many commands' }),
  (given) => ({
    verb: 'fault',
    device: given.device,
    command: OF_PORTS.includes(given.fault) ? given.where : commandCode(given.where),
    fault: readFault(given.fault, given.value),
    times: given.times === undefined ? null : positive(given.times),
  }),
);

const restart = verb(
  'restart <device> [down]',
  'restart a device now',
  (yargs) =>
    yargs
      .positional('device', { type: 'string', demandOption: true, describe: 'its name or SID' })
      .positional('down', { type: 'string', default: '5s', describe: 'how long it is down' }),
  ({ device, down }) => ({ verb: 'restart', device, down_ns: quantity(down, 'time', 'restart') }),
);

/** What another client of the device does. */
const byAnother = (change: 'connect' | 'disconnect') =>
  verb(
    `${change} <device> <input> <output>`,
    `${change} two ports as somebody else would, over TL1`,
    (yargs) =>
      yargs
        .positional('device', { type: 'string', demandOption: true, describe: 'its name or SID' })
        .positional('input', { type: 'string', demandOption: true, describe: 'a port' })
        .positional('output', { type: 'string', demandOption: true, describe: 'another' })
        .option('way', { choices: ['one', 'two'] as const, default: 'one' as const, describe: 'ways' }),
    ({ device, input, output, way }) => ({ verb: change, device, input, output, way }),
  );

const faults = verb(
  'faults [action] [which]',
  'list the faults, or clear them',
  (yargs) =>
    yargs
      .positional('action', { choices: ON_FAULTS, default: 'list' as const, describe: 'what to do' })
      .positional('which', {
        type: 'string',
        describe: 'to clear: the number of one, or a device (default: all)',
      }),
  ({ action, which }) => {
    if (action === 'list') return { verb: 'faults' };
    if (which === undefined) return { verb: 'clear' };
    return { verb: 'clear', ...(/^\d+$/.test(which) ? { number: Number(which) } : { device: which }) };
  },
);

export const ctlCommand: CommandModule<object, CtlArguments> = {
  command: 'ctl',
  describe: 'cut fibres, darken ports, put faults into a running emulate',
  builder: (yargs) => {
    const common: Argv<CtlArguments> = yargs
      .option('ctl', { type: 'string', describe: 'HOST:PORT of the emulate, where several run' })
      .option('json', { type: 'boolean', default: false, describe: 'as JSON, for other programs' });
    return common
      .command(list)
      .command(cut)
      .command(repair)
      .command(dark)
      .command(light)
      .command(power)
      .command(fault)
      .command(restart)
      .command(byAnother('connect'))
      .command(byAnother('disconnect'))
      .command(faults)
      .recommendCommands()
      .demandCommand(1, 'give a verb: lightbed emulate ctl --help lists them')
      .strict();
  },
  handler: () => {},
};

async function ask(
  ctl: string | undefined,
  request: ControlRequest,
): Promise<{ text: string; data: unknown }> {
  const to = ctl === undefined ? theOnlyOne() : parseAddress(ctl, '--ctl');
  return askControl(hostPlatform({ machine: 'ctl', folder: tmpdir() }), to, request);
}

function theOnlyOne(): Address {
  const running = runningEmulators();
  const [only, ...others] = running;
  if (only === undefined) throw new UsageError('no lightbed emulate of this user is running here');
  if (others.length === 0) return parseAddress(only.ctl, 'ctl');
  const known = running.map(({ ctl, devices }) => `  --ctl ${ctl}  ${devices.join(', ')}`);
  throw new UsageError(`several emulators run here; say which one:\n${known.join('\n')}`);
}

function readFault(word: string, value: string | undefined): FaultKind {
  const kind = FAULTS.find((each) => each === word);
  if (kind === undefined) {
    const meant = nearMiss(word, FAULTS);
    const suggestion = meant === null ? '' : `; did you mean ${meant}?`;
    throw new UsageError(`there is no fault ${word}, only ${FAULTS.join(', ')}${suggestion}`);
  }
  if (kind === 'delay') return { kind, by_ns: quantity(value ?? '', 'time', 'delay') };
  if (kind === 'restart') return { kind, down_ns: quantity(value ?? '', 'time', 'restart') };
  if (kind === 'weak-mirror') return { kind, loss_db: quantity(value ?? WEAK_MIRROR_LOSS, 'ratio', kind) };
  if (kind === 'flap') return { kind, every_ns: quantity(value ?? '', 'time', kind) };
  if (kind === 'acknowledge') return { kind, code: acknowledgement(value ?? '') };
  if (kind === 'deny') return { kind, error_code: errorCode(value ?? '') };
  if (value !== undefined) throw new UsageError(`${kind} takes no value, got ${value}`);
  return { kind };
}

function commandCode(word: string): string {
  const code = word.toUpperCase();
  if (code === '*' || /^[A-Z][A-Z0-9]*(-[A-Z0-9]+)*$/.test(code)) return code;
  throw new UsageError(`${word} is no command code: expected one like RTRV-HDR, or '*' in quotes`);
}

/** GR-831's codes have four letters. */
function errorCode(word: string): string {
  if (/^[A-Za-z]{4}$/.test(word)) return word.toUpperCase();
  throw new UsageError(`deny ${word}: expected an error code of four letters, as SARB`);
}

function acknowledgement(word: string): (typeof ACKNOWLEDGEMENTS)[number] {
  const code = ACKNOWLEDGEMENTS.find((each) => each === word.toUpperCase());
  if (code !== undefined) return code;
  throw new UsageError(`acknowledge ${word}: expected one of ${ACKNOWLEDGEMENTS.join(', ')}`);
}

function quantity(text: string, dimension: 'time' | 'power' | 'ratio', option: string): number {
  const parsed = parseQuantity(text, dimension);
  if (parsed.kind === 'ok') return parsed.value;
  throw new UsageError(
    `${option} ${text}: expected a number with one of the units ${unitsOf(dimension).join(', ')}`,
  );
}

function positive(times: number): number {
  if (Number.isSafeInteger(times) && times >= 1) return times;
  throw new UsageError(`--times must be a whole number from 1, got ${times}`);
}
