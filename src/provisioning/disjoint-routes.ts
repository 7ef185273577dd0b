// Two routes of least total between the same two places that share no fibre, no switch or no SRLG, as protection
// wants them. What cannot be doubled may be shared: the only fibre of a terminal, and the only switch that an end's
// fibres lead to. An end with two terminals has one route at each.

import { disjointPair, type PairResult } from '../net/disjoint-pair.ts';
import type { Graph } from '../net/graph.ts';
import { Risks } from '../net/risks.ts';
import type { ShortestPath } from '../net/shortest-path.ts';
import type { PathFailure, RefusalKind } from './refusal.ts';
import type { Fibre, Route } from './route.ts';
import { fibreTest, lossBudget, type RouteConstraints } from './route-constraints.ts';
import { buildGraph, routeAlong } from './route-graph.ts';

/** What the two may not share; fibres are never shared. */
export type DisjointBy = 'fibre' | 'switch' | 'srlg';

export type DisjointRoutesResult =
  /** The cheaper one first. */
  | { readonly kind: 'found'; readonly routes: readonly [Route, Route] }
  | { readonly kind: 'none'; readonly failure: PathFailure };

/** The one terminal of an end, or the two. */
export type Terminals = string | readonly [string, string];

/** The names of the two ends in the graph: no terminal and no switch is named so. */
const [FROM, TO] = ['\0from', '\0to'];

export function computeDisjointRoutes<F extends Fibre>(
  fibres: readonly F[],
  from: Terminals,
  to: Terminals,
  by: DisjointBy,
  constraints: Omit<RouteConstraints<F>, 'include'> = {},
): DisjointRoutesResult {
  const [near, far] = [terminals(from), terminals(to)];
  const both = [...near, ...far];
  if (new Set(both).size < both.length)
    return none('bad-request', `${both.join(', ')}: an end appears twice`);
  const isAllowed = fibreTest(constraints, both);
  const usable = fibres.map((fibre) => isAllowed(fibre));
  const access = [near, far].map((names) => accessOf(fibres, usable, names));
  const missing = both.find((name) => !access.flat().some((i) => hasTerminal(fibres[i], name)));
  if (missing !== undefined) return none('no-path', `no free fibre leads to terminal ${missing}`);
  const graph = buildGraph(fibres, constraints.measure ?? 'weight', (node) => {
    if (near.includes(node)) return FROM;
    return far.includes(node) ? TO : node;
  });
  const loss = lossBudget(graph, fibres, constraints.powerBudget, near, far);
  const found = disjointPair(
    graph,
    graph.nodeIndex(FROM),
    graph.nodeIndex(TO),
    risksOf(graph, fibres, access, by),
    {
      isUsable: (edge) => usable[edge] === true,
      ...(loss && { loss }),
    },
  );
  return resultOf(found, fibres, near, `${near.join(' and ')} to ${far.join(' and ')}`, by);
}

const terminals = (end: Terminals): readonly string[] => (typeof end === 'string' ? [end] : end);

const hasTerminal = (fibre: Fibre | undefined, name: string): boolean =>
  fibre !== undefined && [fibre.a, fibre.b].some(({ node, port }) => port === null && node === name);

/** The numbers of the usable fibres at an end. */
const accessOf = (fibres: readonly Fibre[], usable: readonly boolean[], names: readonly string[]): number[] =>
  fibres.flatMap((fibre, i) =>
    usable[i] === true && names.some((name) => hasTerminal(fibre, name)) ? [i] : [],
  );

function risksOf(
  graph: Graph,
  fibres: readonly Fibre[],
  access: readonly (readonly number[])[],
  by: DisjointBy,
): Risks {
  const ends = [graph.nodeIndex(FROM), graph.nodeIndex(TO)];
  const only = access.filter(({ length }) => length === 1).flat();
  const isShared = (edge: number): boolean => only.includes(edge);
  if (by === 'fibre') return Risks.ofEdges(graph).without(isShared);
  if (by === 'srlg') {
    const groups = fibres.map(({ srlg }) => srlg ?? []);
    return Risks.ofGroups(graph, groups).without(isShared);
  }
  const entries = access.flatMap((edges, i) => {
    const switches = new Set(edges.map((edge) => graph.otherEnd(edge, ends[i] as number)));
    return switches.size === 1 ? [...switches] : [];
  });
  return Risks.ofNodes(graph, [...ends, ...entries]).without(isShared);
}

function resultOf(
  found: PairResult,
  fibres: readonly Fibre[],
  near: readonly string[],
  what: string,
  by: DisjointBy,
): DisjointRoutesResult {
  if (found.kind === 'gave-up') return none('limit', `two routes ${what}: ${found.reason}`);
  const wanted = `two routes from ${what} that share no ${by === 'srlg' ? 'SRLG' : by}`;
  if (found.kind === 'none') return none('no-path', `there are no ${wanted}`);
  const [one, other] = found.paths;
  if (`${one.edges}` === `${other.edges}`)
    return none('no-path', `there are no ${wanted}: one switch has both ends`);
  return { kind: 'found', routes: [routeOf(one, fibres, near), routeOf(other, fibres, near)] };
}

function routeOf({ edges }: ShortestPath, fibres: readonly Fibre[], near: readonly string[]): Route {
  const used = edges.map((edge) => fibres[edge] as Fibre);
  const from = near.find((name) => hasTerminal(used[0], name)) ?? '';
  return routeAlong(used, from);
}

const none = (kind: RefusalKind, reason: string): DisjointRoutesResult => ({
  kind: 'none',
  failure: { kind, reason },
});
