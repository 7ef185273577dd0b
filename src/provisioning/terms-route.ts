// Computes the route that a path's terms ask for, over the fibres that are usable now.

import { db } from '../core/quantity.ts';
import type { PathTerms, RouteTerms } from './path-terms.ts';
import { asSimplex, computeRoute, type Fibre, type RouteResult } from './route.ts';
import type { RouteConstraints } from './route-constraints.ts';

export function routeFor<F extends Fibre>(
  fibres: readonly F[],
  { from, to, terms }: { readonly from: string; readonly to: string; readonly terms: PathTerms },
  isUsable: (fibre: F) => boolean,
): RouteResult {
  const asked = terms.route ?? {};
  const constraints = constraintsOf(asked, isUsable);
  let found = computeRoute(fibres, from, to, constraints);
  // The best by another measure may be too long where a shorter one is not; the shortest settles it.
  if (isTooLong(found, asked) && asked.measure !== 'length')
    found = computeRoute(fibres, from, to, { ...constraints, measure: 'length' });
  if (found.kind === 'none') return found;
  const { route } = found;
  if (isTooLong(found, asked)) {
    const reason = `the shortest way from ${from} to ${to} is ${route.length / 1e3} km long`;
    return { kind: 'none', failure: { kind: 'no-path', reason } };
  }
  return terms.isSimplex ? { kind: 'found', route: asSimplex(route) } : found;
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
