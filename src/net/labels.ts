// The labels of one search: each a way to a node, on typed arrays that grow, chained at its node and in a heap by its key;
// equal keys give the one with less loss first, then with fewer hops, then the one made first.

import type { ShortestPath } from './shortest-path.ts';

/** No label, and at a label: no edge into it, no label before it. */
export const NONE = -1;

export class Labels {
  #capacity = 1024;
  node = new Int32Array(this.#capacity);
  passed = new Int32Array(this.#capacity);
  cost = new Float64Array(this.#capacity);
  loss = new Float64Array(this.#capacity);
  /** 1 where another label made it needless. */
  isGone = new Uint8Array(this.#capacity);
  nextAtNode = new Int32Array(this.#capacity);
  readonly firstAtNode: Int32Array;
  count = 0;
  #via = new Int32Array(this.#capacity);
  #parent = new Int32Array(this.#capacity);
  #hops = new Int32Array(this.#capacity);
  #key = new Float64Array(this.#capacity);
  readonly #heap: number[] = [];

  constructor(nodeCount: number) {
    this.firstAtNode = new Int32Array(nodeCount).fill(NONE);
  }

  /** `via` is the edge, and `parent` the label, that it comes from. */
  add(
    node: number,
    via: number,
    parent: number,
    cost: number,
    loss: number,
    passed: number,
    key: number,
  ): void {
    if (this.count === this.#capacity) this.#grow();
    const label = this.count++;
    this.node[label] = node;
    this.#via[label] = via;
    this.#parent[label] = parent;
    this.passed[label] = passed;
    this.#hops[label] = parent === NONE ? 0 : (this.#hops[parent] as number) + 1;
    this.cost[label] = cost;
    this.loss[label] = loss;
    this.#key[label] = key;
    this.nextAtNode[label] = this.firstAtNode[node] as number;
    this.firstAtNode[node] = label;
    this.#push(label);
  }

  /** Takes the label of the least key, or `NONE` when there is none left. */
  pop(): number {
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

  pathOf(label: number): ShortestPath {
    const nodes: number[] = [];
    const edges: number[] = [];
    for (let at = label; at !== NONE; at = this.#parent[at] as number) {
      nodes.push(this.node[at] as number);
      if (this.#via[at] !== NONE) edges.push(this.#via[at] as number);
    }
    return { nodes: nodes.reverse(), edges: edges.reverse(), cost: this.cost[label] as number };
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

  #isBefore(one: number, other: number): boolean {
    const key = (this.#key[one] as number) - (this.#key[other] as number);
    if (key !== 0) return key < 0;
    const loss = (this.loss[one] as number) - (this.loss[other] as number);
    if (loss !== 0) return loss < 0;
    const hops = (this.#hops[one] as number) - (this.#hops[other] as number);
    return hops === 0 ? one < other : hops < 0;
  }

  #grow(): void {
    this.#capacity *= 2;
    this.node = whole(this.node);
    this.#via = whole(this.#via);
    this.#parent = whole(this.#parent);
    this.passed = whole(this.passed);
    this.#hops = whole(this.#hops);
    this.nextAtNode = whole(this.nextAtNode);
    this.cost = real(this.cost);
    this.loss = real(this.loss);
    this.#key = real(this.#key);
    const isGone = new Uint8Array(this.#capacity);
    isGone.set(this.isGone);
    this.isGone = isGone;
  }
}

/** The same, twice as long. */
function whole(old: Int32Array): Int32Array<ArrayBuffer> {
  const grown = new Int32Array(2 * old.length);
  grown.set(old);
  return grown;
}

function real(old: Float64Array): Float64Array<ArrayBuffer> {
  const grown = new Float64Array(2 * old.length);
  grown.set(old);
  return grown;
}
