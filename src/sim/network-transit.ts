// Carries bursts of packets from machine to machine over the links of the data network: one event per link, at the time
// the burst's head leaves it, and a last one when its tail has arrived. Each link direction drops what overflows its queue
// from the burst's tail, loses packets at random, and everything that was on it when it went down. A burst keeps the
// route it set out on. Nothing here knows TCP.

import { assert, defined } from '../core/assert.ts';
import { type Instant, us } from '../core/time.ts';
import type { Engine } from '../engine/engine.ts';
import type { DataLink, DataNetwork, DirectedLink } from '../net/data-network.ts';
import { LinkQueue } from '../net/link-queue.ts';
import { PacketLoss } from '../net/packet-loss.ts';
import type { Address, Random } from '../platform/platform.ts';
import type { Burst } from './network-burst.ts';
import { PASS, type PacketRules } from './packet-rule.ts';

/** What a machine's packets to itself take. Assumed: a loopback device has neither rate nor queue to speak of. */
const LOOPBACK_DELAY = us(10);

/** Preamble and gap of a frame are no octets of it (RFC 2819, etherStatsOctets). */
const UNCOUNTED_BYTES = 20;

export interface Parcel {
  readonly protocol: 'tcp' | 'udp';
  readonly from: Address;
  readonly to: Address;
  readonly burst: Burst;
  /** When the sender has handed over the last of it, for a burst that is spread over a time. */
  readonly tail: Instant;
  /** Called with what is left of it, when the last of that has arrived. Not called when nothing arrives. */
  readonly arrive: (burst: Burst) => void;
}

interface Port {
  readonly queue: LinkQueue;
  readonly loss: PacketLoss;
}

export class Transit {
  readonly #engine: Engine;
  readonly #data: DataNetwork;
  readonly #random: Random;
  readonly #rules: PacketRules;
  /** By the index of the directed link. */
  readonly #ports: Port[] = [];

  constructor(options: { engine: Engine; data: DataNetwork; random: Random; rules: PacketRules }) {
    this.#engine = options.engine;
    this.#data = options.data;
    this.#random = options.random;
    this.#rules = options.rules;
    this.#data.onChange((change) => {
      if (change.kind === 'link') this.#follow(change.link);
    });
  }

  send(parcel: Parcel): void {
    const { protocol, from, to, burst } = parcel;
    const verdict = this.#rules.isEmpty
      ? PASS
      : this.#rules.judge({ protocol, from, to, bytes: burst.bytes });
    if (verdict.kind === 'drop') return;
    if (verdict.kind === 'delay') {
      const later = this.#engine.now() + verdict.by;
      const tail = (parcel.tail + verdict.by) as Instant;
      this.#engine.schedule(later as Instant, () => this.#depart({ ...parcel, tail }));
      return;
    }
    if (verdict.kind === 'duplicate') this.#depart({ ...parcel, burst: burst.copy() });
    this.#depart(parcel);
  }

  #depart(parcel: Parcel): void {
    const route = this.#data.route(parcel.from.machine, parcel.to.machine);
    if (route === null) return;
    if (route.length > 0) new Journey(this, this.#engine, route, parcel).enter(0, parcel.tail);
    else {
      const arrival = (parcel.tail + LOOPBACK_DELAY) as Instant;
      this.#engine.schedule(arrival, () => parcel.arrive(parcel.burst));
    }
  }

  /**
   * One small packet all the way in a single event: it waits in the queues as they are now, and does not lengthen them.
   * For acknowledgements, which are many and small. `isAlone`: it stands for one packet, and may be lost like one.
   */
  signal(from: Address, to: Address, wireBytes: number, isAlone: boolean, arrive: () => void): void {
    const verdict = this.#rules.isEmpty ? PASS : this.#rules.judge({ protocol: 'tcp', from, to, bytes: 0 });
    const route = this.#data.route(from.machine, to.machine);
    if (route === null || verdict.kind === 'drop') return;
    const sentAt = this.#engine.now();
    let elapsed: number = route.length === 0 ? LOOPBACK_DELAY : 0;
    if (verdict.kind === 'delay') elapsed += verdict.by;
    for (const hop of route) {
      const { queue, loss } = this.port(hop);
      if (!hop.link.isUp || (isAlone && loss.next(1) === 0)) return;
      elapsed += queue.wait(sentAt) + wireBytes / bytesPerNs(hop.link) + hop.link.delay;
    }
    this.#engine.schedule((sentAt + Math.ceil(elapsed)) as Instant, () => {
      if (this.hasLinkGoneDown(sentAt))
        for (const { link } of route) if (wentDownWithin(link, sentAt, Infinity)) return;
      for (const hop of route) this.carried(hop, wireBytes, 1);
      arrive();
    });
  }

  /** Whether any link has gone down at `since` or later. Where none has, what is under way need not look at each of its own. */
  hasLinkGoneDown(since: number): boolean {
    return this.#data.lastDownAt >= since;
  }

  carried(hop: DirectedLink, wireBytes: number, packets: number): void {
    this.#data.carried(hop, wireBytes - packets * UNCOUNTED_BYTES);
  }

  port({ index, link, from }: DirectedLink): Port {
    let port = this.#ports[index];
    if (port === undefined) {
      const loss = this.#random.fork(`link/${link.id}/loss/from/${from}`);
      const tail = this.#random.fork(`link/${link.id}/queue/from/${from}`);
      port = {
        queue: new LinkQueue(bytesPerNs(link), link.queue, () => tail.next()),
        loss: new PacketLoss(link.loss, () => loss.next()),
      };
      this.#ports[index] = port;
    }
    return port;
  }

  #follow(link: DataLink): void {
    const now = this.#engine.now();
    for (const [a, b] of [
      [link.a, link.b],
      [link.b, link.a],
    ] as const) {
      const port = this.#ports[this.#data.direction(link.id, a, b).index];
      port?.queue.setRate(now, bytesPerNs(link));
      if (!link.isUp) port?.queue.clear(now);
    }
  }
}

/** One burst under way: where it is, and when it was on which link. */
class Journey {
  readonly #transit: Transit;
  readonly #engine: Engine;
  readonly #route: readonly DirectedLink[];
  readonly #parcel: Parcel;
  readonly #startedAt: Instant;
  /** For each link so far: when the head came to it, and when the tail was off it. */
  readonly #spans: number[];
  /** The link that the head is on, by its place in the route, and when the tail is at its far end. */
  #hop = 0;
  #farTail = 0;
  /** One for all links of the way: in large networks most events are this one. */
  readonly #atFarEnd = (): void => this.#leave();

  constructor(transit: Transit, engine: Engine, route: readonly DirectedLink[], parcel: Parcel) {
    this.#transit = transit;
    this.#engine = engine;
    this.#route = route;
    this.#parcel = parcel;
    this.#startedAt = engine.now();
    this.#spans = new Array<number>(2 * route.length);
  }

  /** The head is at the near end of link number `hop` now; the tail gets there at `tail`. */
  enter(hop: number, tail: number): void {
    const directed = defined(this.#route[hop], 'the next link of a route');
    const { link } = directed;
    if (!link.isUp) return;
    const head = this.#engine.now();
    const passage = this.#pass(directed, head, tail);
    if (passage === null) return;
    const farHead = Math.ceil(passage.firstOut) + link.delay;
    const farTail = Math.max(farHead, Math.ceil(passage.lastOut) + link.delay);
    this.#spans[2 * hop] = head;
    this.#spans[2 * hop + 1] = farTail;
    this.#hop = hop;
    this.#farTail = farTail;
    this.#engine.schedule((this.#isOnLast ? farTail : farHead) as Instant, this.#atFarEnd);
  }

  get #isOnLast(): boolean {
    return this.#hop + 1 === this.#route.length;
  }

  #leave(): void {
    if (this.#transit.hasLinkGoneDown(this.#startedAt) && this.#wasCut()) return;
    const { burst, arrive } = this.#parcel;
    this.#transit.carried(this.#route[this.#hop] as DirectedLink, burst.wireBytes, burst.packets);
    if (this.#isOnLast) arrive(burst);
    else this.enter(this.#hop + 1, this.#farTail);
  }

  /** Through the queue and past the random loss; null when nothing of the burst is left. */
  #pass(directed: DirectedLink, head: number, tail: number): { firstOut: number; lastOut: number } | null {
    const { queue, loss } = this.#transit.port(directed);
    const { burst } = this.#parcel;
    const wireBytes = burst.wireBytes;
    const passage = queue.offer(head, tail, wireBytes, burst.packetWireBytes);
    if (passage.accepted < wireBytes) burst.keepPackets(passage.accepted / burst.packetWireBytes);
    burst.losePackets(loss);
    assert(passage.accepted <= wireBytes, 'a queue took more than it was given');
    return burst.isGone ? null : passage;
  }

  #wasCut(): boolean {
    for (let hop = 0; hop <= this.#hop; hop++) {
      const { link } = this.#route[hop] as DirectedLink;
      if (wentDownWithin(link, this.#spans[2 * hop] as number, this.#spans[2 * hop + 1] as number))
        return true;
    }
    return false;
  }
}

const bytesPerNs = (link: DataLink): number => link.capacity / 8e9;

const wentDownWithin = ({ wentDownAt }: DataLink, from: number, to: number): boolean =>
  wentDownAt !== null && wentDownAt >= from && wentDownAt <= to;
