// Path computation: the cheapest light path over usable fibres, terminal to terminal, and what moving from
// one to another means for each switch. Both directions of a light path use the same fibres.

import type { Db, Dbm, Metres } from '../core/quantity.ts';
import { constrainedPath } from '../net/constrained-path.ts';
import { isSamePair, type PortPair } from './port-pair.ts';
import type { PathFailure, RefusalKind } from './refusal.ts';
import { fibreTest, lossBudget, type RouteConstraints, type RouteElements } from './route-constraints.ts';
import { graphWithLast, routeAlong, routeGraph, terminalsOf } from './route-graph.ts';

export interface FibreEnd {
  readonly node: string;
  /** Null at a terminal, which has one port only. */
  readonly port: string | null;
  /** What ports of one kind have in common; absent: goes with all. */
  readonly type?: string;
  /** At a switch: what light loses in its cross-connects. */
  readonly loss?: Db;
  /** At a terminal, if it is known. */
  readonly transceiver?: { readonly power: Dbm; readonly sensitivity: Dbm };
}

export interface Fibre {
  readonly id: string;
  readonly a: FibreEnd;
  readonly b: FibreEnd;
  readonly weight: number;
  readonly length: Metres;
  /** From end to end; absent: none worth counting. */
  readonly loss?: Db;
  /** What it shares its fate with. */
  readonly srlg?: readonly string[];
}

/** The cross-connect of one switch on the path; `pair.a` lies towards `from`. */
export interface Hop {
  readonly switchName: string;
  readonly pair: PortPair;
}

/** Fibre i leads into hop i; the last leads to the terminal `to`. So there is one fibre more than hops. */
export interface Route {
  readonly from: string;
  readonly to: string;
  readonly fibres: readonly string[];
  readonly hops: readonly Hop[];
  readonly length: Metres;
}

export type RouteResult = { kind: 'found'; route: Route } | { kind: 'none'; failure: PathFailure };

/** The list is searched fastest when it is the same object each time: see `routeGraph`. */
export function computeRoute<F extends Fibre>(
  fibres: readonly F[],
  from: string,
  to: string,
  constraints: RouteConstraints<F> = {},
): RouteResult {
  if (from === to) return none('bad-request', `${from} cannot be both ends`);
  for (const end of [from, to])
    if (!terminalsOf(fibres).has(end)) return none('no-path', `terminal ${end} is not known`);
  const { measure = 'weight', last } = constraints;
  const graph = last === undefined ? routeGraph(fibres, measure) : graphWithLast(fibres, measure, last);
  const { fibres: links = [], switches = [] } = constraints.include ?? {};
  const unknown = [
    ...links.filter((id) => !graph.hasEdge(id)),
    ...switches.filter((name) => !graph.hasNode(name)),
  ];
  if (unknown.length > 0) return none('no-path', `${unknown.join(', ')}: not known, and to be passed`);
  const loss = lossBudget(graph, fibres, constraints.powerBudget, [from], [to]);
  const isAllowed = fibreTest(constraints, [from, to]);
  const asked = {
    isUsable: (edge: number) => isAllowed(fibres[edge] as F),
    nodes: switches.map((name) => graph.nodeIndex(name)),
    edges: links.map((id) => graph.edgeIndex(id)),
  };
  const ends = [graph.nodeIndex(from), graph.nodeIndex(to)] as const;
  const found = constrainedPath(graph, ...ends, { ...asked, ...(loss && { loss }) });
  if (found.kind === 'found') {
    const passed = found.path.edges.map((i) => fibres[i] as Fibre);
    return { kind: 'found', route: routeAlong(passed, from) };
  }
  if (found.kind === 'gave-up') return none('limit', `from ${from} to ${to}: ${found.reason}`);
  const isCut = found.isCut === true || loss === null;
  if (isCut || constrainedPath(graph, ...ends, asked).kind !== 'found')
    return none('no-path', `no free fibres lead from ${from} to ${to}${by(constraints.include)}`);
  const most = Number(loss.most.toFixed(2));
  return none('power-budget', `every way from ${from} to ${to} loses more than ${most} dB`);
}

export interface RouteChange {
  /** Switches whose cross-connect changes, in path order: they vote. */
  readonly changed: readonly { switchName: string; remove: PortPair | null; make: PortPair }[];
  readonly kept: readonly Hop[];
  /** Switches that the path leaves: they are told after. */
  readonly dropped: readonly Hop[];
}

/** `held` is what the switches have now: the hops of the old route, less those known to be gone. */
export function compareRoutes(held: readonly Hop[], next: Route): RouteChange {
  const before = new Map(held.map((hop) => [hop.switchName, hop.pair]));
  const after = new Set(next.hops.map((hop) => hop.switchName));
  const isKept = (hop: Hop): boolean => isSamePair(before.get(hop.switchName) ?? null, hop.pair);
  return {
    changed: next.hops
      .filter((hop) => !isKept(hop))
      .map((hop) => ({
        switchName: hop.switchName,
        remove: before.get(hop.switchName) ?? null,
        make: hop.pair,
      })),
    kept: next.hops.filter(isKept),
    dropped: held.filter((hop) => !after.has(hop.switchName)),
  };
}

/** Every way of every cross-connect, as (switch, input, output). */
export const crossConnectsOf = (route: Pick<Route, 'hops'>): [string, string, string][] =>
  route.hops.flatMap(({ switchName, pair: { a, b, way } }) => {
    const forward: [string, string, string] = [switchName, a, b];
    return way === 'one' ? [forward] : [forward, [switchName, b, a]];
  });

/** The same for light that goes from `from` to `to` only. It has its fibres to itself all the same. */
export const asSimplex = (route: Route): Route => ({
  ...route,
  hops: route.hops.map(({ switchName, pair }) => ({ switchName, pair: { ...pair, way: 'one' } })),
});

export const isSimplex = (route: Route): boolean => route.hops.every(({ pair }) => pair.way === 'one');

const none = (kind: RefusalKind, reason: string): RouteResult => ({
  kind: 'none',
  failure: { kind, reason },
});

const by = ({ fibres = [], switches = [] }: RouteElements = {}): string => {
  const names = [...switches, ...fibres];
  return names.length === 0 ? '' : ` by ${names.join(', ')}`;
};
