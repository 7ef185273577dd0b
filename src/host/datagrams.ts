// A UDP socket as a DatagramSocket. Sending never fails; what nobody takes is dropped beyond a bound, as a
// kernel's receive buffer would.

import type { Socket } from 'node:dgram';
import { assert } from '../core/assert.ts';
import { NetworkError } from '../platform/errors.ts';
import { type Address, type Datagram, type DatagramSocket, formatAddress } from '../platform/platform.ts';

/** Datagrams that wait to be received before later ones are dropped. */
const WAITING_MAX = 1024;
/** The largest UDP payload over IPv4 (65,535 less 20 of IP and 8 of UDP). */
const PAYLOAD_BYTES_MAX = 65_507;

export interface DatagramNames {
  resolve(to: Address): { host: string; port: number };
  nameOf(host: string): string;
}

export class HostDatagramSocket implements DatagramSocket {
  readonly address: Address;
  readonly #socket: Socket;
  readonly #names: DatagramNames;
  readonly #waiting: Datagram[] = [];
  #receivers: { resolve: (d: Datagram) => void; reject: (e: NetworkError) => void }[] = [];
  #isClosed = false;

  /** `socket` is bound. */
  constructor(socket: Socket, address: Address, names: DatagramNames) {
    this.#socket = socket;
    this.address = address;
    this.#names = names;
    // A datagram that nobody listened for comes back as an ICMP error: best effort means not to care.
    socket.on('error', () => {});
    socket.on('message', (payload, from) =>
      this.#arrived({
        from: { machine: names.nameOf(from.address), tcpPort: from.port },
        payload: new Uint8Array(payload),
      }),
    );
  }

  send(to: Address, payload: Uint8Array): void {
    assert(payload.length <= PAYLOAD_BYTES_MAX, `a datagram of ${payload.length} bytes is too long`);
    if (this.#isClosed) return;
    const target = this.#target(to);
    // Node sends after a look-up of the host; the caller may have reused its bytes by then.
    if (target !== null) this.#socket.send(new Uint8Array(payload), target.port, target.host, () => {});
  }

  receive(): Promise<Datagram> {
    const next = this.#waiting.shift();
    if (next !== undefined) return Promise.resolve(next);
    if (this.#isClosed) return Promise.reject(this.#closed());
    return new Promise((resolve, reject) => this.#receivers.push({ resolve, reject }));
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#waiting.length = 0;
    this.#socket.close();
    for (const receiver of this.#receivers.splice(0)) receiver.reject(this.#closed());
  }

  #arrived(datagram: Datagram): void {
    const receiver = this.#receivers.shift();
    if (receiver !== undefined) receiver.resolve(datagram);
    else if (this.#waiting.length < WAITING_MAX) this.#waiting.push(datagram);
  }

  #target(to: Address): { host: string; port: number } | null {
    try {
      return this.#names.resolve(to);
    } catch {
      return null;
    }
  }

  #closed(): NetworkError {
    return new NetworkError('closed', `receive at ${formatAddress(this.address)}`);
  }
}
