// What a route must keep, beyond leading there: fibres, switches and SRLGs to leave out or to pass, the type of
// ports, and the power that must be left for the receivers. Names that the topology does not know forbid nothing
// when left out, and cannot be met when they are to be passed.

import type { Db } from '../core/quantity.ts';
import type { LossBudget } from '../net/constrained-path.ts';
import type { Graph } from '../net/graph.ts';
import type { Fibre, FibreEnd } from './route.ts';
import { terminalsOf } from './route-graph.ts';

/** What is to be least: the fibres' weights as configured, their lengths, or their number. */
export type RouteMeasure = 'weight' | 'length' | 'hops';

export interface RouteConstraints<F extends Fibre = Fibre> {
  readonly isUsable?: (fibre: F) => boolean;
  /** Fibres passed only where there is no other way, and then as few of them as can be. */
  readonly last?: ReadonlySet<string>;
  readonly exclude?: RouteElements & { readonly srlgs?: readonly string[] };
  /** To be passed, in any order. */
  readonly include?: RouteElements;
  /** A port that names no type goes with all. */
  readonly portType?: string;
  /**
   * What light may lose from end to end, fibres and cross-connects together. Where it is not given, what the terminals'
   * transceivers allow in the worse direction, if that is known; null asks for none.
   */
  readonly powerBudget?: Db | null;
  readonly measure?: RouteMeasure;
}

export interface RouteElements {
  readonly fibres?: readonly string[];
  readonly switches?: readonly string[];
}

/** Whether a fibre keeps what can be told of it alone. `ends` are the terminals of the path. */
export function fibreTest<F extends Fibre>(
  { isUsable, exclude, portType }: RouteConstraints<F>,
  ends: readonly string[],
): (fibre: F) => boolean {
  const fibres = new Set(exclude?.fibres);
  const switches = new Set(exclude?.switches);
  const srlgs = new Set(exclude?.srlgs);
  return (fibre) => {
    // First, as it is what most fibres of a busy network fail.
    if (isUsable?.(fibre) === false) return false;
    const { a, b } = fibre;
    if (!mayEnd(a, ends) || !mayEnd(b, ends)) return false;
    if (!fitsType(a, portType) || !fitsType(b, portType)) return false;
    if (fibres.has(fibre.id) || switches.has(a.node) || switches.has(b.node)) return false;
    return srlgs.size === 0 || fibre.srlg?.some((group) => srlgs.has(group)) !== true;
  };
}

/** Nobody's light passes through somebody else's terminal. */
const mayEnd = ({ node, port }: FibreEnd, ends: readonly string[]): boolean =>
  port !== null || ends.includes(node);

const fitsType = ({ type }: FibreEnd, wanted: string | undefined): boolean =>
  type === undefined || wanted === undefined || type === wanted;

/** Null where nothing bounds the loss. */
export function lossBudget(
  graph: Graph,
  fibres: readonly Fibre[],
  budget: Db | null | undefined,
  from: readonly string[],
  to: readonly string[],
): LossBudget | null {
  const most = budget === undefined ? transceiverBudget(fibres, from, to) : budget;
  if (most === null) return null;
  const known = losses.get(graph) ?? lossesOf(graph, fibres);
  losses.set(graph, known);
  return { most, ...known };
}

/** Made once for each graph, which stays the same while the topology does. */
const losses = new WeakMap<Graph, Omit<LossBudget, 'most'>>();

function lossesOf(graph: Graph, fibres: readonly Fibre[]): Omit<LossBudget, 'most'> {
  const ofNode = new Float64Array(graph.nodeCount);
  for (const { a, b } of fibres)
    for (const end of [a, b])
      if (end.port !== null && graph.hasNode(end.node)) ofNode[graph.nodeIndex(end.node)] = end.loss ?? 0;
  return { ofNode, ofEdge: Float64Array.from(fibres, ({ loss }) => loss ?? 0) };
}

/** Launch power less sensitivity, of the worst of all pairs and directions. */
function transceiverBudget(
  fibres: readonly Fibre[],
  from: readonly string[],
  to: readonly string[],
): number | null {
  const ends = terminalsOf(fibres);
  const known = (terminals: readonly string[]) =>
    terminals.flatMap((name) => ends.get(name)?.transceiver ?? []);
  const [near, far] = [known(from), known(to)];
  if (near.length < from.length || far.length < to.length) return null;
  const budgets = near.flatMap((x) => far.flatMap((y) => [x.power - y.sensitivity, y.power - x.sensitivity]));
  return Math.min(...budgets);
}
