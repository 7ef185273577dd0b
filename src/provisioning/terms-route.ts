// Computes the route that a path's terms ask for, over the fibres that are usable now: by suspects only where no other
// way leads there, and then by as few of them as can be; and of fibres side by side by the path's own choice.

import { db } from '../core/quantity.ts';
import { spreadFibres } from './fibre-spread.ts';
import type { PathTerms, RouteTerms } from './path-terms.ts';
import { asSimplex, computeRoute, type Fibre, type RouteResult } from './route.ts';
import { fibreTest, type RouteConstraints } from './route-constraints.ts';
import { routeAlong } from './route-graph.ts';
import type { ViewedFibre } from './viewed-fibre.ts';

interface Ends {
  readonly path: string;
  readonly from: string;
  readonly to: string;
  readonly terms: PathTerms;
}

type Constraints = RouteConstraints<ViewedFibre>;

/** `suspects` by their names: see `FailedFibres`. */
export function routeFor(
  fibres: readonly ViewedFibre[],
  ends: Ends,
  isUsable: (fibre: ViewedFibre) => boolean,
  suspects: ReadonlySet<string> = new Set(),
): RouteResult {
  const asked = ends.terms.route ?? {};
  const all = constraintsOf(asked, isUsable);
  if (suspects.size === 0) return routeBy(fibres, ends, all);
  const without = constraintsOf(asked, (fibre: ViewedFibre) => !suspects.has(fibre.id) && isUsable(fibre));
  // With as few as can be it may be too long for its terms, where it is not with more.
  for (const constraints of [without, { ...all, last: suspects }]) {
    const found = routeBy(fibres, ends, constraints);
    if (found.kind === 'found') return found;
  }
  return routeBy(fibres, ends, all);
}

function routeBy(fibres: readonly ViewedFibre[], ends: Ends, constraints: Constraints): RouteResult {
  const { from, to, terms } = ends;
  const asked = terms.route ?? {};
  let found = computeRoute(fibres, from, to, constraints);
  // The best by another measure may be too long where a shorter one is not; the shortest settles it.
  if (isTooLong(found, asked) && asked.measure !== 'length')
    found = computeRoute(fibres, from, to, { ...constraints, measure: 'length' });
  if (found.kind === 'none') return found;
  if (isTooLong(found, asked)) {
    const reason = `the shortest way from ${from} to ${to} is ${found.route.length / 1e3} km long`;
    return { kind: 'none', failure: { kind: 'no-path', reason } };
  }
  const route = routeAlong(spread(found.route.fibres, fibres, ends, constraints), from);
  return { kind: 'found', route: terms.isSimplex ? asSimplex(route) : route };
}

function spread(
  route: readonly string[],
  fibres: readonly ViewedFibre[],
  { path, from, to }: Ends,
  constraints: Constraints,
): ViewedFibre[] {
  const isAllowed = fibreTest(constraints, [from, to]);
  const { include, last } = constraints;
  return spreadFibres(route, fibres, {
    path,
    isFixed: ({ id }) => include?.fibres?.includes(id) === true,
    isAsGood: (other, fibre) => isAllowed(other) && last?.has(other.id) === last?.has(fibre.id),
    isOwn: (fibre) => fibre.isHeldBy(path),
  });
}

const isTooLong = (found: RouteResult, { maxLength }: RouteTerms): boolean =>
  found.kind === 'found' && maxLength !== undefined && found.route.length > maxLength;

/** What is to be passed or left out, and how the best is measured. */
export function constraintsOf<F extends Fibre>(
  { along, viaFibres, viaSwitches, avoidFibres, avoidSwitches, avoidSrlgs, ...rest }: RouteTerms,
  isUsable: (fibre: F) => boolean,
): RouteConstraints<F> {
  const { portType, powerBudget, measure } = rest;
  const only = along === undefined ? null : new Set(along);
  return {
    isUsable: (fibre) => (only === null || only.has(fibre.id)) && isUsable(fibre),
    include: { fibres: along ?? viaFibres ?? [], switches: viaSwitches ?? [] },
    exclude: { fibres: avoidFibres ?? [], switches: avoidSwitches ?? [], srlgs: avoidSrlgs ?? [] },
    ...(portType === undefined ? {} : { portType }),
    ...(powerBudget === undefined ? {} : { powerBudget: db(powerBudget) }),
    ...(measure === undefined ? {} : { measure }),
  };
}
