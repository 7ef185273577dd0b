// Disjoint paths of least total cost in an undirected multigraph, by Suurballe's method: the cheapest flow of
// one unit per path, found path by path on reduced costs. A later path may take back an edge of an earlier one,
// which is what shortest-then-remove cannot do. For node-disjoint paths every node is two, joined by one arc.

import { assert } from '../core/assert.ts';
import { UnitFlow } from './flow.ts';
import type { Graph } from './graph.ts';
import { comparePaths } from './k-shortest-paths.ts';
import type { ShortestPath } from './shortest-path.ts';

/** What two of the paths never share; node-disjoint paths share their ends all the same. */
export type Disjoint = 'edge' | 'node';

/**
 * Exactly `count` paths, cheapest first, whose costs together are the least; null when there are not so many.
 * The ends must differ.
 */
export function disjointPaths(
  graph: Graph,
  from: number,
  to: number,
  disjoint: Disjoint,
  count = 2,
  isUsable?: (edge: number) => boolean,
): ShortestPath[] | null {
  assert(!graph.isDirected, 'disjoint paths are for duplex edges');
  assert(from !== to, 'disjoint paths need two ends');
  const flow = disjoint === 'edge' ? edgeFlow(graph) : nodeFlow(graph);
  if (isUsable !== undefined) barUnusable(graph, flow, isUsable);
  const isSplit = disjoint === 'node';
  const [source, sink] = isSplit ? [2 * from + 1, 2 * to] : [from, to];
  for (let i = 0; i < count; i++) if (!flow.augment(source, sink)) return null;
  const next = nextEdges(graph, flow);
  const paths = Array.from({ length: count }, () => walk(graph, next, from, to));
  return paths.sort(comparePaths);
}

function barUnusable({ edgeCount }: Graph, flow: UnitFlow, isUsable: (edge: number) => boolean): void {
  for (let edge = 0; edge < edgeCount; edge++) {
    if (isUsable(edge)) continue;
    flow.bar(2 * edge);
    flow.bar(2 * edge + 1);
  }
}

/** Arc 2e of the flow leads from a to b of edge e, arc 2e + 1 back. */
function edgeFlow(graph: Graph): UnitFlow {
  const flow = new UnitFlow(graph.nodeCount, 2 * graph.edgeCount);
  addEdges(
    graph,
    flow,
    (node) => node,
    (node) => node,
  );
  return flow;
}

/** Node n arrives at 2n and leaves from 2n + 1. */
function nodeFlow(graph: Graph): UnitFlow {
  const flow = new UnitFlow(2 * graph.nodeCount, 2 * graph.edgeCount + graph.nodeCount);
  addEdges(
    graph,
    flow,
    (node) => 2 * node + 1,
    (node) => 2 * node,
  );
  for (let node = 0; node < graph.nodeCount; node++) flow.addArc(2 * node, 2 * node + 1, 0);
  return flow;
}

function addEdges(
  { edgeA, edgeB, edgeWeight, edgeCount }: Graph,
  flow: UnitFlow,
  leaving: (node: number) => number,
  arriving: (node: number) => number,
): void {
  for (let edge = 0; edge < edgeCount; edge++) {
    const [a, b] = [edgeA[edge] as number, edgeB[edge] as number];
    const weight = edgeWeight[edge] as number;
    flow.addArc(leaving(a), arriving(b), weight);
    flow.addArc(leaving(b), arriving(a), weight);
  }
}

/** Per node the edges by which flow leaves it; an edge that carries one unit each way carries nothing. */
function nextEdges({ edgeA, edgeB, edgeCount, nodeCount }: Graph, flow: UnitFlow): number[][] {
  const next: number[][] = Array.from({ length: nodeCount }, () => []);
  for (let edge = edgeCount - 1; edge >= 0; edge--) {
    const [there, back] = [flow.isUsed(2 * edge), flow.isUsed(2 * edge + 1)];
    if (there !== back) next[there ? (edgeA[edge] as number) : (edgeB[edge] as number)]?.push(edge);
  }
  return next;
}

/** Takes one path out of the flow; a ring it meets, possible with edges of cost 0, is taken out and left out. */
function walk(graph: Graph, next: number[][], from: number, to: number): ShortestPath {
  const nodes = [from];
  const edges: number[] = [];
  for (let node = from; node !== to; ) {
    const edge = next[node]?.pop();
    assert(edge !== undefined, 'a flow that arrives');
    node = graph.otherEnd(edge, node);
    const before = nodes.indexOf(node);
    if (before < 0) {
      nodes.push(node);
      edges.push(edge);
    } else {
      nodes.length = before + 1;
      edges.length = before;
    }
  }
  const cost = edges.reduce((sum, edge) => sum + (graph.edgeWeight[edge] as number), 0);
  return { nodes, edges, cost };
}
