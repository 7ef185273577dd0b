// Cheapest walks under constraints, as labels on typed arrays that grow: each stands for a way to a node with its
// cost, its loss and what it has passed of the nodes and edges that count. A label goes when another at the same
// node costs no more, loses no more, has passed the same of what must be passed and no more of what must not be
// passed twice. Costs and losses are never negative.

import type { LossBudget } from './constrained-path.ts';
import type { Graph } from './graph.ts';
import type { PathResult } from './path-result.ts';
import { ShortestPaths } from './shortest-path.ts';

export interface PassedBits {
  /** To be passed exactly once. */
  readonly nodes: readonly number[];
  readonly edges: readonly number[];
  /** Not to be passed twice. */
  readonly critical: readonly number[];
}

interface LabelSearchOptions {
  readonly bits: PassedBits;
  readonly isUsable: ((edge: number) => boolean) | undefined;
  readonly loss: LossBudget | undefined;
}

/** Labels of one search: some hundred megabytes, and seconds. */
const labelsMax = 2_000_000;
const NONE = -1;

export class LabelSearch {
  readonly #graph: Graph;
  readonly #o: LabelSearchOptions;
  /** All bits that the target must have, and the bit of each node and edge. */
  readonly #required: number;
  readonly #bitOfNode: Int32Array;
  readonly #bitOfEdge: Int32Array;
  /** At least what is left to the target: by cost, by loss, and by cost from each thing to be passed. */
  readonly #costLeft: Float64Array;
  readonly #lossLeft: Float64Array | null;
  readonly #detours: { readonly bit: number; readonly costLeft: Float64Array }[] = [];
  #capacity = 1024;
  #node = new Int32Array(this.#capacity);
  #via = new Int32Array(this.#capacity);
  #parent = new Int32Array(this.#capacity);
  #passed = new Int32Array(this.#capacity);
  #hops = new Int32Array(this.#capacity);
  #cost = new Float64Array(this.#capacity);
  #loss = new Float64Array(this.#capacity);
  #key = new Float64Array(this.#capacity);
  #nextAtNode = new Int32Array(this.#capacity);
  #isGone = new Uint8Array(this.#capacity);
  readonly #firstAtNode: Int32Array;
  #count = 0;
  readonly #heap: number[] = [];

  constructor(graph: Graph, options: LabelSearchOptions) {
    this.#graph = graph;
    this.#o = options;
    const { nodes, edges, critical } = options.bits;
    this.#bitOfNode = new Int32Array(graph.nodeCount);
    this.#bitOfEdge = new Int32Array(graph.edgeCount);
    let bit = 1;
    for (const node of nodes) {
      this.#bitOfNode[node] = bit;
      bit <<= 1;
    }
    for (const edge of edges) {
      this.#bitOfEdge[edge] = bit;
      bit <<= 1;
    }
    this.#required = bit - 1;
    for (const node of critical) {
      if (this.#bitOfNode[node] !== 0) continue;
      this.#bitOfNode[node] = bit;
      bit <<= 1;
    }
    this.#firstAtNode = new Int32Array(graph.nodeCount).fill(NONE);
    this.#costLeft = new Float64Array(graph.nodeCount);
    this.#lossLeft = options.loss === undefined ? null : new Float64Array(graph.nodeCount);
  }

  search(from: number, to: number): PathResult {
    this.#lookBack(to);
    const { loss } = this.#o;
    this.#offer(from, NONE, NONE, 0, loss?.ofNode[from] ?? 0, this.#bitOfNode[from] as number);
    for (let label = this.#pop(); label !== NONE; label = this.#pop()) {
      if (this.#isGone[label] === 1) continue;
      const node = this.#node[label] as number;
      if (node === to) {
        if (((this.#passed[label] as number) & this.#required) === this.#required) return this.#pathOf(label);
        continue;
      }
      this.#extend(label, node, from);
      if (this.#count > labelsMax)
        return { kind: 'gave-up', reason: `more than ${labelsMax} partial paths have to be weighed` };
    }
    return { kind: 'none' };
  }

  #extend(label: number, node: number, from: number): void {
    const { firstArc, arcTo, arcEdge, arcWeight } = this.#graph;
    const { isUsable, loss } = this.#o;
    const passed = this.#passed[label] as number;
    const [cost, lost] = [this.#cost[label] as number, this.#loss[label] as number];
    const end = firstArc[node + 1] as number;
    for (let arc = firstArc[node] as number; arc < end; arc++) {
      const [next, edge] = [arcTo[arc] as number, arcEdge[arc] as number];
      const bitOfNext = this.#bitOfNode[next] as number;
      if (next === from || (passed & bitOfNext) !== 0) continue;
      if (isUsable !== undefined && !isUsable(edge)) continue;
      const bits = passed | bitOfNext | (this.#bitOfEdge[edge] as number);
      const lostThen = loss ? lost + (loss.ofEdge[edge] as number) + (loss.ofNode[next] as number) : 0;
      this.#offer(next, edge, label, cost + (arcWeight[arc] as number), lostThen, bits);
    }
  }

  /** Makes a label, unless it cannot reach the target as asked or another is as good. */
  #offer(node: number, via: number, parent: number, cost: number, loss: number, passed: number): void {
    const left = this.#leftAtLeast(node, passed);
    if (left === Infinity) return;
    if (this.#lossLeft && loss + (this.#lossLeft[node] as number) > (this.#o.loss?.most ?? Infinity)) return;
    for (
      let other = this.#firstAtNode[node] as number;
      other !== NONE;
      other = this.#nextAtNode[other] as number
    ) {
      if (this.#isGone[other] === 1) continue;
      if (this.#isAsGood(other, cost, loss, passed)) return;
      if (this.#isDominatedBy(other, cost, loss, passed)) this.#isGone[other] = 1;
    }
    if (this.#count === this.#capacity) this.#grow();
    const label = this.#count++;
    this.#node[label] = node;
    this.#via[label] = via;
    this.#parent[label] = parent;
    this.#passed[label] = passed;
    this.#hops[label] = parent === NONE ? 0 : (this.#hops[parent] as number) + 1;
    this.#cost[label] = cost;
    this.#loss[label] = loss;
    this.#key[label] = cost + left;
    this.#nextAtNode[label] = this.#firstAtNode[node] as number;
    this.#firstAtNode[node] = label;
    this.#push(label);
  }

  #isAsGood(other: number, cost: number, loss: number, passed: number): boolean {
    const has = this.#passed[other] as number;
    return (
      (this.#cost[other] as number) <= cost &&
      (this.#loss[other] as number) <= loss &&
      (has & this.#required) === (passed & this.#required) &&
      (has & ~passed) === 0
    );
  }

  #isDominatedBy(other: number, cost: number, loss: number, passed: number): boolean {
    const has = this.#passed[other] as number;
    return (
      cost <= (this.#cost[other] as number) &&
      loss <= (this.#loss[other] as number) &&
      (has & this.#required) === (passed & this.#required) &&
      (passed & ~has) === 0
    );
  }

  #leftAtLeast(node: number, passed: number): number {
    let left = this.#costLeft[node] as number;
    for (const { bit, costLeft } of this.#detours)
      if ((passed & bit) === 0) left = Math.max(left, costLeft[node] as number);
    return left;
  }

  /** Distances from the target backwards, straight and by way of each thing to be passed. */
  #lookBack(to: number): void {
    const { bits, isUsable, loss } = this.#o;
    const graph = this.#graph;
    const search = new ShortestPaths(graph);
    this.#costLeft.set(search.from(to, isUsable).distance);
    const by = (bit: number, ends: readonly (readonly [number, number])[]): void => {
      const costLeft = new Float64Array(graph.nodeCount).fill(Infinity);
      for (const [node, onwards] of ends) {
        const { distance } = search.from(node, isUsable);
        for (let i = 0; i < costLeft.length; i++)
          costLeft[i] = Math.min(costLeft[i] as number, (distance[i] as number) + onwards);
      }
      this.#detours.push({ bit, costLeft });
    };
    for (const node of bits.nodes)
      by(this.#bitOfNode[node] as number, [[node, this.#costLeft[node] as number]]);
    for (const edge of bits.edges) {
      const [a, b] = [graph.edgeA[edge] as number, graph.edgeB[edge] as number];
      const weight = graph.edgeWeight[edge] as number;
      by(this.#bitOfEdge[edge] as number, [
        [a, weight + (this.#costLeft[b] as number)],
        [b, weight + (this.#costLeft[a] as number)],
      ]);
    }
    if (loss && this.#lossLeft) leastLoss(graph, to, loss, isUsable, this.#lossLeft);
  }

  #pathOf(label: number): PathResult {
    const nodes: number[] = [];
    const edges: number[] = [];
    for (let at = label; at !== NONE; at = this.#parent[at] as number) {
      nodes.push(this.#node[at] as number);
      if (this.#via[at] !== NONE) edges.push(this.#via[at] as number);
    }
    return {
      kind: 'found',
      path: { nodes: nodes.reverse(), edges: edges.reverse(), cost: this.#cost[label] as number },
    };
  }

  #isBefore(one: number, other: number): boolean {
    const key = (this.#key[one] as number) - (this.#key[other] as number);
    if (key !== 0) return key < 0;
    const loss = (this.#loss[one] as number) - (this.#loss[other] as number);
    if (loss !== 0) return loss < 0;
    const hops = (this.#hops[one] as number) - (this.#hops[other] as number);
    return hops === 0 ? one < other : hops < 0;
  }

  #push(label: number): void {
    const heap = this.#heap;
    let at = heap.push(label) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.#isBefore(label, heap[parent] as number)) break;
      heap[at] = heap[parent] as number;
      at = parent;
    }
    heap[at] = label;
  }

  #pop(): number {
    const heap = this.#heap;
    const root = heap[0];
    const last = heap.pop();
    if (root === undefined || last === undefined) return NONE;
    if (heap.length === 0) return root;
    let at = 0;
    for (let child = 1; child < heap.length; child = 2 * at + 1) {
      if (child + 1 < heap.length && this.#isBefore(heap[child + 1] as number, heap[child] as number))
        child++;
      if (!this.#isBefore(heap[child] as number, last)) break;
      heap[at] = heap[child] as number;
      at = child;
    }
    heap[at] = last;
    return root;
  }

  #grow(): void {
    this.#capacity *= 2;
    const whole = (old: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> => {
      const grown = new Int32Array(this.#capacity);
      grown.set(old);
      return grown;
    };
    const real = (old: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> => {
      const grown = new Float64Array(this.#capacity);
      grown.set(old);
      return grown;
    };
    const isGone = new Uint8Array(this.#capacity);
    isGone.set(this.#isGone);
    this.#isGone = isGone;
    this.#node = whole(this.#node);
    this.#via = whole(this.#via);
    this.#parent = whole(this.#parent);
    this.#passed = whole(this.#passed);
    this.#hops = whole(this.#hops);
    this.#nextAtNode = whole(this.#nextAtNode);
    this.#cost = real(this.#cost);
    this.#loss = real(this.#loss);
    this.#key = real(this.#key);
  }
}

/** The least that light loses from each node, that node's own loss left out, to the target. */
function leastLoss(
  graph: Graph,
  to: number,
  loss: LossBudget,
  isUsable: ((edge: number) => boolean) | undefined,
  result: Float64Array,
): void {
  result.fill(Infinity);
  result[to] = 0;
  // By rounds over all edges (Bellman 1958): small graphs settle in a few, and losses by node need no second graph.
  for (let isChanged = true; isChanged; ) {
    isChanged = false;
    for (let edge = 0; edge < graph.edgeCount; edge++) {
      if (isUsable !== undefined && !isUsable(edge)) continue;
      const [a, b] = [graph.edgeA[edge] as number, graph.edgeB[edge] as number];
      const lost = loss.ofEdge[edge] as number;
      const fromA = lost + (loss.ofNode[b] as number) + (result[b] as number);
      const fromB = lost + (loss.ofNode[a] as number) + (result[a] as number);
      if (fromA < (result[a] as number)) {
        result[a] = fromA;
        isChanged = true;
      }
      if (fromB < (result[b] as number)) {
        result[b] = fromB;
        isChanged = true;
      }
    }
  }
}
