// The least that light can lose on its way to one node, from every other.

import type { LossBudget } from './constrained-path.ts';
import type { Graph } from './graph.ts';

/** Writes into `result`, by node: the least loss to `to` in dB, the node's own left out; Infinity where there is no way. */
export function leastLoss(
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
