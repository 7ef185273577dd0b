// Dijkstra's shortest paths over a `Graph`, with typed arrays and a heap that are made once and used again. Ties are broken
// so that equal inputs give equal paths: nodes settle by (distance, node index), and of two equal ways into a node the one
// from the lower node index wins, then the one by the lower edge index.

import { assert } from '../core/assert.ts';
import type { Graph } from './graph.ts';
import { NO_NODE, NodeHeap } from './node-heap.ts';

export interface ShortestPath {
  /** Node indices from source to target, both included. */
  readonly nodes: number[];
  /** Edge indices, one fewer than nodes. */
  readonly edges: number[];
  readonly cost: number;
}

/** The cheapest path over usable edges; null when there is none. From a node to itself: no edges, cost 0. */
export function shortestPath(
  graph: Graph,
  from: number,
  to: number,
  usable?: (edge: number) => boolean,
): ShortestPath | null {
  return new ShortestPaths(graph).to(from, to, usable);
}

const NO_EDGE = -1;

export class ShortestPaths {
  readonly #graph: Graph;
  readonly #distance: Float64Array;
  readonly #viaEdge: Int32Array;
  readonly #viaNode: Int32Array;
  readonly #settled: Uint8Array;
  readonly #heap: NodeHeap;

  constructor(graph: Graph) {
    this.#graph = graph;
    this.#distance = new Float64Array(graph.nodeCount);
    this.#viaEdge = new Int32Array(graph.nodeCount);
    this.#viaNode = new Int32Array(graph.nodeCount);
    this.#settled = new Uint8Array(graph.nodeCount);
    // Every arc pushes its end at most once, and the source is pushed once.
    this.#heap = new NodeHeap(graph.arcTo.length + 1);
  }

  /**
   * Distances from `source` (Infinity where there is no path) and the last edge of the path to each node (-1 at the
   * source and where there is no path). The arrays are this object's own, overwritten by the next search.
   */
  from(
    source: number,
    usable?: (edge: number) => boolean,
  ): { readonly distance: Float64Array; readonly viaEdge: Int32Array } {
    this.#search(source, NO_EDGE, usable);
    return { distance: this.#distance, viaEdge: this.#viaEdge };
  }

  /** One path; stops as soon as `target` is settled. `cost` is what it cost to come to the source. */
  to(source: number, target: number, usable?: (edge: number) => boolean, cost = 0): ShortestPath | null {
    this.#search(source, target, usable, cost);
    return this.pathTo(target);
  }

  /** The path of the last search to `target`, which must have been settled by it. */
  pathTo(target: number): ShortestPath | null {
    const cost = this.#distance[target] as number;
    if (cost === Infinity) return null;
    const nodes = [target];
    const edges: number[] = [];
    for (let node = target; this.#viaEdge[node] !== NO_EDGE; ) {
      edges.push(this.#viaEdge[node] as number);
      node = this.#viaNode[node] as number;
      nodes.push(node);
    }
    return { nodes: nodes.reverse(), edges: edges.reverse(), cost };
  }

  #search(source: number, target: number, usable: ((edge: number) => boolean) | undefined, cost = 0): void {
    const graph = this.#graph;
    assert(source >= 0 && source < graph.nodeCount, `node number ${source} is not in the graph`);
    const { firstArc, arcTo, arcEdge, arcWeight } = graph;
    const distance = this.#distance.fill(Infinity);
    const viaEdge = this.#viaEdge.fill(NO_EDGE);
    const viaNode = this.#viaNode.fill(NO_EDGE);
    const settled = this.#settled.fill(0);
    const heap = this.#heap;
    heap.clear();
    distance[source] = cost;
    heap.push(cost, source);
    for (let node = heap.pop(); node !== NO_NODE; node = heap.pop()) {
      if (settled[node] === 1) continue;
      settled[node] = 1;
      if (node === target) return;
      const base = distance[node] as number;
      const end = firstArc[node + 1] as number;
      for (let arc = firstArc[node] as number; arc < end; arc++) {
        const next = arcTo[arc] as number;
        // A settled node keeps its way in: with edges of cost 0 a later tie could close a ring.
        if (settled[next] === 1) continue;
        const candidate = base + (arcWeight[arc] as number);
        const known = distance[next] as number;
        if (candidate > known) continue;
        const edge = arcEdge[arc] as number;
        if (candidate === known && !isBefore(node, edge, viaNode[next] as number, viaEdge[next] as number))
          continue;
        // Last, as it may cost the most: of parallel edges alike it is asked only until one is usable.
        if (usable !== undefined && !usable(edge)) continue;
        distance[next] = candidate;
        viaEdge[next] = edge;
        viaNode[next] = node;
        if (candidate < known) heap.push(candidate, next);
      }
    }
  }
}

const isBefore = (node: number, edge: number, otherNode: number, otherEdge: number): boolean =>
  node < otherNode || (node === otherNode && edge < otherEdge);
