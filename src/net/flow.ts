// A flow of whole units through arcs that each hold one, kept at least cost: every augmentation is a cheapest
// path in what the flow leaves free or can take back, found by Dijkstra's search on costs reduced by potentials
// (Suurballe and Tarjan 1984), which are never negative. Ties go to the lower node, then the lower arc.

import { NodeHeap } from './node-heap.ts';

const NO_ARC = -1;

export class UnitFlow {
  readonly #nodeCount: number;
  /** Arc i is the pair 2i, forwards, and 2i + 1, its taking back; both lie in the list of the node they leave. */
  readonly #to: Int32Array;
  readonly #cost: Float64Array;
  readonly #isFree: Uint8Array;
  readonly #nextOfNode: Int32Array;
  readonly #firstOfNode: Int32Array;
  #arcCount = 0;
  readonly #potential: Float64Array;
  readonly #distance: Float64Array;
  readonly #via: Int32Array;
  readonly #settled: Uint8Array;
  readonly #heap: NodeHeap;

  constructor(nodeCount: number, arcsMax: number) {
    this.#nodeCount = nodeCount;
    this.#to = new Int32Array(2 * arcsMax);
    this.#cost = new Float64Array(2 * arcsMax);
    this.#isFree = new Uint8Array(2 * arcsMax);
    this.#nextOfNode = new Int32Array(2 * arcsMax);
    this.#firstOfNode = new Int32Array(nodeCount).fill(NO_ARC);
    this.#potential = new Float64Array(nodeCount);
    this.#distance = new Float64Array(nodeCount);
    this.#via = new Int32Array(nodeCount);
    this.#settled = new Uint8Array(nodeCount);
    this.#heap = new NodeHeap(2 * arcsMax + 1);
  }

  /** Arcs number from 0 in the order of adding. */
  addArc(from: number, to: number, cost: number): void {
    const arc = 2 * this.#arcCount++;
    this.#put(arc, from, to, cost, 1);
    this.#put(arc + 1, to, from, -cost, 0);
  }

  /** Before any flow: nothing can pass the arc. */
  bar(arc: number): void {
    this.#isFree[2 * arc] = 0;
  }

  isUsed(arc: number): boolean {
    return this.#isFree[2 * arc + 1] === 1;
  }

  /** One more unit from source to sink, the total as cheap as can be; false where no more fits. */
  augment(source: number, sink: number): boolean {
    this.#search(source, sink);
    const reached = this.#distance[sink] as number;
    if (reached === Infinity) return false;
    for (let node = 0; node < this.#nodeCount; node++) {
      const potential = this.#potential[node] as number;
      // Nodes not settled are at least as far as the sink.
      this.#potential[node] =
        potential + (this.#settled[node] === 1 ? (this.#distance[node] as number) : reached);
    }
    for (let node = sink; node !== source; ) {
      const arc = this.#via[node] as number;
      this.#isFree[arc] = 0;
      this.#isFree[arc ^ 1] = 1;
      node = this.#to[arc ^ 1] as number;
    }
    return true;
  }

  #put(arc: number, from: number, to: number, cost: number, isFree: number): void {
    this.#to[arc] = to;
    this.#cost[arc] = cost;
    this.#isFree[arc] = isFree;
    this.#nextOfNode[arc] = this.#firstOfNode[from] as number;
    this.#firstOfNode[from] = arc;
  }

  #search(source: number, sink: number): void {
    const [to, cost, next, isFree] = [this.#to, this.#cost, this.#nextOfNode, this.#isFree];
    const potential = this.#potential;
    const distance = this.#distance.fill(Infinity);
    const via = this.#via.fill(NO_ARC);
    const settled = this.#settled.fill(0);
    const heap = this.#heap;
    heap.clear();
    distance[source] = 0;
    heap.push(0, source);
    for (let node = heap.pop(); node >= 0; node = heap.pop()) {
      if (settled[node] === 1) continue;
      settled[node] = 1;
      if (node === sink) return;
      const base = (distance[node] as number) + (potential[node] as number);
      for (let arc = this.#firstOfNode[node] as number; arc !== NO_ARC; arc = next[arc] as number) {
        const end = to[arc] as number;
        if (isFree[arc] === 0 || settled[end] === 1) continue;
        const candidate = base + (cost[arc] as number) - (potential[end] as number);
        const known = distance[end] as number;
        if (candidate > known) continue;
        if (candidate === known && !this.#isBefore(arc, via[end] as number)) continue;
        distance[end] = candidate;
        via[end] = arc;
        if (candidate < known) heap.push(candidate, end);
      }
    }
  }

  #isBefore(arc: number, other: number): boolean {
    const from = this.#to[arc ^ 1] as number;
    const otherFrom = this.#to[other ^ 1] as number;
    return from < otherFrom || (from === otherFrom && arc < other);
  }
}
