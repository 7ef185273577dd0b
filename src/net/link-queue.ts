// One direction of a link: a drop-tail queue in front of a server of fixed rate, for bursts of packets that arrive
// spread over a time. A burst is a fluid that flows in at a steady rate from `head` to `tail`, so flows that share the
// link interleave as their packets would, with one call per burst. While the queue is full, every packet that comes has
// the same chance of being dropped, so each flow loses in proportion to its rate; drops come off the burst's tail.
//
//   inflows ──▶ │ backlog │ ──▶ rate          no clock here: the caller says when, never earlier than before

import { assert } from '../core/assert.ts';

export interface Passage {
  /** How many of the burst's bytes fit, whole packets of them unless it is all. */
  readonly accepted: number;
  /** When the first packet has left the link's near end, and when the last one has, in ns. */
  readonly firstOut: number;
  readonly lastOut: number;
}

interface Inflow {
  readonly until: number;
  readonly rate: number;
}

export class LinkQueue {
  /** Bytes per ns. */
  #rate: number;
  readonly #limit: number;
  readonly #uniform: () => number;
  #backlog = 0;
  /** Bytes that did not fit and have not been dropped yet: the share of flows whose bursts were under way already. */
  #owed = 0;
  #at = 0;
  /** By rising end. */
  readonly #inflows: Inflow[] = [];

  /** `limit` in bytes: the waiting packets, without the one that is being sent. `uniform` draws from [0, 1). */
  constructor(bytesPerNs: number, limit: number, uniform: () => number) {
    this.#rate = bytesPerNs;
    this.#limit = limit;
    this.#uniform = uniform;
  }

  setRate(now: number, bytesPerNs: number): void {
    this.#advance(now);
    this.#rate = bytesPerNs;
  }

  /** Forgets everything that waits: the link went down. */
  clear(now: number): void {
    this.#at = now;
    this.#backlog = 0;
    this.#owed = 0;
    this.#inflows.length = 0;
  }

  /** How long a packet that comes now waits before it is sent, in ns. */
  wait(now: number): number {
    this.#advance(now);
    return this.#backlog / this.#rate;
  }

  /** A burst of `bytes` in packets of `packet` bytes each, the last one perhaps smaller, that comes from `head` to `tail`. */
  offer(head: number, tail: number, bytes: number, packet: number): Passage {
    this.#advance(head);
    return tail > head ? this.#offerFluid(head, tail, bytes, packet) : this.#offerAtOnce(head, bytes, packet);
  }

  #offerAtOnce(now: number, bytes: number, packet: number): Passage {
    const first = Math.min(packet, bytes);
    let room = this.#limit + first - this.#backlog;
    // Of a full queue that others keep full, a packet finds a place as often as one leaves while one comes.
    if (room < first && this.#isKeptFull() && this.#uniform() * this.#inRate() < this.#rate) room = first;
    const accepted = bytes <= room ? bytes : wholePackets(room, packet);
    const firstOut = now + (this.#backlog + Math.min(packet, accepted)) / this.#rate;
    this.#backlog += accepted;
    return { accepted, firstOut, lastOut: now + this.#backlog / this.#rate };
  }

  #offerFluid(head: number, tail: number, bytes: number, packet: number): Passage {
    const firstOut = head + (this.#backlog + packet) / this.#rate;
    const inRate = bytes / (tail - head);
    const { overflow, backlog } = this.#foresee(tail, inRate, packet);
    this.#owed += overflow;
    const share = inRate / (inRate + this.#inRate());
    const dropped = Math.min(bytes, this.#inPackets(this.#owed * share, packet));
    this.#owed -= dropped;
    const accepted = bytes - dropped;
    const lastIn = head + accepted / inRate;
    if (accepted > 0) this.#addInflow({ until: lastIn, rate: inRate });
    // The last packet waits for what stands before it, and is itself sent at the link's rate.
    const lastOut = lastIn + Math.max(backlog, packet) / this.#rate;
    return { accepted, firstOut, lastOut: Math.max(firstOut, lastOut) };
  }

  /** Whole packets that are `bytes` on average. */
  #inPackets(bytes: number, packet: number): number {
    if (bytes <= 0) return 0;
    const packets = bytes / packet;
    const whole = Math.floor(packets);
    return (whole + (this.#uniform() < packets - whole ? 1 : 0)) * packet;
  }

  /** What the queue holds at `tail`, and what would not have fitted, if `extra` flows in and nothing else comes. */
  #foresee(tail: number, extra: number, packet: number): { overflow: number; backlog: number } {
    const limit = this.#limit + packet;
    let backlog = Math.min(limit, this.#backlog);
    let overflow = 0;
    let at = this.#at;
    const flow = (until: number, inRate: number): void => {
      backlog = Math.max(0, backlog + (inRate - this.#rate) * (until - at));
      at = until;
      if (backlog <= limit) return;
      overflow += backlog - limit;
      backlog = limit;
    };
    let inRate = extra + this.#inRate();
    for (const inflow of this.#inflows) {
      if (inflow.until >= tail) break;
      flow(inflow.until, inRate);
      inRate -= inflow.rate;
    }
    flow(tail, inRate);
    return { overflow, backlog };
  }

  #advance(now: number): void {
    assert(now >= this.#at, () => `a link's queue cannot go back from ${this.#at} to ${now}`);
    const inflows = this.#inflows;
    let inRate = this.#inRate();
    let ended = 0;
    for (; ended < inflows.length; ended++) {
      const inflow = inflows[ended] as Inflow;
      if (inflow.until > now) break;
      this.#flow(inflow.until, inRate);
      inRate -= inflow.rate;
    }
    if (ended > 0) inflows.splice(0, ended);
    this.#flow(now, inRate);
  }

  #flow(until: number, inRate: number): void {
    if (until <= this.#at) return;
    this.#backlog = Math.max(0, this.#backlog + (inRate - this.#rate) * (until - this.#at));
    if (this.#backlog === 0) this.#owed = 0;
    this.#at = until;
  }

  #isKeptFull(): boolean {
    return this.#inRate() > this.#rate;
  }

  #inRate(): number {
    let sum = 0;
    for (const inflow of this.#inflows) sum += inflow.rate;
    return sum;
  }

  #addInflow(inflow: Inflow): void {
    let at = this.#inflows.length;
    while (at > 0 && (this.#inflows[at - 1] as Inflow).until > inflow.until) at--;
    this.#inflows.splice(at, 0, inflow);
  }
}

const wholePackets = (bytes: number, packet: number): number =>
  bytes <= 0 ? 0 : Math.floor(bytes / packet) * packet;
