// Where applications come in to a daemon on a real machine: a Unix socket of its user, and a TCP port of this machine, as one
// listener. A socket that nobody asked for by name is done without where it cannot be.

import { resolve } from 'node:path';
import { HostUnixNetwork } from '../host/unix-network.ts';
import { NetworkError } from '../platform/errors.ts';
import type { Connection, Listener, Network } from '../platform/platform.ts';
import { defaultSocket } from './daemon-way.ts';
import { UsageError } from './exit-code.ts';

/** In place of an address or a path. */
export const NONE = 'none';

export interface ApplicationDoorsOptions {
  /** HOST:PORT, or none. */
  readonly listen: string;
  /** A path, or none; undefined for where users have such sockets. */
  readonly socket: string | undefined;
  /** What listens at the TCP port. */
  readonly tcp: Pick<Network, 'listen'> | null;
}

export class ApplicationDoors implements Pick<Network, 'listen'> {
  readonly #o: ApplicationDoorsOptions;
  readonly #listeners: Listener[] = [];
  /** Where it listens, in words. */
  readonly names: string[] = [];

  constructor(options: ApplicationDoorsOptions) {
    this.#o = options;
    if (options.tcp === null && options.socket === NONE)
      throw new UsageError('applications need a way in: leave --listen none or --socket none away');
  }

  async listen(tcpPort: number, accept: (connection: Connection) => void): Promise<Listener> {
    const { tcp, listen } = this.#o;
    await this.#openSocket(accept);
    let address = { machine: this.names[0] ?? '', tcpPort: 0 };
    if (tcp !== null) {
      const listener = await tcp.listen(tcpPort, accept);
      address = listener.address;
      this.#listeners.push(listener);
      this.names.unshift(`${listen.replace(/:\d+$/, '')}:${address.tcpPort}`);
    }
    return { address, close: () => this.close() };
  }

  /** Leaves no socket behind. */
  async close(): Promise<void> {
    await Promise.all(this.#listeners.splice(0).map((listener) => listener.close()));
  }

  async #openSocket(accept: (connection: Connection) => void): Promise<void> {
    const { socket, tcp } = this.#o;
    const path = socket === undefined ? defaultSocket() : resolve(socket);
    if (socket === NONE) return;
    if (path === null) {
      if (tcp === null) throw new UsageError('XDG_RUNTIME_DIR is not set: --socket says where to listen');
      return;
    }
    try {
      this.#listeners.push(await new HostUnixNetwork(path).listen(0, accept));
      this.names.push(path);
    } catch (error) {
      if (socket !== undefined || tcp === null || !(error instanceof NetworkError)) throw error;
      console.error(`lightbed: ${error.message}; applications find this daemon at ${this.#o.listen} only`);
    }
  }
}
