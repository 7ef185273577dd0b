// The k cheapest loopless paths of an undirected or directed multigraph (Yen 1971): every next path leaves one
// already found at some node, and takes the cheapest way on that none of those found before takes. Paths that
// differ only in which of two parallel edges they use are two paths. The first is that of `shortestPath`; of
// candidates that cost the same, the one with fewer edges is taken first, then the one by the lower edges.

import { constrainedPath, lossOf, type PathConstraints } from './constrained-path.ts';
import type { Graph } from './graph.ts';
import type { GaveUp } from './path-result.ts';
import { type ShortestPath, ShortestPaths } from './shortest-path.ts';

/** At most `count` paths, cheapest first. From a node to itself: the one path without edges. */
export function kShortestPaths(graph: Graph, from: number, to: number, count: number): ShortestPath[] {
  return new Yen(graph, from, to).take(count);
}

/** The same among the paths that keep the constraints; exact, or undecided. */
export function kConstrainedPaths(
  graph: Graph,
  from: number,
  to: number,
  count: number,
  constraints: PathConstraints,
): { readonly kind: 'found'; readonly paths: ShortestPath[] } | GaveUp {
  const yen = new Yen(graph, from, to, constraints);
  const paths = yen.take(count);
  return yen.gaveUp ?? { kind: 'found', paths };
}

/** Negative where `a` comes first. */
export function comparePaths(a: ShortestPath, b: ShortestPath): number {
  if (a.cost !== b.cost) return a.cost - b.cost;
  if (a.edges.length !== b.edges.length) return a.edges.length - b.edges.length;
  const at = a.edges.findIndex((edge, i) => edge !== b.edges[i]);
  return at < 0 ? 0 : (a.edges[at] as number) - (b.edges[at] as number);
}

interface Candidate {
  readonly path: ShortestPath;
  /** How many of its first edges it shares with the path it was made from: earlier ones were tried there. */
  readonly shared: number;
}

class Yen {
  readonly #graph: Graph;
  readonly #to: number;
  readonly #search: ShortestPaths;
  readonly #found: ShortestPath[] = [];
  readonly #candidates: Candidate[] = [];
  readonly #known = new Set<string>();
  /** Marks of the search under way: nodes already on the path, and edges that a found path takes next. */
  readonly #passed: Uint8Array;
  readonly #taken: Uint8Array;
  readonly #constraints: PathConstraints | null;
  gaveUp: GaveUp | null = null;

  constructor(graph: Graph, from: number, to: number, constraints: PathConstraints | null = null) {
    this.#graph = graph;
    this.#to = to;
    this.#search = new ShortestPaths(graph);
    this.#passed = new Uint8Array(graph.nodeCount);
    this.#taken = new Uint8Array(graph.edgeCount);
    this.#constraints = constraints;
    const first = this.#rest({ nodes: [from], edges: [], cost: 0 }, 0, () => true);
    if (first !== null) this.#add({ path: first, shared: 0 });
  }

  take(count: number): ShortestPath[] {
    while (this.#found.length < count) {
      const best = this.#candidates.shift();
      if (best === undefined) break;
      this.#found.push(best.path);
      if (this.#found.length < count) this.#branch(best);
    }
    return this.#found;
  }

  #branch({ path, shared }: Candidate): void {
    for (let length = shared; length < path.edges.length; length++) {
      const branch = this.#spur(path, length);
      if (branch !== null) this.#add({ path: branch, shared: length });
    }
  }

  /** The cheapest path that shares just the first `length` edges with `path` and is none of those found. */
  #spur(path: ShortestPath, length: number): ShortestPath | null {
    const { edgeA, edgeB, edgeWeight } = this.#graph;
    const [passed, taken] = [this.#passed.fill(0), this.#taken.fill(0)];
    for (let i = 0; i < length; i++) passed[path.nodes[i] as number] = 1;
    for (const { edges } of this.#found) {
      const next = edges[length];
      if (next !== undefined && isPrefix(path.edges, edges, length)) taken[next] = 1;
    }
    const rest = this.#rest(
      path,
      length,
      (edge) =>
        taken[edge] === 0 && passed[edgeA[edge] as number] === 0 && passed[edgeB[edge] as number] === 0,
    );
    if (rest === null) return null;
    const edges = [...path.edges.slice(0, length), ...rest.edges];
    const cost = edges.reduce((sum, edge) => sum + (edgeWeight[edge] as number), 0);
    return { nodes: [...path.nodes.slice(0, length), ...rest.nodes], edges, cost };
  }

  /** The cheapest way on from node `length` of the path, with what it has passed and lost until there. */
  #rest(path: ShortestPath, length: number, isUsable: (edge: number) => boolean): ShortestPath | null {
    const at = path.nodes[length] as number;
    if (this.#constraints === null) return this.#search.to(at, this.#to, isUsable);
    const { isUsable: isAllowed, nodes = [], edges = [], loss } = this.#constraints;
    const passed = { nodes: path.nodes.slice(0, length), edges: path.edges.slice(0, length), cost: 0 };
    const found = constrainedPath(this.#graph, at, this.#to, {
      isUsable: (edge) => isUsable(edge) && isAllowed?.(edge) !== false,
      nodes: nodes.filter((node) => !passed.nodes.includes(node)),
      edges: edges.filter((edge) => !passed.edges.includes(edge)),
      ...(loss && { loss: { ...loss, most: loss.most - lossOf(passed, loss) } }),
    });
    if (found.kind === 'gave-up') this.gaveUp = found;
    return found.kind === 'found' ? found.path : null;
  }

  /** In its place among the candidates, unless it is there already. */
  #add(candidate: Candidate): void {
    const key = candidate.path.edges.join(' ');
    if (this.#known.has(key)) return;
    this.#known.add(key);
    const at = this.#candidates.findIndex(({ path }) => comparePaths(candidate.path, path) < 0);
    this.#candidates.splice(at < 0 ? this.#candidates.length : at, 0, candidate);
  }
}

function isPrefix(one: readonly number[], other: readonly number[], length: number): boolean {
  for (let i = 0; i < length; i++) if (one[i] !== other[i]) return false;
  return true;
}
