// A Unix socket of the machine: a network of one address, a path in the file system. Whoever may open that file may connect,
// which is this user alone. The file that a killed program left is taken over, by one of those who try; a living one's never.

import { existsSync, lstatSync, unlinkSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { dirname } from 'node:path';
import { CancelledError } from '../platform/errors.ts';
import type { Address, Connection, Listener, Network } from '../platform/platform.ts';
import { HostConnection } from './connection.ts';
import { codeOf, SocketPathError } from './errors.ts';
import { takingOver } from './take-over.ts';

/** `sun_path` of Linux without its final zero (unix(7)). Node cuts off what is longer, and says nothing. */
const PATH_BYTES_MAX = 107;

/** Nobody but this user may connect, for which the right to write is needed. */
const MASK = 0o177;

export class HostUnixNetwork implements Pick<Network, 'connect' | 'listen'> {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  /**
   * Where it is does not depend on `_to`. An abort is an end to the other side, or a reset where something was unread. Rejects
   * with `SocketPathError`.
   */
  async connect(_to?: Address, signal?: AbortSignal): Promise<Connection> {
    this.#checkPath();
    if (signal?.aborted) throw new CancelledError(`connect to ${this.#path}`, signal.reason);
    const socket = connect({ path: this.#path, allowHalfOpen: true });
    const code = await outcome(socket, 'connect');
    if (signal?.aborted) {
      socket.destroy();
      throw new CancelledError(`connect to ${this.#path}`, signal.reason);
    }
    if (code === '') return new HostConnection(socket, this.#address, this.#address, 'unix');
    throw this.#error(code, CONNECT_FAILURES.get(code) ?? `cannot be reached: ${code}`);
  }

  /** Rejects with `SocketPathError`. */
  async listen(_tcpPort: number, accept: (connection: Connection) => void): Promise<Listener> {
    this.#checkPath();
    const server = createServer({ allowHalfOpen: true }, (socket) =>
      accept(new HostConnection(socket, this.#address, this.#address, 'unix')),
    );
    const bound = await takingOver(this.#path, async () => {
      await this.#clear();
      await this.#bind(server);
      return true;
    });
    if (bound === null) throw this.#error('EADDRINUSE', TAKEN);
    // Failures of a single accept (out of file descriptors) must not end the program.
    server.on('error', () => {});
    // Closing removes the file.
    return { address: this.#address, close: async () => void server.close() };
  }

  get #address(): Address {
    return { machine: this.#path, tcpPort: 0 };
  }

  #checkPath(): void {
    if (this.#path === '' || this.#path.includes('\0')) throw this.#error('EINVAL', 'is no path');
    const bytes = Buffer.byteLength(this.#path);
    if (bytes > PATH_BYTES_MAX)
      throw this.#error('EINVAL', `has ${bytes} bytes, and the path of a socket at most ${PATH_BYTES_MAX}`);
  }

  /** Removes a socket that nobody listens at. */
  async #clear(): Promise<void> {
    const there = this.#stat();
    if (there === undefined) return;
    if (!there.isSocket()) throw this.#error('EEXIST', 'is there already, and is no socket');
    const socket = connect({ path: this.#path });
    const code = await outcome(socket, 'connect');
    socket.destroy();
    if (code !== 'ECONNREFUSED') throw this.#error('EADDRINUSE', LISTEN_FAILURES.get(code) ?? TAKEN);
    try {
      unlinkSync(this.#path);
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') throw this.#error(codeOf(error), 'was left by another user');
    }
  }

  #stat(): ReturnType<typeof lstatSync> | undefined {
    try {
      return lstatSync(this.#path, { throwIfNoEntry: false });
    } catch (error) {
      throw this.#listenError(codeOf(error));
    }
  }

  async #bind(server: Server): Promise<void> {
    // The file comes into being within the call, and with these rights, so that there is no moment with others.
    const before = process.umask(MASK);
    try {
      server.listen({ path: this.#path });
    } finally {
      process.umask(before);
    }
    const code = await outcome(server, 'listening');
    if (code !== '') throw this.#listenError(code);
  }

  #listenError(code: string): SocketPathError {
    // libuv says EACCES where the folder is missing, as another system does.
    const folder = dirname(this.#path);
    if (!existsSync(folder)) return this.#error('ENOENT', `there is no folder ${folder}`);
    return this.#error(code, LISTEN_FAILURES.get(code) ?? `cannot be listened at: ${code}`);
  }

  #error(code: string, reason: string): SocketPathError {
    return new SocketPathError(code, this.#path, reason);
  }
}

const TAKEN = 'another program listens there';

const CONNECT_FAILURES = new Map([
  ['ENOENT', 'there is no such socket'],
  ['ENOTDIR', 'there is no such socket'],
  ['ECONNREFUSED', 'nobody listens there'],
  ['EACCES', 'is for another user'],
]);

const LISTEN_FAILURES = new Map([
  ['EACCES', 'this user may not make it'],
  ['EPERM', 'this user may not make it'],
  ['EROFS', 'this file system is read-only'],
  ['ENOTDIR', 'is below a file'],
  ['EADDRINUSE', TAKEN],
]);

/** Resolves with Node's code of what failed, or with nothing when `event` has come. */
function outcome(emitter: NodeJS.EventEmitter, event: 'connect' | 'listening'): Promise<string> {
  return new Promise((resolve) => {
    const onError = (error: unknown): void => settle(codeOf(error) || 'unknown');
    const onEvent = (): void => settle('');
    const settle = (code: string): void => {
      emitter.off('error', onError).off(event, onEvent);
      resolve(code);
    };
    emitter.on('error', onError).on(event, onEvent);
  });
}
