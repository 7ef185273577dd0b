// One machine's end of the network while it is up: what its connections need to send, and whether they may. A packet for
// a connection of an earlier life of the machine is answered with a reset, as by any machine that does not know it.

import type { Instant } from '../core/time.ts';
import type { Engine } from '../engine/engine.ts';
import type { Ranges } from '../net/byte-ranges.ts';
import { HEADER_BYTES } from '../net/tcp.ts';
import type { Address } from '../platform/platform.ts';
import { Burst, ETHERNET_OVERHEAD_BYTES } from './network-burst.ts';
import type { Transit } from './network-transit.ts';
import type { StepWatch } from './step-watch.ts';
import type { TcpConnection } from './tcp-connection.ts';
import type { TcpOptions } from './tcp-options.ts';
import type { Acknowledgement } from './tcp-receiver.ts';
import type { WaitTable } from './wait-table.ts';

const ACKNOWLEDGEMENT_WIRE_BYTES = HEADER_BYTES + ETHERNET_OVERHEAD_BYTES;

export interface TcpHostParts {
  readonly machine: string;
  readonly engine: Engine;
  readonly transit: Transit;
  readonly waits: WaitTable;
  readonly options: TcpOptions;
  readonly steps: StepWatch;
  /** Whether a machine is up now, in whatever life. */
  readonly isUp: (machine: string) => boolean;
}

export class TcpHost {
  readonly machine: string;
  readonly engine: Engine;
  readonly waits: WaitTable;
  readonly options: TcpOptions;
  readonly steps: StepWatch;
  /** In the order they were opened, and without those that are over. */
  readonly connections = new Set<TcpConnection>();
  readonly #transit: Transit;
  readonly #isUp: (machine: string) => boolean;
  #isCrashed = false;

  constructor(parts: TcpHostParts) {
    this.machine = parts.machine;
    this.engine = parts.engine;
    this.waits = parts.waits;
    this.options = parts.options;
    this.steps = parts.steps;
    this.#transit = parts.transit;
    this.#isUp = parts.isUp;
  }

  get isCrashed(): boolean {
    return this.#isCrashed;
  }

  crash(how: 'silent' | 'reset'): void {
    for (const connection of [...this.connections]) {
      if (how === 'reset') connection.sendReset();
      connection.stop();
    }
    this.#isCrashed = true;
  }

  forget(connection: TcpConnection): void {
    this.connections.delete(connection);
  }

  /** A burst of the stream to `peer`, which gets what is left of it, if that machine still knows the peer. */
  sendBurst(
    from: Address,
    peer: TcpConnection,
    mss: number,
    ranges: Ranges,
    finAt: number,
    tail: Instant,
  ): void {
    this.#transit.send({
      protocol: 'tcp',
      from,
      to: peer.local,
      burst: new Burst(ranges, mss, HEADER_BYTES),
      tail,
      arrive: (burst) => {
        if (this.#knows(from, peer)) peer.onBurst(burst.ranges, finAt, tail, burst.packets === 1);
      },
    });
  }

  /** A segment without payload: SYN, SYN-ACK, RST. `arrived` decides by itself who is there. */
  sendSegment(from: Address, to: Address, arrived: () => void): void {
    const burst = new Burst([], 1, HEADER_BYTES);
    this.#transit.send({ protocol: 'tcp', from, to, burst, tail: this.engine.now(), arrive: arrived });
  }

  sendReset(from: Address, peer: TcpConnection): void {
    this.sendSegment(from, peer.local, () => {
      if (!peer.host.isCrashed) peer.onReset();
    });
  }

  sendAcknowledgement(
    from: Address,
    peer: TcpConnection,
    acknowledgement: Acknowledgement,
    sentAt: Instant | null,
    isAlone: boolean,
  ): void {
    this.#transit.signal(from, peer.local, ACKNOWLEDGEMENT_WIRE_BYTES, isAlone, () => {
      if (this.#knows(from, peer)) peer.onAcknowledgement(acknowledgement, sentAt);
    });
  }

  sendSignal(from: Address, peer: TcpConnection, isAlone: boolean, arrived: () => void): void {
    this.#transit.signal(from, peer.local, ACKNOWLEDGEMENT_WIRE_BYTES, isAlone, () => {
      if (this.#knows(from, peer)) arrived();
    });
  }

  /** False when the peer's machine has crashed; if it is up again it answers with a reset. */
  #knows(from: Address, peer: TcpConnection): boolean {
    if (!peer.host.isCrashed) return true;
    if (this.#isUp(peer.local.machine) && peer.hasPeer && peer.peer.host === this) {
      this.sendSegment(peer.local, from, () => {
        if (!this.isCrashed) peer.peer.onReset();
      });
    }
    return false;
  }
}
