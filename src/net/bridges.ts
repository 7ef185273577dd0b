// The edges of an undirected multigraph whose cut takes nodes apart (Tarjan 1974, by lowest reachable entry),
// and how many pairs of nodes each takes apart: the nodes below it times the rest of its component. Parallel
// edges protect each other, because the way back is barred by edge and not by node.

import type { Graph } from './graph.ts';

const NONE = -1;

/** Arrays made once and used by every search over the same graph. */
export class Bridges {
  readonly #graph: Graph;
  /** Per edge: the pairs of nodes its cut takes apart, 0 where it is no bridge. Overwritten by the next search. */
  readonly pairsLost: Float64Array;
  readonly #entry: Int32Array;
  readonly #low: Int32Array;
  readonly #below: Int32Array;
  readonly #viaEdge: Int32Array;
  readonly #nextArc: Int32Array;
  readonly #order: Int32Array;
  readonly #stack: Int32Array;
  #entered = 0;

  constructor(graph: Graph) {
    const n = graph.nodeCount;
    this.#graph = graph;
    this.pairsLost = new Float64Array(graph.edgeCount);
    this.#entry = new Int32Array(n);
    this.#low = new Int32Array(n);
    this.#below = new Int32Array(n);
    this.#viaEdge = new Int32Array(n);
    this.#nextArc = new Int32Array(n);
    this.#order = new Int32Array(n);
    this.#stack = new Int32Array(n);
  }

  /** Searches the graph without the edge `without`, if one is given. */
  search(without = NONE): Float64Array {
    this.pairsLost.fill(0);
    this.#entry.fill(NONE);
    this.#entered = 0;
    for (let root = 0; root < this.#graph.nodeCount; root++) {
      if (this.#entry[root] !== NONE) continue;
      const first = this.#entered;
      this.#walk(root, without);
      this.#count(first);
    }
    return this.pairsLost;
  }

  /** Depth first through one component. */
  #walk(root: number, without: number): void {
    const { firstArc, arcTo, arcEdge } = this.#graph;
    const [entry, low, viaEdge, nextArc, stack] = [
      this.#entry,
      this.#low,
      this.#viaEdge,
      this.#nextArc,
      this.#stack,
    ];
    let depth = 0;
    this.#enter(root, NONE);
    stack[0] = root;
    while (depth >= 0) {
      const node = stack[depth] as number;
      const arc = nextArc[node] as number;
      if (arc === firstArc[node + 1]) {
        depth--;
        if (depth >= 0) this.#leave(node, stack[depth] as number);
        continue;
      }
      nextArc[node] = arc + 1;
      const edge = arcEdge[arc] as number;
      if (edge === without || edge === viaEdge[node]) continue;
      const end = arcTo[arc] as number;
      if (entry[end] === NONE) {
        this.#enter(end, edge);
        stack[++depth] = end;
      } else if ((entry[end] as number) < (low[node] as number)) low[node] = entry[end] as number;
    }
  }

  #enter(node: number, viaEdge: number): void {
    this.#entry[node] = this.#entered;
    this.#low[node] = this.#entered;
    this.#below[node] = 1;
    this.#viaEdge[node] = viaEdge;
    this.#nextArc[node] = this.#graph.firstArc[node] as number;
    this.#order[this.#entered++] = node;
  }

  #leave(node: number, parent: number): void {
    this.#below[parent] = (this.#below[parent] as number) + (this.#below[node] as number);
    if ((this.#low[node] as number) < (this.#low[parent] as number))
      this.#low[parent] = this.#low[node] as number;
  }

  /** The bridges of the component whose nodes were entered from number `first` on. */
  #count(first: number): void {
    const size = this.#entered - first;
    for (let i = first + 1; i < this.#entered; i++) {
      const node = this.#order[i] as number;
      if ((this.#low[node] as number) < i) continue;
      const below = this.#below[node] as number;
      this.pairsLost[this.#viaEdge[node] as number] = below * (size - below);
    }
  }
}
