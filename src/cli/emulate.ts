// `lightbed emulate`: devices at TCP ports that any TL1 client can talk to, alone or joined by fibres, until
// SIGINT or SIGTERM.

import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import type { CommandModule } from 'yargs';
import { type FamilyName, families } from '../../emulators/families.ts';
import { hostPlatform } from '../host/platform.ts';
import { NetworkError } from '../platform/errors.ts';
import { scenarioFile } from '../scenario/load.ts';
import { CIENA_PORTS, oneCircuitNode } from './emulate-circuits.ts';
import { serveControl } from './emulate-control.ts';
import { ctlCommand } from './emulate-ctl.ts';
import { type LabDescription, LOGIN, loadLab, SID } from './emulate-file.ts';
import { Lab } from './emulate-lab.ts';
import { announce } from './emulate-state.ts';
import { welcome } from './emulate-welcome.ts';
import { EXIT_OK, EXIT_USAGE, UsageError } from './exit-code.ts';

interface EmulateArguments {
  family?: string | undefined;
  file: string | undefined;
  port: number | undefined;
  ports: number | undefined;
  sid: string | undefined;
  profile: string | undefined;
  user: string | undefined;
  speed: number;
  address: string;
  lit: string | undefined;
  alarms: boolean | undefined;
  'ctl-port': number;
}

const FAMILIES = Object.keys(families) as readonly FamilyName[];
const CIENA = 'ciena';
const ALL = [...FAMILIES, CIENA];
const NOTHING: LabDescription = { switches: [], hosts: [], fibres: [], circuitNodes: [], spans: [] };
const LOOPBACK = '127.0.0.1';
/** As a scenario has it. */
const PORTS_MAX = 1024;
const PORTS_DEFAULT = 48;
/** Glimmerglass's, as good as any where devices of several families follow one another. */
const FIRST_PORT = 10_033;

export const emulateCommand: CommandModule<object, EmulateArguments> = {
  command: 'emulate [family]',
  describe: `emulated devices at TCP ports, for any TL1 client: ${ALL.join(', ')}`,
  builder: (yargs) =>
    yargs
      .command(ctlCommand)
      .option('file', {
        global: false,
        type: 'string',
        describe: 'several, with their fibres: a lab file or a scenario',
      })
      .option('port', {
        global: false,
        type: 'number',
        describe: 'TCP port of the first listener; 0 for any free ones',
      })
      .option('ports', {
        global: false,
        type: 'number',
        describe: `optical ports of the device (default: ${PORTS_DEFAULT})`,
      })
      .option('sid', { global: false, type: 'string', describe: "its name (default: the family's)" })
      .option('profile', {
        global: false,
        type: 'string',
        describe: 'a release or manner of the family',
      })
      .option('user', {
        global: false,
        type: 'string',
        describe: 'the only login, as user:password (default: admin:admin)',
      })
      .option('speed', {
        global: false,
        type: 'number',
        default: 1,
        describe: 'how many times as fast as a real one it acts',
      })
      .option('address', {
        global: false,
        type: 'string',
        default: LOOPBACK,
        describe: 'where devices listen',
      })
      .option('lit', {
        global: false,
        type: 'string',
        describe: 'ports that a lamp shines into, as 1,2,5; or all',
      })
      .option('alarms', {
        global: false,
        type: 'boolean',
        describe: 'tell loss of light, or do not (--no-alarms)',
      })
      .option('ctl-port', {
        global: false,
        type: 'number',
        default: 0,
        describe: 'TCP port for emulate ctl, on 127.0.0.1',
      }),
  handler: async (given) => {
    process.exitCode = await emulate(given);
  },
};

async function emulate(given: EmulateArguments): Promise<number> {
  const description = given.file === undefined ? oneDevice(given) : fromFile(given.file, given);
  const stopped = stopSignal();
  try {
    const lab = await Lab.open(description, {
      address: given.address,
      firstPort: tcpPort(given.port ?? firstPort(description), 'port'),
      speed: speedOf(given.speed),
      login: given.user === undefined ? null : matching(given.user, LOGIN, '--user', 'user:password'),
      alarms: given.alarms ?? null,
    });
    light(lab, given.lit);
    await serve(lab, tcpPort(given['ctl-port'], 'ctl-port'), stopped);
    return EXIT_OK;
  } catch (error) {
    if (!(error instanceof NetworkError)) throw error;
    const advice = error.code === 'in-use' ? '--port 0 takes any free ports' : 'see --address';
    console.error(`lightbed: ${error.message}; ${advice}`);
    return EXIT_USAGE;
  }
}

const firstPort = ({ switches }: LabDescription): number =>
  switches.length === 0 ? (CIENA_PORTS[0] ?? FIRST_PORT) : FIRST_PORT;

async function serve(lab: Lab, ctlPort: number, stopped: Promise<void>): Promise<void> {
  const platform = hostPlatform({ machine: LOOPBACK, folder: tmpdir(), bind: LOOPBACK });
  const control = await serveControl(platform, ctlPort, lab);
  const ctl = `${LOOPBACK}:${control.address.tcpPort}`;
  const withdraw = announce({ pid: process.pid, ctl, devices: lab.devices.map(({ name }) => name) });
  try {
    console.log(welcome(lab.devices, lab.address, ctl));
    await Promise.race([stopped, lab.ended()]);
  } finally {
    withdraw();
    await control.close();
  }
  await lab.stop();
}

/** Asked for before anything listens, so that an early signal ends it just as cleanly. */
function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
}

function oneDevice(given: EmulateArguments): LabDescription {
  const { ports = PORTS_DEFAULT, sid, port } = given;
  if (given.family?.toLowerCase() === CIENA) return oneNode(given);
  const family = FAMILIES.find((name) => name === given.family?.toLowerCase());
  if (given.family === undefined) throw new UsageError(`give a family (${ALL.join(', ')}), or --file`);
  if (family === undefined)
    throw new UsageError(`there is no family ${given.family}, only ${ALL.join(', ')}`);
  if (!Number.isInteger(ports) || ports < 2 || ports > PORTS_MAX)
    throw new UsageError(`--ports must be a whole number from 2 to ${PORTS_MAX}, got ${ports}`);
  const device = {
    name: (sid ?? family).toLowerCase(),
    ...{ site: 'lab', family, ports },
    tcpPort: port ?? families[family].tcpPort,
    ...(sid !== undefined && { sid: matching(sid, SID, '--sid', 'up to 20 letters, digits and hyphens') }),
    ...(given.profile !== undefined && { profile: profileOf(family, given.profile) }),
  };
  return { ...NOTHING, switches: [device] };
}

/** Its name is its SID, since other nodes would call it so. */
function oneNode({ ports, sid, port, profile, lit }: EmulateArguments): LabDescription {
  const other = Object.entries({ ports, profile, lit }).find(([, value]) => value !== undefined);
  if (other !== undefined)
    throw new UsageError(`--${other[0]} is for optical switches: a lab file says what ports a ${CIENA} has`);
  const name = matching(sid ?? CIENA, SID, '--sid', 'up to 20 letters, digits and hyphens').toLowerCase();
  const node = { ...oneCircuitNode(name), tcpPort: port ?? CIENA_PORTS[0] ?? 0 };
  return { ...NOTHING, circuitNodes: [node] };
}

function profileOf(family: FamilyName, profile: string): string {
  const known = Object.keys(families[family].profiles);
  if (known.includes(profile)) return profile;
  throw new UsageError(`there is no profile ${profile} of ${family}, only ${known.join(', ')}`);
}

function fromFile(argument: string, { family, ports, sid, profile }: EmulateArguments): LabDescription {
  if ([family, ports, sid, profile].some((each) => each !== undefined))
    throw new UsageError(
      '--file says which devices there are: leave out the family, --ports, --sid, --profile',
    );
  const file = scenarioFile(argument);
  return loadLab(file, labText(argument, file));
}

/** `file` is what the argument means: itself, or what its folder has. */
function labText(argument: string, file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT') throw new UsageError(`--file ${argument}: there is no ${file}`);
    const isOther = code === 'ENOTDIR' && file !== argument;
    const reason = isOther ? 'its name does not end in .yaml' : String((error as Error).message);
    throw new UsageError(
      `--file ${argument}: expected a YAML file, or a folder with a scenario.yaml: ${reason}`,
    );
  }
}

/** The lamps that the command line asks for: every one, or those at the ports named. */
function light({ plant, devices }: Lab, lit: string | undefined): void {
  if (lit === undefined) return;
  const all = devices.flatMap(({ name, ports }) => ports.map((port) => `${name}/${port}`));
  const names = lit === 'all' ? all.filter((port) => plant.hasLamp(port)) : lit.split(',');
  for (const name of names) plant.light(name.trim());
}

function speedOf(speed: number): number {
  // Beyond these a make of 20 ms would take less than 1 us, or more than a minute.
  if (speed >= 0.001 && speed <= 100_000) return speed;
  throw new UsageError(`--speed must be from 0.001 to 100000, got ${speed}`);
}

function tcpPort(port: number, option: string): number {
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new UsageError(`--${option} must be a whole number from 0 to 65535, got ${port}`);
}

function matching(value: string, pattern: RegExp, option: string, expected: string): string {
  if (pattern.test(value)) return value;
  throw new UsageError(`${option} ${value}: expected ${expected}`);
}
