// Small random multigraphs, and all their paths by brute force: the judge of the path computations.

import fc from 'fast-check';
import { Graph } from './graph.ts';
import type { ShortestPath } from './shortest-path.ts';

const nodesMax = 6;

/** With parallel edges, edges of cost 0, edges from a node to itself, and parts that do not hang together. */
export const multigraph: fc.Arbitrary<Graph> = fc.integer({ min: 2, max: nodesMax }).chain((count) => {
  const node = fc.integer({ min: 0, max: count - 1 });
  const edges = fc.array(fc.tuple(node, node, fc.integer({ min: 0, max: 4 })), { maxLength: 9 });
  return edges.map((list) => buildGraph(count, list));
});

/** Edges as `[a, b, weight]`, named e0, e1, … */
export function buildGraph(nodes: number, edges: readonly (readonly [number, number, number])[]): Graph {
  return Graph.build(
    Array.from({ length: nodes }, (_, i) => `n${i}`),
    edges.map(([a, b, weight], i) => ({ id: `e${i}`, a: `n${a}`, b: `n${b}`, weight })),
  );
}

/** Every path that meets no node twice, in no order. */
export function allPaths(graph: Graph, from: number, to: number): ShortestPath[] {
  const found: ShortestPath[] = [];
  const go = (nodes: number[], edges: number[], cost: number): void => {
    const node = nodes.at(-1) as number;
    if (node === to) {
      found.push({ nodes, edges, cost });
      return;
    }
    for (let edge = 0; edge < graph.edgeCount; edge++) {
      if (graph.edgeA[edge] !== node && graph.edgeB[edge] !== node) continue;
      const next = graph.otherEnd(edge, node);
      if (!nodes.includes(next))
        go([...nodes, next], [...edges, edge], cost + (graph.edgeWeight[edge] as number));
    }
  };
  go([from], [], 0);
  return found;
}
