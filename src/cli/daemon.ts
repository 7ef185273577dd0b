// `lightbed daemon`: runs the daemon of this host, for its applications and for `lightbed path`. It shows how it would point
// traffic; with --write it does.

import { existsSync } from 'node:fs';
import { isIP } from 'node:net';
import { join } from 'node:path';
import type { CommandModule } from 'yargs';
import { hostPlatform } from '../host/platform.ts';
import { NetworkError, StoreError } from '../platform/errors.ts';
import { DEFAULT_AGENT_TCP_PORT } from '../provisioning/agent-config.ts';
import { daemonProgram } from '../provisioning/daemon.ts';
import { type DaemonConfig, DEFAULT_DAEMON_PEER_TCP_PORT } from '../provisioning/daemon-config.ts';
import { patientDaemon } from '../provisioning/daemon-patience.ts';
import { PATIENCE_MOST } from '../provisioning/patience.ts';
import { parseAddress } from './address.ts';
import { CARRIER_SETTLING, carrierMonitor } from './carrier-monitor.ts';
import { ApplicationDoors, NONE } from './daemon-applications.ts';
import { DEFAULT_DAEMON_ADDRESS, defaultSocket } from './daemon-way.ts';
import { EXIT_FAILED, EXIT_OK, EXIT_USAGE, UsageError } from './exit-code.ts';
import { holdFolder } from './folder-lock.ts';
import { givenFolder } from './given-folder.ts';
import { addressPairs, namePairs } from './name-pairs.ts';
import { TrafficCommands, USE_PATH, USE_ROUTED } from './traffic-commands.ts';
import { TrafficJournal } from './traffic-journal.ts';

const PEERS = {
  option: '--peers',
  form: 'NAME=HOST:PORT',
  example: `fnal=192.0.2.7:${DEFAULT_DAEMON_PEER_TCP_PORT}`,
};
const ADDRESSES = { option: '--addresses', form: 'NAME=ADDRESS', example: 'fnal=198.51.100.7' };
const FIBRES = {
  option: '--fibres',
  form: 'FIBRE=HOST:PORT',
  example: `cern-gva=192.0.2.1:${DEFAULT_AGENT_TCP_PORT}`,
};

interface DaemonArguments {
  host: string;
  agents: string;
  listen: string;
  socket: string | undefined;
  'listen-peers': string;
  peers: string | undefined;
  addresses: string | undefined;
  interface: string;
  fibres: string | undefined;
  folder: string;
  patience: number;
  'use-path': string;
  'use-routed': string;
  write: boolean;
}

export const daemonCommand: CommandModule<object, DaemonArguments> = {
  command: 'daemon',
  describe: 'keep light paths for the applications of this host, and point its traffic at them',
  builder: (yargs) =>
    yargs
      .option('host', { type: 'string', demandOption: true, describe: 'this host, as light paths name it' })
      .option('agents', {
        type: 'string',
        demandOption: true,
        describe: 'HOST:PORT,…: the agents that may be asked; the nearest one is',
      })
      .option('listen', {
        type: 'string',
        default: DEFAULT_DAEMON_ADDRESS,
        describe: 'HOST:PORT for applications, of any user; or none',
      })
      .option('socket', {
        type: 'string',
        describe: `Unix socket for applications of this user; or none (default: ${defaultSocket() ?? NONE})`,
      })
      .option('listen-peers', {
        type: 'string',
        default: `127.0.0.1:${DEFAULT_DAEMON_PEER_TCP_PORT}`,
        describe: 'HOST:PORT for the daemons of other hosts, over the routed network',
      })
      .option('peers', { type: 'string', describe: 'NAME=HOST:PORT,…: the daemons of other hosts' })
      .option('addresses', {
        type: 'string',
        describe: 'NAME=ADDRESS,…: where the data of other hosts goes (default: their names)',
      })
      .option('interface', {
        type: 'string',
        default: '',
        describe: 'the network interface on light; without one no light is seen, and no traffic moved',
      })
      .option('fibres', {
        type: 'string',
        describe:
          'FIBRE=HOST:PORT,…: what ends at that interface, and the agent to tell of light missed there',
      })
      .option('folder', {
        type: 'string',
        default: '.',
        describe: 'where its paths are kept for the next start',
      })
      .option('patience', {
        type: 'number',
        default: 1,
        describe: 'so many times as long as usual it waits for agents and for other daemons',
      })
      .option('use-path', {
        type: 'string',
        default: USE_PATH,
        describe: 'what points the traffic of a peer at a path',
      })
      .option('use-routed', { type: 'string', default: USE_ROUTED, describe: 'what points it back' })
      .option('write', {
        type: 'boolean',
        default: false,
        describe: 'run these commands instead of showing them',
      }),
  handler: async (given) => {
    process.exitCode = await runDaemon(given);
  },
};

async function runDaemon(given: DaemonArguments): Promise<number> {
  const config = configOf(given);
  const folder = givenFolder('--folder', given.folder);
  const release = await holdFolder(folder, `daemon-${given.host}`);
  const stopped = new Promise<number>((stop) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop(EXIT_OK));
  });
  try {
    return await serve(given, config, folder, stopped);
  } catch (error) {
    return failure(error);
  } finally {
    release();
  }
}

async function serve(
  given: DaemonArguments,
  config: DaemonConfig,
  folder: string,
  stopped: Promise<number>,
): Promise<number> {
  let fail = (_error: unknown): void => {};
  const failed = new Promise<never>((_, reject) => {
    fail = reject;
  });
  const steering = steeringOf(given, config, folder, (error) => fail(error));
  // What a killed one left.
  const isClear = steering.allRouted();
  const { program, applications } = startDaemon(given, config, folder, steering);
  try {
    return await Promise.race([program.then(() => EXIT_OK), failed, stopped]);
  } finally {
    await applications.close();
    // Paths end with their leases, and nobody would point their traffic back.
    await isClear;
    await steering.end();
  }
}

function startDaemon(
  given: DaemonArguments,
  config: DaemonConfig,
  folder: string,
  steering: TrafficCommands,
): { program: Promise<void>; applications: ApplicationDoors } {
  // What this host dials must not come from the address that others reach it at.
  const platform = hostPlatform({ machine: given.host, folder, record: show });
  const at = (text: string, option: string) =>
    hostPlatform({ machine: given.host, folder, bind: parseAddress(text, option).machine }).network;
  const peers = at(given['listen-peers'], '--listen-peers');
  const network = {
    connect: platform.network.connect.bind(platform.network),
    listen: peers.listen.bind(peers),
    datagrams: platform.network.datagrams.bind(platform.network),
  };
  const { listen, socket } = given;
  const tcp = listen === NONE ? null : at(listen, '--listen');
  const applications = new ApplicationDoors({ listen, socket, tcp });
  const program = daemonProgram({ ...platform, network }, config, {
    steering,
    monitor: carrierMonitor(given.interface, platform.clock),
    applications,
    listening: (_, { tcpPort }) =>
      console.log(
        `daemon of ${given.host}: applications at ${applications.names.join(', ')}, ` +
          `peers at ${given['listen-peers'].replace(/:\d+$/, '')}:${tcpPort}`,
      ),
  });
  return { program, applications };
}

function steeringOf(
  given: DaemonArguments,
  { peers }: DaemonConfig,
  folder: string,
  fail: (error: unknown) => void,
): TrafficCommands {
  const addresses = new Map(namePairs(given.addresses, ADDRESSES));
  const { write } = given;
  checkInterface(given);
  const unplaced = peers.find(({ host }) => isIP(addresses.get(host) ?? host) === 0);
  if (write && given['use-path'] === USE_PATH && unplaced !== undefined)
    throw new UsageError(
      `--write: where does the data of ${unplaced.host} go? --addresses ${unplaced.host}=ADDRESS says it`,
    );
  const journal = new TrafficJournal(join(folder, `traffic-${given.host}.json`));
  if (!write && journal.peers.length > 0)
    console.error(
      `lightbed: traffic for ${journal.peers.join(', ')} was left on paths of an earlier run: --write takes it back`,
    );
  return new TrafficCommands({
    usePath: given['use-path'],
    useRouted: given['use-routed'],
    interface: given.interface,
    addressOf: (peer) => addresses.get(peer) ?? peer,
    journal: write ? journal : null,
    clock: hostPlatform({ machine: given.host, folder }).clock,
    fail,
  });
}

/** It may come later, as those of pluggable cards do. */
function checkInterface({ interface: name, fibres, write }: DaemonArguments): void {
  if (fibres !== undefined && name === '')
    throw new UsageError('--fibres needs --interface: light is seen nowhere else');
  if (write && name === '')
    throw new UsageError('--write needs --interface: without light there is nothing to point traffic at');
  if (name === '') return;
  if (/[/\s]/.test(name)) throw new UsageError(`--interface ${name}: no interface is called so`);
  if (!existsSync(`/sys/class/net/${name}`))
    console.error(`lightbed: --interface ${name}: this host has none yet, so there is no light`);
}

/** What a person can mend is one message. */
function failure(error: unknown): number {
  const isUse = error instanceof NetworkError;
  if (!isUse && !(error instanceof StoreError)) throw error;
  console.error(`lightbed: ${error.message}`);
  return isUse ? EXIT_USAGE : EXIT_FAILED;
}

function configOf(given: DaemonArguments): DaemonConfig {
  // It is in the names of its files.
  if (!/^(?!\.)[^\s/\\]{1,200}$/.test(given.host))
    throw new UsageError(`--host "${given.host}": expected a name without blanks and slashes`);
  const agents = split(given.agents).map((each) => parseAddress(each, '--agents', DEFAULT_AGENT_TCP_PORT));
  if (agents.length === 0)
    throw new UsageError('--agents: expected HOST:PORT, or several with commas between');
  const { patience } = given;
  if (!Number.isInteger(patience) || patience < 1 || patience > PATIENCE_MOST)
    throw new UsageError(`--patience: expected a whole number from 1 to ${PATIENCE_MOST}`);
  return {
    host: given.host,
    tcpPort: given.listen === NONE ? 0 : parseAddress(given.listen, '--listen').tcpPort,
    peerTcpPort: parseAddress(given['listen-peers'], '--listen-peers').tcpPort,
    agents,
    receivers: addressPairs(given.fibres, FIBRES, DEFAULT_AGENT_TCP_PORT).map(([fibre, agent]) => ({
      fibre,
      agent,
    })),
    timings: { ...patientDaemon(patience), darkFor: CARRIER_SETTLING, settling: CARRIER_SETTLING },
    peers: addressPairs(given.peers, PEERS, DEFAULT_DAEMON_PEER_TCP_PORT).map(([host, address]) => ({
      host,
      address,
    })),
  };
}

const split = (text: string | undefined): string[] => (text ?? '').split(',').filter((each) => each !== '');

/** What becomes of traffic. */
function show(_at: number, _where: string, kind: string, fields: { readonly [key: string]: unknown }): void {
  if (kind === 'traffic.steered')
    console.log(`traffic for ${fields['peer']} goes over path ${fields['path']}`);
  if (kind === 'traffic.routed')
    console.log(`traffic for ${fields['peer']} is routed: ${fields['reason']}, path ${fields['path']}`);
  if (kind === 'traffic.failed')
    console.log(`traffic for ${fields['peer']} stays routed, though path ${fields['path']} has light`);
}
