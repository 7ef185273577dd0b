// The ways to the daemon of this host: a Unix socket, which only its user may open, and a TCP port.

import { isAbsolute, join, resolve } from 'node:path';
import { hostPlatform } from '../host/platform.ts';
import { HostUnixNetwork } from '../host/unix-network.ts';
import { NetworkError } from '../platform/errors.ts';
import { DaemonClient } from '../provisioning/daemon-client.ts';
import { DEFAULT_DAEMON_TCP_PORT } from '../provisioning/daemon-config.ts';
import { parseAddress } from './address.ts';
import { UsageError } from './exit-code.ts';

export const DEFAULT_DAEMON_ADDRESS = `127.0.0.1:${DEFAULT_DAEMON_TCP_PORT}`;

/** Of the system's programs (FHS 3.0, 3.15). */
export const SYSTEM_SOCKET = '/run/lightbed.sock';

/** Where a user's programs have their sockets (XDG Base Directory). Null: no folder is this user's alone. */
export function defaultSocket(): string | null {
  const folder = process.env['XDG_RUNTIME_DIR'];
  if (folder !== undefined && isAbsolute(folder)) return join(folder, 'lightbed.sock');
  return process.getuid?.() === 0 ? SYSTEM_SOCKET : null;
}

export interface DaemonWay {
  readonly daemon: string | undefined;
  readonly socket: string | undefined;
}

/** Tries all there are, and says where it found one. Throws `UsageError`; rejects with `NetworkError` that names all. */
export async function reachDaemon(way: DaemonWay): Promise<{ client: DaemonClient; at: string }> {
  if (way.daemon !== undefined && way.socket !== undefined)
    throw new UsageError('--daemon and --socket are two ways to it: give one of them');
  const failures: string[] = [];
  for (const [at, network] of waysTo(way)) {
    try {
      return { client: await network(), at };
    } catch (error) {
      if (!(error instanceof NetworkError)) throw error;
      failures.push(error.message);
    }
  }
  throw new NoDaemonError(failures);
}

export class NoDaemonError extends Error {
  override readonly name = 'NoDaemonError';

  constructor(failures: readonly string[]) {
    super(`no daemon is there (${failures.join('; ')}); lightbed daemon starts one`);
  }
}

type Way = readonly [at: string, connect: () => Promise<DaemonClient>];

function waysTo({ daemon, socket }: DaemonWay): readonly Way[] {
  if (socket !== undefined) return [overSocket(resolve(socket))];
  if (daemon !== undefined) return [overTcp(daemon)];
  const sockets = new Set([defaultSocket() ?? SYSTEM_SOCKET, SYSTEM_SOCKET]);
  return [...[...sockets].map(overSocket), overTcp(DEFAULT_DAEMON_ADDRESS)];
}

/** Its address means nothing: the socket is the path. */
const overSocket = (path: string): Way => [
  path,
  () => DaemonClient.connect(new HostUnixNetwork(path), { machine: path, tcpPort: 0 }),
];

function overTcp(daemon: string): Way {
  const address = parseAddress(daemon, '--daemon', DEFAULT_DAEMON_TCP_PORT);
  return [
    daemon,
    () => DaemonClient.connect(hostPlatform({ machine: 'application', folder: '/' }).network, address),
  ];
}
