// A machine's UDP: sockets bound to ports, over the same links as everything else. A datagram larger than the MTU travels
// as fragments and is lost with any of them; one that finds its socket's queue full is dropped, as by a kernel.

import { assert } from '../core/assert.ts';
import type { Engine } from '../engine/engine.ts';
import type { DataNetwork } from '../net/data-network.ts';
import { NetworkError } from '../platform/errors.ts';
import { type Address, type Datagram, type DatagramSocket, formatAddress } from '../platform/platform.ts';
import { never } from './boot.ts';
import { Burst } from './network-burst.ts';
import { EphemeralPorts } from './network-ports.ts';
import type { Transit } from './network-transit.ts';
import type { WaitTable } from './wait-table.ts';

/** 65,535 without the headers of IPv4 and UDP. */
const DATAGRAM_BYTES_MAX = 65_507;
const IP_HEADER_BYTES = 20;
const UDP_HEADER_BYTES = 8;
/** Bytes that wait to be received: Linux's net.core.rmem_default. */
const RECEIVE_QUEUE_BYTES_MAX = 212_992;

export interface DatagramStackParts {
  readonly machine: string;
  readonly engine: Engine;
  readonly data: DataNetwork;
  readonly transit: Transit;
  readonly waits: WaitTable;
  /** UDP of a machine that is up, null of one that is down. */
  readonly stackOf: (machine: string) => DatagramStack | null;
}

export class DatagramStack {
  readonly parts: DatagramStackParts;
  readonly #sockets = new Map<number, VirtualDatagramSocket>();
  readonly #ports = new EphemeralPorts((port) => this.#sockets.has(port));
  #isCrashed = false;

  constructor(parts: DatagramStackParts) {
    this.parts = parts;
  }

  get isCrashed(): boolean {
    return this.#isCrashed;
  }

  bind(udpPort: number): Promise<DatagramSocket> {
    if (this.#isCrashed) return never();
    const { machine } = this.parts;
    if (this.#sockets.has(udpPort)) {
      return Promise.reject(new NetworkError('in-use', `bind ${machine}:${udpPort}`));
    }
    const port = udpPort === 0 ? this.#ports.take() : udpPort;
    const socket = new VirtualDatagramSocket(this, { machine, tcpPort: port }, () =>
      this.#sockets.delete(port),
    );
    this.#sockets.set(port, socket);
    return Promise.resolve(socket);
  }

  crash(): void {
    this.#isCrashed = true;
    this.#sockets.clear();
  }

  send(from: Address, to: Address, payload: Uint8Array): void {
    const { engine, data, transit, stackOf, machine } = this.parts;
    const route = data.route(machine, to.machine);
    if (route === null) return;
    const mtu = route.reduce((least, { link }) => Math.min(least, link.mtu), Infinity);
    const wholeBytes = payload.length + UDP_HEADER_BYTES;
    const fragmentBytes = Math.min(wholeBytes, mtu - IP_HEADER_BYTES);
    transit.send({
      protocol: 'udp',
      from,
      to,
      burst: new Burst([0, wholeBytes], fragmentBytes, IP_HEADER_BYTES),
      tail: engine.now(),
      arrive: (burst) => {
        if (burst.bytes === wholeBytes) stackOf(to.machine)?.deliver(to.tcpPort, { from, payload });
      },
    });
  }

  deliver(udpPort: number, datagram: Datagram): void {
    this.#sockets.get(udpPort)?.deliver(datagram);
  }
}

class VirtualDatagramSocket implements DatagramSocket {
  readonly address: Address;
  readonly #stack: DatagramStack;
  readonly #onClose: () => void;
  readonly #queue: Datagram[] = [];
  #queuedBytes = 0;
  #receivers: { resolve: (d: Datagram) => void; reject: (error: Error) => void; wait: number }[] = [];
  #isClosed = false;

  constructor(stack: DatagramStack, address: Address, onClose: () => void) {
    this.address = address;
    this.#stack = stack;
    this.#onClose = onClose;
  }

  send(to: Address, payload: Uint8Array): void {
    assert(
      payload.length <= DATAGRAM_BYTES_MAX,
      () => `a datagram holds 65,507 bytes at most, not ${payload.length}`,
    );
    if (this.#isClosed || this.#stack.isCrashed) return;
    this.#stack.send(this.address, to, payload.slice());
  }

  receive(): Promise<Datagram> {
    if (this.#stack.isCrashed) return never();
    if (this.#isClosed) return Promise.reject(this.#closed());
    const datagram = this.#queue.shift();
    if (datagram !== undefined) {
      this.#queuedBytes -= datagram.payload.length;
      return Promise.resolve(datagram);
    }
    const { waits, machine } = this.#stack.parts;
    const wait = waits.add(machine, `a datagram at ${formatAddress(this.address)}`);
    return new Promise((resolve, reject) => this.#receivers.push({ resolve, reject, wait }));
  }

  close(): void {
    if (this.#isClosed || this.#stack.isCrashed) return;
    this.#isClosed = true;
    this.#onClose();
    for (const { reject, wait } of this.#receivers.splice(0)) {
      this.#settle(wait);
      reject(this.#closed());
    }
  }

  deliver(datagram: Datagram): void {
    const receiver = this.#receivers.shift();
    if (receiver !== undefined) {
      this.#settle(receiver.wait);
      receiver.resolve(datagram);
    } else if (this.#queuedBytes + datagram.payload.length <= RECEIVE_QUEUE_BYTES_MAX) {
      this.#queue.push(datagram);
      this.#queuedBytes += datagram.payload.length;
    }
  }

  #settle(wait: number): void {
    this.#stack.parts.waits.remove(wait);
    this.#stack.parts.engine.woke();
  }

  #closed(): NetworkError {
    return new NetworkError('closed', `receive at ${formatAddress(this.address)}`);
  }
}
