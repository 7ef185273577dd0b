// The graph behind a list of fibres, made once for each list and measure: a list that stays the same while the
// topology does is searched again and again, with what is free told as a filter. Fibre i is edge i.

import { type Metres, metres } from '../core/quantity.ts';
import { Graph } from '../net/graph.ts';
import type { Fibre, FibreEnd, Route } from './route.ts';
import type { RouteMeasure } from './route-constraints.ts';

const graphs = new WeakMap<readonly Fibre[], Map<RouteMeasure, Graph>>();

export function routeGraph(fibres: readonly Fibre[], measure: RouteMeasure): Graph {
  const known = graphs.get(fibres) ?? new Map<RouteMeasure, Graph>();
  graphs.set(fibres, known);
  const graph = known.get(measure) ?? buildGraph(fibres, measure);
  known.set(measure, graph);
  return graph;
}

interface Raised {
  readonly of: readonly Fibre[];
  readonly measure: RouteMeasure;
  readonly graph: Graph;
}

/** By the set of the last, the graph that was made for it last. */
const raisedGraphs = new WeakMap<ReadonlySet<string>, Raised>();

/** A way by fewer of the last costs less than any by more of them, whatever the others cost. Kept for sets that stay the same. */
export function graphWithLast(
  fibres: readonly Fibre[],
  measure: RouteMeasure,
  last: ReadonlySet<string>,
): Graph {
  const known = raisedGraphs.get(last);
  if (known?.of === fibres && known.measure === measure) return known.graph;
  const more = fibres.reduce((sum, fibre) => sum + costOf(fibre, measure), 1);
  const raised = fibres.map((fibre) => {
    const { id, a, b, length } = fibre;
    return { id, a, b, length, weight: costOf(fibre, measure) + (last.has(id) ? more : 0) };
  });
  const graph = buildGraph(raised, 'weight');
  raisedGraphs.set(last, { of: fibres, measure, graph });
  return graph;
}

const terminals = new WeakMap<readonly Fibre[], ReadonlyMap<string, FibreEnd>>();

/** The ends that are terminals, by name; the first of several. */
export function terminalsOf(fibres: readonly Fibre[]): ReadonlyMap<string, FibreEnd> {
  const known = terminals.get(fibres);
  if (known !== undefined) return known;
  const made = new Map<string, FibreEnd>();
  for (const { a, b } of fibres)
    for (const end of [a, b]) if (end.port === null && !made.has(end.node)) made.set(end.node, end);
  terminals.set(fibres, made);
  return made;
}

/** `nameOf` may make one node of several terminals. */
export function buildGraph(
  fibres: readonly Fibre[],
  measure: RouteMeasure,
  nameOf = (node: string): string => node,
): Graph {
  const nodes = new Set(fibres.flatMap(({ a, b }) => [nameOf(a.node), nameOf(b.node)]));
  return Graph.build(
    [...nodes],
    fibres.map((fibre) => ({
      id: fibre.id,
      a: nameOf(fibre.a.node),
      b: nameOf(fibre.b.node),
      weight: costOf(fibre, measure),
    })),
  );
}

function costOf({ weight, length }: Pick<Fibre, 'weight' | 'length'>, measure: RouteMeasure): number {
  if (measure === 'hops') return 1;
  return measure === 'length' ? length : weight;
}

/** The route along these fibres, which begin at a terminal and end at one. */
export function routeAlong(fibres: readonly Fibre[], from: string): Route {
  const hops: Route['hops'][number][] = [];
  let node = from;
  let port = '';
  for (const [i, fibre] of fibres.entries()) {
    const isForward = fibre.a.node === node;
    const [near, far] = isForward ? [fibre.a, fibre.b] : [fibre.b, fibre.a];
    if (i > 0) hops.push({ switchName: node, pair: { a: port, b: near.port ?? '' } });
    node = far.node;
    port = far.port ?? '';
  }
  const length: Metres = metres(fibres.reduce((sum, fibre) => sum + fibre.length, 0));
  return { from, to: node, fibres: fibres.map(({ id }) => id), hops, length };
}
