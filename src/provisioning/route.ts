// Path computation: the cheapest light path over usable fibres, terminal to terminal, and what moving from
// one to another means for each switch. A light path is duplex: both directions use the same fibres.

import { type Metres, metres } from '../core/quantity.ts';
import { Graph } from '../net/graph.ts';
import { shortestPath } from '../net/shortest-path.ts';
import { isSamePair, type PortPair } from './messages.ts';
import type { PathFailure, RefusalKind } from './refusal.ts';

export interface FibreEnd {
  readonly node: string;
  /** Null at a terminal, which has one port only. */
  readonly port: string | null;
}

export interface Fibre {
  readonly id: string;
  readonly a: FibreEnd;
  readonly b: FibreEnd;
  readonly weight: number;
  readonly length: Metres;
}

/** The duplex cross-connect of one switch on the path; `pair.a` lies towards `from`. */
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

export function computeRoute<F extends Fibre>(
  fibres: readonly F[],
  from: string,
  to: string,
  isUsable: (fibre: F) => boolean,
): RouteResult {
  if (from === to) return none('bad-request', `${from} cannot be both ends`);
  const nodes = [...new Set(fibres.flatMap((f) => [f.a.node, f.b.node]))];
  for (const end of [from, to])
    if (!fibres.some((f) => isTerminalOf(f, end))) return none('no-path', `terminal ${end} is not known`);
  const graph = Graph.build(
    nodes,
    fibres.map((f) => ({ id: f.id, a: f.a.node, b: f.b.node, weight: f.weight })),
  );
  const allowed = fibres.map((f) => isUsable(f) && mayCarry(f, from, to));
  const found = shortestPath(graph, graph.nodeIndex(from), graph.nodeIndex(to), (i) => allowed[i] === true);
  if (found === null) return none('no-path', `no free fibres lead from ${from} to ${to}`);
  const used = found.edges.map((i) => fibres[i] as Fibre);
  const names = found.nodes.map((i) => graph.nodeName(i));
  return { kind: 'found', route: describe(used, names, from, to) };
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

/** Both ways of every cross-connect, as (switch, input, output). */
export const crossConnectsOf = (route: Route): [string, string, string][] =>
  route.hops.flatMap(({ switchName, pair }) => [
    [switchName, pair.a, pair.b],
    [switchName, pair.b, pair.a],
  ]);

const none = (kind: RefusalKind, reason: string): RouteResult => ({
  kind: 'none',
  failure: { kind, reason },
});

const isTerminalOf = (f: Fibre, terminal: string): boolean =>
  (f.a.port === null && f.a.node === terminal) || (f.b.port === null && f.b.node === terminal);

/** Nobody's light passes through somebody else's terminal. */
function mayCarry(f: Fibre, from: string, to: string): boolean {
  return [f.a, f.b].every((end) => end.port !== null || end.node === from || end.node === to);
}

function describe(fibres: readonly Fibre[], nodes: readonly string[], from: string, to: string): Route {
  const portOf = (f: Fibre | undefined, node: string): string => {
    const end = f?.a.node === node ? f.a : f?.b;
    return end?.port ?? '';
  };
  const hops = nodes.slice(1, -1).map((node, i) => ({
    switchName: node,
    pair: { a: portOf(fibres[i], node), b: portOf(fibres[i + 1], node) },
  }));
  const length = metres(fibres.reduce((sum, f) => sum + f.length, 0));
  return { from, to, fibres: fibres.map((f) => f.id), hops, length };
}
