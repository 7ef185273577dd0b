// The machine's TCP and UDP. Names of machines become addresses by `resolve`; a machine that shares its host
// with others (127.0.0.0/8) has a local address of its own by `bind`.

import { createSocket } from 'node:dgram';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { CancelledError } from '../platform/errors.ts';
import {
  type Address,
  type Connection,
  type DatagramSocket,
  formatAddress,
  type Listener,
  type Network,
} from '../platform/platform.ts';
import { HostConnection } from './connection.ts';
import { HostDatagramSocket } from './datagrams.ts';
import { codeOf, networkError } from './errors.ts';

export interface HostNetworkOptions {
  readonly machine: string;
  /** Where a machine's port really is; throws when there is no such machine. By default the name is a DNS name. */
  readonly resolve?: (to: Address) => { host: string; port: number };
  /** The machine's name behind a remote IP address, for accepted connections and datagrams; by default the address itself. */
  readonly nameOf?: (host: string) => string | undefined;
  /** Local address for listening and connecting; by default any. */
  readonly bind?: string;
}

export class HostNetwork implements Network {
  readonly #machine: string;
  readonly #bind: string | undefined;
  readonly #resolve: (to: Address) => { host: string; port: number };
  readonly #nameOf: (host: string) => string;

  constructor(options: HostNetworkOptions) {
    this.#machine = options.machine;
    this.#bind = options.bind;
    this.#resolve = options.resolve ?? ((to) => ({ host: to.machine, port: to.tcpPort }));
    this.#nameOf = (host) => options.nameOf?.(host) ?? host;
  }

  async connect(to: Address, signal?: AbortSignal): Promise<Connection> {
    const operation = `connect to ${formatAddress(to)}`;
    if (signal?.aborted) throw new CancelledError(operation, signal.reason);
    const target = this.#target(to, operation);
    const local = this.#bind === undefined ? {} : { localAddress: this.#bind };
    const socket = connect({ ...target, ...local, allowHalfOpen: true, noDelay: true });
    await connected(socket, operation, signal);
    return new HostConnection(socket, this.#here(socket.localPort ?? 0), to);
  }

  async listen(tcpPort: number, accept: (connection: Connection) => void): Promise<Listener> {
    const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
      const remote = {
        machine: this.#nameOf(plain(socket.remoteAddress ?? '')),
        tcpPort: socket.remotePort ?? 0,
      };
      accept(new HostConnection(socket, this.#here(socket.localPort ?? 0), remote));
    });
    await listening(server, tcpPort, this.#bind, this.#listenAt(tcpPort));
    return {
      address: this.#here((server.address() as AddressInfo).port),
      // The port is free at once; Node's own callback would wait for the last accepted connection.
      close: async () => void server.close(),
    };
  }

  datagrams(udpPort: number): Promise<DatagramSocket> {
    const socket = createSocket('udp4');
    const operation = `bind UDP port ${formatAddress(this.#here(udpPort))}`;
    return new Promise((resolve, reject) => {
      socket.once('error', (error) => reject(networkError(operation, error, 'in-use')));
      socket.bind({ port: udpPort, exclusive: true, ...(this.#bind && { address: this.#bind }) }, () => {
        const names = { resolve: this.#resolve, nameOf: this.#nameOf };
        resolve(new HostDatagramSocket(socket, this.#here(socket.address().port), names));
      });
    });
  }

  /** With the address, where that is another than the machine's name. */
  #listenAt(tcpPort: number): string {
    const at = formatAddress(this.#here(tcpPort));
    const isPlain = this.#bind === undefined || this.#bind === this.#machine;
    return isPlain ? `listen at ${at}` : `listen at ${at} (${this.#bind})`;
  }

  #here(tcpPort: number): Address {
    return { machine: this.#machine, tcpPort };
  }

  #target(to: Address, operation: string): { host: string; port: number } {
    try {
      return this.#resolve(to);
    } catch (error) {
      throw networkError(operation, error, 'unreachable');
    }
  }
}

/** What Node says of an address, or a name, that is not the machine's own. */
const ELSEWHERE = new Set(['EADDRNOTAVAIL', 'ENOTFOUND', 'EAI_AGAIN']);

/** Node names IPv4 peers of a dual-stack listener `::ffff:127.0.0.1`. */
const plain = (host: string): string => host.replace(/^::ffff:/, '');

function connected(socket: Socket, operation: string, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (): void => {
      signal?.removeEventListener('abort', cancelled);
      socket.off('connect', onConnect).off('error', onError);
    };
    const onConnect = (): void => {
      settle();
      resolve();
    };
    const onError = (error: Error): void => {
      settle();
      reject(networkError(operation, error, 'unreachable'));
    };
    const cancelled = (): void => {
      settle();
      socket.on('error', () => {}).destroy();
      reject(new CancelledError(operation, signal?.reason));
    };
    socket.once('connect', onConnect).once('error', onError);
    signal?.addEventListener('abort', cancelled, { once: true });
  });
}

function listening(server: Server, port: number, host: string | undefined, operation: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => {
      const isElsewhere = ELSEWHERE.has(codeOf(error));
      reject(
        networkError(isElsewhere ? `${operation}, no address of this machine` : operation, error, 'in-use'),
      );
    });
    server.listen({ port, exclusive: true, ...(host !== undefined && { host }) }, () => {
      // Failures of a single accept (out of file descriptors) must not end the program.
      server.on('error', () => {});
      resolve();
    });
  });
}
