// Several CD/CI nodes joined by OC-n spans: what passes between the ends of their VCGs. After each change it follows
// every member through the cross-connects, tells the groups which have signal, and says what each Ethernet circuit
// carries now. It is the physics: TL1 agents and whoever rides on a circuit look at it from either side.

import { type BitsPerSecond, bitsPerSecond, type Metres, metres } from '../src/core/quantity.ts';
import { ZERO } from '../src/core/time.ts';
import type { Clock, Timer } from '../src/platform/platform.ts';
import { slotAid, splitSlotAid } from './ciena-aid.ts';
import { CienaNode, type CienaNodeOptions } from './ciena-node.ts';
import type { Vcg } from './ciena-objects.ts';
import { SNC_TIMINGS, SncControl, type SncTimings } from './ciena-snc.ts';
import { Span } from './ciena-span.ts';
import { PlantError } from './errors.ts';

/** MonALISA monCienaVCG: 192 STS-1 make 9621.5 Mb/s. */
export const STS1_RATE: BitsPerSecond = bitsPerSecond(9621.5e6 / 192);

/** Cross-connects made by hand could go round in circles; no member is followed further. */
const HOPS_MAX = 64;

export interface CircuitPlace {
  readonly node: string;
  /** AID of the Ethernet port. */
  readonly port: string;
  readonly vcg: string;
}

/** Two VCGs whose members meet. End `a` is at the node that was added first. */
export interface EthernetCircuit {
  /** The name of the VCG at end `a`. */
  readonly name: string;
  readonly a: CircuitPlace;
  readonly b: CircuitPlace;
}

/** `length`: of the longest way that a member takes, cut or not, since the others are delayed until they fit it (VCAT). */
export type BandwidthListener = (circuit: EthernetCircuit, rate: BitsPerSecond, length: Metres) => void;

interface Carried extends EthernetCircuit {
  rate: BitsPerSecond;
  readonly length: Metres;
}

type Peer = { readonly node: CienaNode; readonly vcg: Vcg };
type Fed = Peer & { readonly length: number };

export class CienaNetwork {
  readonly nodes: CienaNode[] = [];
  readonly spans: Span[] = [];
  readonly sncs: SncControl;
  readonly #clock: Pick<Clock, 'timer'>;
  readonly #listeners = new Set<BandwidthListener>();
  readonly #watchers = new Map<string, () => void>();
  /** By node and VCG of end `a`. */
  #circuits = new Map<string, Carried>();
  #settling: Timer | null = null;

  constructor(o: { clock: Pick<Clock, 'timer'>; timings?: Partial<SncTimings> }) {
    this.#clock = o.clock;
    this.sncs = new SncControl(this, o.clock, { ...SNC_TIMINGS, ...o.timings });
  }

  addNode(name: string, options: CienaNodeOptions): CienaNode {
    if (this.findNode(name) !== null) throw new PlantError(name, 'there is a node of this name already');
    const node = new CienaNode(name, options, this.#clock, {
      changed: () => this.#settle(),
      timePassed: () => this.#settleSoon(),
    });
    this.nodes.push(node);
    return node;
  }

  addSpan(
    name: string,
    o: { a: { node: string; port: string }; b: { node: string; port: string }; length?: Metres },
  ): void {
    const ends = [o.a, o.b].map(({ node, port }) => {
      const at = this.node(node);
      const slots = at.ocPorts.get(port)?.slots;
      if (slots === undefined) throw new PlantError(`${node}:${port}`, `span ${name} ends at no OC-n port`);
      if (this.spanAt(at, port) !== null) throw new PlantError(`${node}:${port}`, 'two spans end here');
      return { node: at, port, slots };
    });
    const [a, b] = ends as [(typeof ends)[0], (typeof ends)[0]];
    if (a.node === b.node) throw new PlantError(name, 'both ends of the span are at one node');
    this.spans.push(new Span(name, a, b, Math.min(a.slots, b.slots), o.length ?? metres(0)));
  }

  node(name: string): CienaNode {
    const node = this.findNode(name);
    if (node === null) throw new PlantError(name, 'no such node');
    return node;
  }

  findNode(name: string): CienaNode | null {
    return this.nodes.find((node) => node.name.toUpperCase() === name.toUpperCase()) ?? null;
  }

  spanAt(node: CienaNode, port: string): Span | null {
    const isEnd = (end: Span['a']): boolean => end.node === node && end.port === port;
    return this.spans.find((span) => isEnd(span.a) || isEnd(span.b)) ?? null;
  }

  /** What is cut stays so. */
  cut(span: string): void {
    this.#changeSpan(span, (s) => {
      s.isCut = true;
    });
  }

  repair(span: string): void {
    this.#changeSpan(span, (s) => {
      s.isCut = false;
    });
  }

  failSlot(span: string, slot: number): void {
    this.#changeSpan(span, (s) => void s.failedSlots.add(slot));
  }

  repairSlot(span: string, slot: number): void {
    this.#changeSpan(span, (s) => void s.failedSlots.delete(slot));
  }

  /** Calls `listener` with each change of what a circuit carries, 0 when it is gone, until the returned function is called. */
  onBandwidth(listener: BandwidthListener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Calls `watcher` after each change of signals until the returned function is called, or the node has another: an agent that crashed never leaves. */
  watch(node: string, watcher: () => void): () => void {
    this.#watchers.set(node, watcher);
    return () => {
      if (this.#watchers.get(node) === watcher) this.#watchers.delete(node);
    };
  }

  /** What each circuit carries now. */
  circuits(): readonly (EthernetCircuit & { readonly rate: BitsPerSecond })[] {
    return [...this.#circuits.values()];
  }

  /** Counts Ethernet octets that went through a circuit: `bytesIn` entered at its end `a`, `bytesOut` left there. */
  traffic(name: string, bytesIn: number, bytesOut: number): void {
    const found = this.circuits().filter((circuit) => circuit.name === name);
    const [circuit] = found;
    if (circuit === undefined || found.length > 1)
      throw new PlantError(name, `${found.length} circuits have this name`);
    this.#count(circuit.a, bytesIn, bytesOut);
    this.#count(circuit.b, bytesOut, bytesIn);
  }

  #count({ node, port, vcg }: CircuitPlace, bytesIn: number, bytesOut: number): void {
    const { ettps, eflows } = this.node(node);
    const ettp = ettps.get(port);
    if (ettp !== undefined) {
      ettp.received += bytesIn;
      ettp.sent += bytesOut;
    }
    for (const flow of eflows.values()) {
      if (!flow.collectsPm) continue;
      if (flow.ingressName === port && flow.egressName === vcg) flow.inOctets += bytesIn;
      if (flow.ingressName === vcg && flow.egressName === port) flow.inOctets += bytesOut;
    }
  }

  #changeSpan(name: string, change: (span: Span) => void): void {
    const span = this.spans.find((s) => s.name === name);
    if (span === undefined) throw new PlantError(name, 'no such span');
    change(span);
    this.#settle();
  }

  /** Members that change at one instant change the bandwidth once. */
  #settleSoon(): void {
    this.#settling ??= this.#clock.timer(ZERO, () => {
      this.#settling = null;
      this.#settle();
    });
  }

  /** Brings everything that follows from signals up to date. */
  #settle(): void {
    const circuits = new Map<string, Carried>();
    for (const [i, node] of this.nodes.entries()) {
      for (const vcg of node.vcgs.values()) {
        const peer = this.#feed(node, vcg);
        if (peer === null || !this.#isFirst(i, vcg, peer)) continue;
        circuits.set(`${node.name} ${vcg.name}`, describe({ node, vcg }, peer));
      }
    }
    // Both ends' members are fed by now.
    for (const circuit of circuits.values()) circuit.rate = this.#rate(circuit);
    this.#publish(circuits);
    this.sncs.restoreBroken();
    for (const watcher of [...this.#watchers.values()]) watcher();
  }

  /** Tells the group which of its members have signal; gives the VCG at the far end of the first that is connected. */
  #feed(node: CienaNode, vcg: Vcg): Fed | null {
    let peer: Peer | null = null;
    let longest = 0;
    for (const slot of vcg.slots) {
      const end = this.#follow(node, slotAid(vcg.ttp, slot));
      const far = end?.node.vcgAt(end.slot) ?? null;
      if (end !== null && far !== null) {
        longest = Math.max(longest, end.length);
        peer ??= { node: end.node, vcg: far };
      }
      const isUp = end?.isAlive === true && far?.isInService === true && vcg.isInService;
      vcg.group.signal(slot, isUp);
    }
    return peer === null ? null : { ...peer, length: longest };
  }

  /** Where a time slot of a TTP comes out, and whether signal passes on the way; null if it is not connected. */
  #follow(
    from: CienaNode,
    start: string,
  ): { node: CienaNode; slot: string; isAlive: boolean; length: number } | null {
    let [node, slot, isAlive, length] = [from, start, true, 0];
    for (let hops = 0; hops < HOPS_MAX; hops++) {
      const other = node.passedTo(slot);
      const place = other === null ? null : splitSlotAid(other);
      if (other === null || place === null) return null;
      if (!node.ocPorts.has(place.port)) return { node, slot: other, isAlive, length };
      const span = this.spanAt(node, place.port);
      if (span === null) return null;
      isAlive &&= span.carries(place.slot);
      length += span.length;
      const far = span.otherEnd(node);
      node = far.node;
      slot = slotAid(far.port, place.slot);
    }
    return null;
  }

  #isFirst(index: number, vcg: Vcg, peer: Peer): boolean {
    const other = this.nodes.indexOf(peer.node);
    return index < other || (index === other && vcg.name < peer.vcg.name);
  }

  #rate({ a, b }: EthernetCircuit): BitsPerSecond {
    const ends = [a, b].map((place) => {
      const node = this.node(place.node);
      const vcg = node.vcgs.get(place.vcg);
      if (vcg === undefined || !node.hasFlows(vcg)) return 0;
      return Math.min(vcg.group.carrying * STS1_RATE, node.ettps.get(vcg.peer)?.rate ?? 0);
    });
    return bitsPerSecond(Math.min(...ends));
  }

  #publish(circuits: Map<string, Carried>): void {
    const before = this.#circuits;
    this.#circuits = circuits;
    for (const [key, circuit] of before)
      if (!circuits.has(key) && circuit.rate > 0) this.#tell(circuit, bitsPerSecond(0));
    for (const [key, circuit] of circuits) {
      const { rate = 0, length = circuit.length } = before.get(key) ?? {};
      const isMoved = circuit.rate > 0 && circuit.length !== length;
      if (circuit.rate !== rate || isMoved) this.#tell(circuit, circuit.rate);
    }
  }

  #tell({ name, a, b, length }: Carried, rate: BitsPerSecond): void {
    for (const listener of [...this.#listeners]) listener({ name, a, b }, rate, length);
  }
}

const describe = (a: Peer, b: Fed): Carried => ({
  name: a.vcg.name,
  a: { node: a.node.name, port: a.vcg.peer, vcg: a.vcg.name },
  b: { node: b.node.name, port: b.vcg.peer, vcg: b.vcg.name },
  rate: bitsPerSecond(0),
  length: metres(b.length),
});
