// The cheapest loopless path that passes given nodes and edges and loses no more light than a budget allows:
// exact, by labels (cost, loss, what was passed) of which the dominated are dropped, cheapest first with the
// distance that is left at least as a bound. Looplessness is enforced where it is needed: nodes that a walk
// passed twice are remembered by the labels of the next round (Righini and Salani 2008, state-space relaxation).
// Equal costs: less loss, then fewer edges, then the label made first, which follows nodes and edges in order.

import { assert } from '../core/assert.ts';
import { BundledPaths } from './bundled-paths.ts';
import { UnitFlow } from './flow.ts';
import type { Graph } from './graph.ts';
import { LabelSearch, type PassedBits } from './label-search.ts';
import type { PathResult } from './path-result.ts';
import type { ShortestPath } from './shortest-path.ts';

export interface PathConstraints {
  readonly isUsable?: (edge: number) => boolean;
  /** To be passed, in any order; the ends are passed anyway. */
  readonly nodes?: readonly number[];
  readonly edges?: readonly number[];
  readonly loss?: LossBudget;
}

/** Light loses by edge, and by node at every node of the path, its ends included. None is negative. */
export interface LossBudget {
  readonly ofEdge: Float64Array;
  readonly ofNode: Float64Array;
  readonly most: number;
}

/** One for each graph, as its arrays grow with it and graphs are searched again and again. */
const searches = new WeakMap<Graph, BundledPaths>();

function searchOf(graph: Graph): BundledPaths {
  const search = searches.get(graph) ?? new BundledPaths(graph);
  searches.set(graph, search);
  return search;
}

/** Nodes and edges that labels can remember: bits of a small integer. */
const bitsMax = 30;
/** Sums of decibels are not exact. */
const lossTolerance = 1e-9;

export function constrainedPath(
  graph: Graph,
  from: number,
  to: number,
  constraints: PathConstraints,
): PathResult {
  assert(!graph.isDirected, 'paths under constraints are for duplex edges');
  const { isUsable, loss } = constraints;
  const nodes = [...new Set(constraints.nodes ?? [])].filter((node) => node !== from && node !== to);
  const edges = [...new Set(constraints.edges ?? [])];
  const plain = searchOf(graph).to(from, to, isUsable);
  if (plain === null) return { kind: 'none', isCut: true };
  if (edges.some((edge) => isUsable?.(edge) === false)) return { kind: 'none' };
  if (keeps(plain, nodes, edges, loss)) return { kind: 'found', path: plain };
  const { edgeA, edgeB } = graph;
  const middles = [
    ...nodes.map((node) => [node]),
    ...edges.map((edge) => [edgeA[edge] as number, edgeB[edge] as number]),
  ];
  if (middles.some((middle) => !isBetween(graph, from, middle, to, isUsable))) return { kind: 'none' };
  const usable = isUsable && remembered(graph, isUsable);
  return byRounds(graph, from, to, {
    ...(usable && { isUsable: usable }),
    ...(loss && { loss }),
    nodes,
    edges,
  });
}

/** Labels come by the same edge again and again, and what is asked of it may take long. */
function remembered(graph: Graph, isUsable: (edge: number) => boolean): (edge: number) => boolean {
  const known = new Int8Array(graph.edgeCount);
  return (edge) => {
    if (known[edge] === 0) known[edge] = isUsable(edge) ? 1 : -1;
    return known[edge] === 1;
  };
}

export const lossOf = ({ nodes, edges }: ShortestPath, { ofEdge, ofNode }: LossBudget): number =>
  edges.reduce((sum, edge) => sum + (ofEdge[edge] as number), 0) +
  nodes.reduce((sum, node) => sum + (ofNode[node] as number), 0);

export const isWithin = (path: ShortestPath, loss: LossBudget): boolean =>
  lossOf(path, loss) <= loss.most + lossTolerance;

function byRounds(
  graph: Graph,
  from: number,
  to: number,
  { nodes, edges, isUsable, loss }: PathConstraints & Required<Pick<PathConstraints, 'nodes' | 'edges'>>,
): PathResult {
  const critical: number[] = [];
  for (;;) {
    const bits: PassedBits = { nodes, edges, critical };
    if (nodes.length + edges.length + critical.length > bitsMax)
      return { kind: 'gave-up', reason: `more than ${bitsMax} nodes and links have to be kept in mind` };
    const budget = loss && { ...loss, most: loss.most + lossTolerance };
    const found = new LabelSearch(graph, { bits, isUsable, loss: budget }).search(from, to);
    if (found.kind !== 'found') return found;
    const twice = repeated(found.path.nodes);
    if (twice.length === 0) return found;
    critical.push(...twice);
  }
}

function keeps(
  path: ShortestPath,
  nodes: readonly number[],
  edges: readonly number[],
  loss: LossBudget | undefined,
): boolean {
  return (
    nodes.every((node) => path.nodes.includes(node)) &&
    edges.every((edge) => path.edges.includes(edge)) &&
    (loss === undefined || isWithin(path, loss))
  );
}

/**
 * Whether a loopless path leads from `from` by `middle`, a node or the two of an edge, to `to`: two ways out of the
 * middle that share no node.
 */
function isBetween(
  graph: Graph,
  from: number,
  middle: readonly number[],
  to: number,
  isUsable: ((edge: number) => boolean) | undefined,
): boolean {
  const { nodeCount, edgeCount, edgeA, edgeB } = graph;
  const flow = new UnitFlow(2 * nodeCount + 2, 2 * edgeCount + nodeCount + 4);
  for (let edge = 0; edge < edgeCount; edge++) {
    if (isUsable?.(edge) === false) continue;
    const [a, b] = [edgeA[edge] as number, edgeB[edge] as number];
    flow.addArc(2 * a + 1, 2 * b, 0);
    flow.addArc(2 * b + 1, 2 * a, 0);
  }
  for (let node = 0; node < nodeCount; node++) flow.addArc(2 * node, 2 * node + 1, 0);
  const sink = 2 * nodeCount;
  flow.addArc(2 * from + 1, sink, 0);
  flow.addArc(2 * to + 1, sink, 0);
  const [first, second] = middle;
  const source = second === undefined ? 2 * (first as number) + 1 : sink + 1;
  if (second !== undefined) for (const node of middle) flow.addArc(source, 2 * node, 0);
  return flow.augment(source, sink) && flow.augment(source, sink);
}

function repeated(nodes: readonly number[]): number[] {
  const seen = new Set<number>();
  return [...new Set(nodes.filter((node) => seen.size === seen.add(node).size))];
}
