// A machine's TCP: its listeners, its ports, and the handshake that opens connections.
//
//   client   syn-sent ── SYN ─▶ … ◀─ SYN-ACK ── syn-received   server
//            established ── ACK (or first data) ─▶ established, then accepted

import { after, type Duration } from '../core/time.ts';
import type { DataNetwork } from '../net/data-network.ts';
import { segmentBytes } from '../net/tcp.ts';
import { CancelledError, NetworkError } from '../platform/errors.ts';
import { type Address, type Connection, formatAddress, type Listener } from '../platform/platform.ts';
import { never } from './boot.ts';
import { EphemeralPorts } from './network-ports.ts';
import { TcpConnection } from './tcp-connection.ts';
import type { TcpHost } from './tcp-host.ts';
import { SYN_ACK_ATTEMPTS_MAX, SYN_TIMEOUT } from './tcp-options.ts';

type Accept = (connection: Connection) => void;

/** Linux's loopback device. */
const LOOPBACK_MTU = 65_536;

export class TcpStack {
  readonly #host: TcpHost;
  readonly #data: DataNetwork;
  readonly #stackOf: (machine: string) => TcpStack | null;
  readonly #ports = new EphemeralPorts((port) => this.#isUsed(port));
  readonly #listeners = new Map<number, Accept>();

  /** `stackOf`: the TCP of a machine that is up, null of one that is down. */
  constructor(host: TcpHost, data: DataNetwork, stackOf: (machine: string) => TcpStack | null) {
    this.#host = host;
    this.#data = data;
    this.#stackOf = stackOf;
  }

  listen(tcpPort: number, accept: Accept): Promise<Listener> {
    const host = this.#host;
    if (host.isCrashed) return never();
    if (this.#listeners.has(tcpPort)) {
      return Promise.reject(new NetworkError('in-use', `listen at ${host.machine}:${tcpPort}`));
    }
    const port = tcpPort === 0 ? this.#ports.take() : tcpPort;
    this.#listeners.set(port, accept);
    const close = (): Promise<void> => {
      if (host.isCrashed) return never();
      if (this.#listeners.get(port) === accept) this.#listeners.delete(port);
      return Promise.resolve();
    };
    return Promise.resolve({ address: { machine: host.machine, tcpPort: port }, close });
  }

  connect(to: Address, signal?: AbortSignal): Promise<Connection> {
    const host = this.#host;
    if (host.isCrashed) return never();
    const what = `connect to ${formatAddress(to)}`;
    if (signal?.aborted) return Promise.reject(new CancelledError(what, signal.reason));
    const mss = this.#mss(to.machine);
    if (mss === null) return Promise.reject(new NetworkError('unreachable', what));
    const local = { machine: host.machine, tcpPort: this.#ports.take() };
    const client = new TcpConnection(host, local, to, mss, 'syn-sent');
    host.connections.add(client);
    return this.#opening(client, what, signal);
  }

  #opening(client: TcpConnection, what: string, signal: AbortSignal | undefined): Promise<Connection> {
    const { waits, engine, machine } = this.#host;
    const wait = waits.add(machine, `a ${what}`);
    return new Promise((resolve, reject) => {
      let isCancelled = false;
      const cancel = (): void => {
        if (this.#host.isCrashed) return;
        isCancelled = true;
        client.fail('closed');
      };
      client.onOpened = (error) => {
        waits.remove(wait);
        signal?.removeEventListener('abort', cancel);
        engine.woke();
        if (isCancelled) reject(new CancelledError(what, signal?.reason));
        else if (error !== null) reject(new NetworkError(error.code, what));
        else resolve(client);
      };
      signal?.addEventListener('abort', cancel);
      this.#sendSyn(client, this.#host.options.connectAttemptsMax, () => {
        this.#stackOf(client.remote.machine)?.onSyn(client);
      });
    });
  }

  /** A SYN for this machine arrived. */
  onSyn(client: TcpConnection): void {
    const accept = this.#listeners.get(client.remote.tcpPort);
    const known = client.answeredBy;
    // One of an earlier life of this machine is none of this stack's.
    if (known !== null && known.host === this.#host) {
      // The SYN-ACK is on its way, or will be repeated by its own time-out.
      if (known.state === 'failed') known.sendReset();
    } else if (accept !== undefined) this.#receive(client, accept);
    else {
      this.#host.sendSegment(client.remote, client.local, () => {
        if (!client.host.isCrashed && client.state === 'syn-sent') client.fail('refused');
      });
    }
  }

  #receive(client: TcpConnection, accept: Accept): void {
    const host = this.#host;
    const server = new TcpConnection(
      host,
      client.remote,
      client.local,
      client.sender.tcp.mss,
      'syn-received',
    );
    server.meet(client);
    client.answeredBy = server;
    host.connections.add(server);
    server.onOpened = (error) => {
      if (error !== null) return;
      host.engine.woke();
      accept(server);
    };
    this.#sendSyn(server, SYN_ACK_ATTEMPTS_MAX, () => {
      if (!client.host.isCrashed) onSynAck(client, server);
      else if (this.#stackOf(client.local.machine) !== null) client.host.sendReset(client.local, server);
    });
  }

  /** Sends a SYN or SYN-ACK again and again, at doubling intervals, until the connection is open or has failed. */
  #sendSyn(connection: TcpConnection, attemptsMax: number, arrived: () => void): void {
    const host = this.#host;
    const attempt = (number: number): void => {
      if (host.isCrashed || !connection.isOpening) return;
      if (number > attemptsMax) {
        connection.fail('timed-out');
        return;
      }
      connection.synSentAt = number === 1 ? host.engine.now() : null;
      host.sendSegment(connection.local, connection.remote, arrived);
      const interval = (SYN_TIMEOUT * 2 ** (number - 1)) as Duration;
      const timer = host.engine.schedule(after(host.engine.now(), interval), () => attempt(number + 1));
      connection.synTimer = timer;
    };
    attempt(1);
  }

  /** The largest segment to `machine` and back by today's routes; null when it cannot be reached. */
  #mss(machine: string): number | null {
    const there = this.#data.route(this.#host.machine, machine);
    if (there === null) return null;
    return segmentBytes(there.reduce((least, { link }) => Math.min(least, link.mtu), LOOPBACK_MTU));
  }

  #isUsed(port: number): boolean {
    if (this.#listeners.has(port)) return true;
    for (const connection of this.#host.connections) if (connection.local.tcpPort === port) return true;
    return false;
  }
}

/** Each SYN-ACK is answered, for the answer to an earlier one may have been lost. */
function onSynAck(client: TcpConnection, server: TcpConnection): void {
  if (!client.hasPeer) client.meet(server);
  if (client.state === 'failed') {
    client.host.sendReset(client.local, server);
    return;
  }
  if (client.peer !== server) {
    disagree(client, server);
    return;
  }
  if (client.state === 'syn-sent') client.establish();
  client.host.sendSignal(client.local, server, true, () => {
    if (server.state === 'syn-received') server.establish();
  });
}

/**
 * The machine that had answered has started again, and has answered a repeated SYN as well, with another sequence number: what
 * the client acknowledges is none of it, and so is reset (RFC 9293, section 3.5.1).
 */
function disagree(client: TcpConnection, server: TcpConnection): void {
  client.host.sendSignal(client.local, server, true, () => {
    if (server.state === 'syn-received') server.sendReset();
  });
}
