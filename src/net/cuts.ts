// What every cut of one edge, and every cut of two at once, disconnects: exact, and without trying each. The
// pairs lost to a second cut are those lost to a bridge of what the first one leaves, so one search for bridges
// per first edge answers for all second ones: edges times (nodes + edges) steps for all cuts of two.

import { Bridges } from './bridges.ts';
import type { Graph } from './graph.ts';

export interface CutReport {
  /** By edge index, the pairs of nodes lost when that edge alone is cut; 0 where it is no bridge. */
  readonly pairsLost: Float64Array;
  /** Cuts of the order asked for, each set of edges once. */
  readonly cuts: number;
  readonly cutsThatDisconnect: number;
  /** Over all those cuts. */
  readonly totalPairsLost: number;
  /** Of those that lose the most pairs the one of the lowest edges; null where none disconnects. */
  readonly worst: { readonly edges: readonly number[]; readonly pairsLost: number } | null;
}

/** Pairs count once, whichever way round; only pairs connected before any cut can be lost. */
export function singleCuts(graph: Graph): CutReport {
  const pairsLost = new Bridges(graph).search();
  const tally = new Tally();
  for (let edge = 0; edge < graph.edgeCount; edge++) tally.add(pairsLost[edge] as number, edge);
  return tally.report(pairsLost);
}

/** Every two different edges cut at the same time. */
export function doubleCuts(graph: Graph): CutReport {
  const pairsLost = new Bridges(graph).search();
  const rest = new Bridges(graph);
  const tally = new Tally();
  for (let first = 0; first < graph.edgeCount; first++) {
    const lostFirst = pairsLost[first] as number;
    const lostThen = rest.search(first);
    for (let second = first + 1; second < graph.edgeCount; second++)
      tally.add(lostFirst + (lostThen[second] as number), first, second);
  }
  return tally.report(pairsLost);
}

class Tally {
  #cuts = 0;
  #disconnecting = 0;
  #total = 0;
  #most = 0;
  #first = -1;
  #second = -1;

  add(pairsLost: number, first: number, second = -1): void {
    this.#cuts++;
    if (pairsLost === 0) return;
    this.#disconnecting++;
    this.#total += pairsLost;
    if (pairsLost <= this.#most) return;
    this.#most = pairsLost;
    this.#first = first;
    this.#second = second;
  }

  report(pairsLost: Float64Array): CutReport {
    const edges = [this.#first, this.#second].filter((edge) => edge >= 0);
    return {
      pairsLost,
      cuts: this.#cuts,
      cutsThatDisconnect: this.#disconnecting,
      totalPairsLost: this.#total,
      worst: edges.length === 0 ? null : { edges, pairsLost: this.#most },
    };
  }
}
