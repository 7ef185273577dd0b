// The way of an SNC through the network: the one of its DTL, or the one that OSRP finds over spans that work and have
// room. A route passes each node once, and leaves the time slots alone that it is to end in.

import { Graph } from '../src/net/graph.ts';
import { shortestPath } from '../src/net/shortest-path.ts';
import { osrpLtpOf, splitSlotAid } from './ciena-aid.ts';
import type { CienaNetwork } from './ciena-network.ts';
import type { CienaNode } from './ciena-node.ts';
import type { SncHop } from './ciena-objects.ts';
import type { Span } from './ciena-span.ts';

export interface Route {
  readonly spans: readonly Span[];
  readonly hops: readonly SncHop[];
}

export interface RouteWanted {
  readonly origin: CienaNode;
  readonly remote: CienaNode;
  /** Empty: OSRP chooses. */
  readonly dtlSet: string;
  /** Time slots at the remote node. */
  readonly destinations: readonly string[];
  /** Time slots that it takes on each span. */
  readonly size: number;
}

/** Null where there is none. OSRP takes the fewest spans: all weigh the same. */
export function findRoute(network: CienaNetwork, wanted: RouteWanted): Route | null {
  const { origin, remote, dtlSet, destinations, size } = wanted;
  const ends = new Set(destinations.map((slot) => splitSlotAid(slot)?.port));
  const isUsable = (span: Span): boolean => {
    const endsHere = [span.a, span.b].some(({ node, port }) => node === remote && ends.has(port));
    return !span.isCut && !endsHere && span.freeSlots().length >= size;
  };
  if (dtlSet !== '') {
    const spans = explicit(network, origin, remote, dtlSet);
    return spans?.every(isUsable) ? routeOver(origin, spans) : null;
  }
  const { nodes, spans } = network;
  const graph = Graph.build(
    nodes.map(({ name }) => name),
    spans.map(({ name, a, b }) => ({ id: name, a: a.node.name, b: b.node.name, weight: 1 })),
  );
  const [from, to] = [graph.nodeIndex(origin.name), graph.nodeIndex(remote.name)];
  const path = shortestPath(graph, from, to, (edge) => isUsable(spans[edge] as Span));
  const taken = path?.edges.map((edge) => spans[edge] as Span);
  return taken === undefined ? null : routeOver(origin, taken);
}

function explicit(
  network: CienaNetwork,
  origin: CienaNode,
  remote: CienaNode,
  dtlSet: string,
): Span[] | null {
  const dtl = origin.dtls.get(origin.dtlSets.get(dtlSet)?.working ?? '');
  const passed = new Set<CienaNode>();
  let here = origin;
  const spans: Span[] = [];
  for (const { node, ltp } of dtl?.hops ?? []) {
    const port = [...here.ocPorts.keys()].find((aid) => osrpLtpOf(aid) === ltp);
    const span = port === undefined ? null : network.spanAt(here, port);
    if (span === null || passed.has(here) || here.name.toUpperCase() !== node.toUpperCase()) return null;
    passed.add(here);
    spans.push(span);
    here = span.otherEnd(here).node;
  }
  const endsThere = here === remote && !passed.has(here);
  return endsThere && dtl?.terminal.toUpperCase() === remote.name.toUpperCase() ? spans : null;
}

function routeOver(origin: CienaNode, spans: readonly Span[]): Route {
  let here = origin;
  const hops: SncHop[] = [];
  for (const span of spans) {
    hops.push({ node: here.name, ltp: osrpLtpOf(span.endAt(here).port) });
    here = span.otherEnd(here).node;
  }
  return { spans, hops };
}
