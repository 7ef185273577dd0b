// `lightbed device`: one command to a real device, through the same driver that the agents use. It reads unless it
// is told --write.

import type { CommandModule } from 'yargs';
import { parseQuantity, unitsOf } from '../core/quantity.ts';
import { type Duration, LONGEST_SPAN, LONGEST_SPAN_HOURS, ns } from '../core/time.ts';
import { hostClock } from '../host/clock.ts';
import { SwitchError } from '../optical/errors.ts';
import type { OpticalSwitch, Way } from '../optical/switch.ts';
import { Tl1CommandError } from '../tl1/errors.ts';
import { CIRCUIT_ACTIONS, runCircuitDevice } from './device-circuits.ts';
import {
  connectDevice,
  type DeviceConnection,
  type DeviceTarget,
  UnreachableError,
} from './device-connection.ts';
import { type Credentials, readCredentials } from './device-credentials.ts';
import { showCrossConnects, showOutcome, showPorts, showPower } from './device-show.ts';
import { ALL_FAMILIES, hasCircuits, locate, type TargetArguments } from './device-target.ts';
import { watchDevice } from './device-watch.ts';
import { EXIT_FAILED, EXIT_OK, UsageError } from './exit-code.ts';

const SWITCH_ACTIONS = ['ports', 'crs', 'power', 'watch', 'connect', 'disconnect'] as const;
const ACTIONS = [...SWITCH_ACTIONS, ...CIRCUIT_ACTIONS] as const;
type Action = (typeof ACTIONS)[number];

interface DeviceArguments extends TargetArguments {
  action: Action;
  labels: string[] | undefined;
  credentials: string | undefined;
  write: boolean;
  way: Way;
  every: string;
  for: string | undefined;
  record: string | undefined;
  rate: string | undefined;
  with: string | string[] | undefined;
  json: boolean;
}

export const deviceCommand: CommandModule<object, DeviceArguments> = {
  command: 'device <device> <action> [labels..]',
  describe: 'ask or set a real switch; credentials from LIGHTBED_USER and LIGHTBED_PASSWORD, or a file',
  builder: (yargs) =>
    yargs
      .positional('device', {
        type: 'string',
        demandOption: true,
        describe: 'HOST, HOST:PORT, or its name in the inventory',
      })
      .positional('action', {
        choices: ACTIONS,
        demandOption: true,
        describe:
          'list ports; list cross-connects; read power; watch alarms and power; connect A B; disconnect A B; of a ciena: circuits; create NAME PORT NODE/PORT; delete NAME; watch',
      })
      .positional('labels', {
        type: 'string',
        array: true,
        describe:
          'ports: of power and watch, these only; of connect: input, output; of create: name and ends',
      })
      .option('family', {
        type: 'string',
        describe: `which language it speaks: ${ALL_FAMILIES.join(', ')}`,
      })
      .option('inventory', { type: 'string', describe: 'YAML file that names devices' })
      .option('credentials', {
        type: 'string',
        describe: 'file with mode 600: lines "user: …" and "password: …"',
      })
      .option('tid', { type: 'string', describe: 'target identifier, where the device insists on one' })
      .option('quote-password', {
        type: 'boolean',
        default: false,
        describe: 'the device wants its password in quotes',
      })
      .option('write', { type: 'boolean', default: false, describe: 'allow what changes the device' })
      .option('rate', { type: 'string', describe: 'of create: rounded up to STS-1s, as 1Gb/s' })
      .option('with', {
        type: 'string',
        describe:
          'of a ciena: another node (or several, each with --with), by name in the inventory or as TID=HOST:PORT',
      })
      .option('way', {
        choices: ['two', 'one'] as const,
        default: 'two' as const,
        describe: 'both ways, or from A to B only',
      })
      .option('every', {
        type: 'string',
        default: '1 s',
        describe: 'of watch: between two readings of power',
      })
      .option('for', { type: 'string', describe: 'of watch: how long (default: until Ctrl-C)' })
      .option('record', {
        type: 'string',
        describe: 'write the session to this new file, as a transcript that tests can play',
      })
      .option('json', { type: 'boolean', default: false, describe: 'as JSON, for other programs' }),
  handler: async (given) => {
    process.exitCode = await runDevice(given);
  },
};

async function runDevice(given: DeviceArguments): Promise<number> {
  const ports = (given.labels ?? []).map(String);
  const isOfCircuits = hasCircuits(given);
  if (!isOfCircuits) checkAction(given, ports);
  const every = duration(given.every, '--every');
  const limit = given.for === undefined ? null : duration(given.for, '--for');
  if (isOfCircuits) return runCircuitDevice(given, { labels: ports, every, stopped: stopSignal(limit) });
  const { target, credentialsFile } = locate(given);
  const credentials = readCredentials(given.credentials ?? credentialsFile, process.env);
  const connection = connect(target, credentials, given.record ?? null);
  const stopped = stopSignal(limit);
  try {
    const work =
      given.action === 'watch'
        ? watch(connection, given, ports, every, stopped)
        : perform(connection.device, given, ports);
    const interrupted = given.action === 'watch' ? [] : [aborted(stopped).then(() => EXIT_FAILED)];
    return await Promise.race([work, connection.lost, ...interrupted]);
  } catch (error) {
    if (!(error instanceof SwitchError || error instanceof UnreachableError)) throw error;
    console.error(`lightbed: ${error.message}`);
    return EXIT_FAILED;
  } finally {
    await connection.close();
  }
}

/** Before anything is connected. */
function checkAction(
  { action, write, device, with: others }: DeviceArguments,
  ports: readonly string[],
): void {
  if (!SWITCH_ACTIONS.some((each) => each === action) || others !== undefined)
    throw new UsageError(
      `${others === undefined ? action : '--with'} is for nodes with circuits: --family ciena`,
    );
  const changes = action === 'connect' || action === 'disconnect';
  if (changes && ports.length !== 2)
    throw new UsageError(`${action} takes two ports, the input and the output: got ${ports.length}`);
  if ((action === 'ports' || action === 'crs') && ports.length > 0)
    throw new UsageError(`${action} takes no ports, got ${ports.join(' ')}`);
  if (changes && !write) throw new UsageError(`${action} changes ${device}: nothing is sent without --write`);
}

function connect(target: DeviceTarget, credentials: Credentials, record: string | null): DeviceConnection {
  try {
    return connectDevice(target, credentials, record);
  } catch (error) {
    if (!(error instanceof Tl1CommandError)) throw error;
    throw new UsageError('TL1 cannot carry this user or password as it is: try --quote-password');
  }
}

async function perform(
  device: OpticalSwitch,
  given: DeviceArguments,
  ports: readonly string[],
): Promise<number> {
  const { action, way, json } = given;
  const [input = '', output = ''] = ports;
  switch (action) {
    case 'ports':
      return showPorts(await device.listPorts(), json);
    case 'crs':
      return showCrossConnects(await device.listCrossConnects(), json);
    case 'power':
      return showPower(await device.readPower(some(ports)), json);
    default:
      return showOutcome(
        await device[action as 'connect' | 'disconnect'](input, output, way),
        `${action} ${input} ${output}`,
        json,
      );
  }
}

async function watch(
  { device }: DeviceConnection,
  { json }: DeviceArguments,
  ports: readonly string[],
  every: Duration,
  until: AbortSignal,
): Promise<number> {
  const show = (line: string): void => console.log(line);
  await watchDevice(device, { clock: hostClock, ports: some(ports), every, isJson: json, show, until });
  return EXIT_OK;
}

/** Aborted by SIGINT, by SIGTERM, and after `limit`. */
function stopSignal(limit: Duration | null): AbortSignal {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  if (limit !== null) hostClock.timer(limit, () => stop.abort());
  return stop.signal;
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => signal.addEventListener('abort', () => resolve()));

const some = (ports: readonly string[]): readonly string[] | undefined =>
  ports.length === 0 ? undefined : ports;

function duration(text: string, option: string): Duration {
  const parsed = parseQuantity(text, 'time');
  if (parsed.kind === 'ok' && parsed.value > 0 && parsed.value <= LONGEST_SPAN) return ns(parsed.value);
  throw new UsageError(
    `${option} ${text}: expected a time above 0, at most ${LONGEST_SPAN_HOURS} h, with one of the units ${unitsOf('time').join(', ')}`,
  );
}
