// `lightbed daemon`: runs the daemon of this host, for its applications and for `lightbed path`. It shows how it would point
// traffic; with --write it does.

import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import type { CommandModule } from 'yargs';
import { hostPlatform } from '../host/platform.ts';
import { NetworkError } from '../platform/errors.ts';
import { DEFAULT_AGENT_TCP_PORT } from '../provisioning/agent-config.ts';
import { daemonProgram } from '../provisioning/daemon.ts';
import { type DaemonConfig, DEFAULT_DAEMON_PEER_TCP_PORT } from '../provisioning/daemon-config.ts';
import { parseAddress } from './address.ts';
import { ApplicationDoors, NONE } from './daemon-applications.ts';
import { CommandSteering, carrierMonitor, USE_PATH, USE_ROUTED } from './daemon-machine.ts';
import { DEFAULT_DAEMON_ADDRESS, defaultSocket } from './daemon-way.ts';
import { EXIT_USAGE, UsageError } from './exit-code.ts';

interface DaemonArguments {
  host: string;
  agents: string;
  listen: string;
  socket: string | undefined;
  'listen-peers': string;
  peers: string | undefined;
  addresses: string | undefined;
  interface: string;
  folder: string;
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
      .option('folder', {
        type: 'string',
        default: '.',
        describe: 'where its paths are kept for the next start',
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
  const addresses = new Map(pairs(given.addresses, '--addresses'));
  const steering = new CommandSteering({
    usePath: given['use-path'],
    useRouted: given['use-routed'],
    interface: given.interface,
    addressOf: (peer) => addresses.get(peer) ?? peer,
    isWriting: given.write,
  });
  if (given.write && given.interface === '')
    throw new UsageError('--write needs --interface: without light there is nothing to point traffic at');
  mkdirSync(resolve(given.folder), { recursive: true });
  const folder = resolve(given.folder);
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
  const { listen } = given;
  const applications = new ApplicationDoors({
    ...{ listen, socket: given.socket },
    tcp: listen === NONE ? null : at(listen, '--listen'),
  });
  const program = daemonProgram({ ...platform, network }, config, {
    steering,
    monitor: carrierMonitor(given.interface, platform.clock),
    applications,
    listening: (_, forPeers) =>
      console.log(
        `daemon of ${given.host}: applications at ${applications.names.join(', ')}, ` +
          `peers at ${given['listen-peers'].replace(/:\d+$/, '')}:${forPeers.tcpPort}`,
      ),
  });
  const stopped = new Promise<number>((stop) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop(0));
  });
  try {
    return await Promise.race([program.then(() => 0), stopped]);
  } catch (error) {
    if (!(error instanceof NetworkError)) throw error;
    console.error(`lightbed: ${error.message}`);
    return EXIT_USAGE;
  } finally {
    await applications.close();
  }
}

function configOf(given: DaemonArguments): DaemonConfig {
  const agents = split(given.agents).map((each) => parseAddress(each, '--agents', DEFAULT_AGENT_TCP_PORT));
  if (agents.length === 0)
    throw new UsageError('--agents: expected HOST:PORT, or several with commas between');
  return {
    host: given.host,
    tcpPort: given.listen === NONE ? 0 : parseAddress(given.listen, '--listen').tcpPort,
    peerTcpPort: parseAddress(given['listen-peers'], '--listen-peers').tcpPort,
    agents,
    peers: pairs(given.peers, '--peers').map(([host, place]) => ({
      host,
      address: parseAddress(place, '--peers', DEFAULT_DAEMON_PEER_TCP_PORT),
    })),
  };
}

const split = (text: string | undefined): string[] => (text ?? '').split(',').filter((each) => each !== '');

const pairs = (text: string | undefined, option: string): (readonly [string, string])[] =>
  split(text).map((each) => {
    const [, host, place] = /^([^=]+)=(.+)$/.exec(each) ?? [];
    if (host === undefined || place === undefined) throw new UsageError(`${option} ${each}: expected NAME=…`);
    return [host, place];
  });

/** What becomes of traffic. */
function show(_at: number, _where: string, kind: string, fields: { readonly [key: string]: unknown }): void {
  if (kind === 'traffic.steered')
    console.log(`traffic for ${fields['peer']} goes over path ${fields['path']}`);
  if (kind === 'traffic.routed')
    console.log(`traffic for ${fields['peer']} is routed: ${fields['reason']}, path ${fields['path']}`);
}
