// A path told node by node and link by link: every next node must be one link away, every link must begin where
// the path has come to. Between two nodes the cheapest usable link is taken, and of equals the first.

import type { Graph } from './graph.ts';
import type { ShortestPath } from './shortest-path.ts';

export type RouteStep = { readonly kind: 'node' | 'link'; readonly index: number };

export type ExplicitRoute =
  | { readonly kind: 'found'; readonly path: ShortestPath }
  /** The step, from 0, that does not follow from the one before. */
  | { readonly kind: 'broken'; readonly step: number };

/** `from` is where it begins; the first step may name it again. */
export function explicitRoute(
  graph: Graph,
  from: number,
  steps: readonly RouteStep[],
  isUsable: (edge: number) => boolean,
): ExplicitRoute {
  const nodes = [from];
  const edges: number[] = [];
  for (const [step, { kind, index }] of steps.entries()) {
    const at = nodes.at(-1) as number;
    if (kind === 'node' && index === at) continue;
    const edge = kind === 'link' ? linkFrom(graph, at, index) : cheapest(graph, at, index, isUsable);
    if (edge === null || !isUsable(edge)) return { kind: 'broken', step };
    const next = graph.otherEnd(edge, at);
    if (nodes.includes(next)) return { kind: 'broken', step };
    nodes.push(next);
    edges.push(edge);
  }
  const cost = edges.reduce((sum, edge) => sum + (graph.edgeWeight[edge] as number), 0);
  return { kind: 'found', path: { nodes, edges, cost } };
}

const linkFrom = ({ edgeA, edgeB }: Graph, at: number, edge: number): number | null =>
  edgeA[edge] === at || edgeB[edge] === at ? edge : null;

function cheapest(
  { firstArc, arcTo, arcEdge, arcWeight }: Graph,
  at: number,
  to: number,
  isUsable: (edge: number) => boolean,
): number | null {
  let best: number | null = null;
  let least = Infinity;
  for (let arc = firstArc[at] as number; arc < (firstArc[at + 1] as number); arc++) {
    const weight = arcWeight[arc] as number;
    if (arcTo[arc] !== to || weight >= least || !isUsable(arcEdge[arc] as number)) continue;
    least = weight;
    best = arcEdge[arc] as number;
  }
  return best;
}
