// Where several fibres lie side by side, coordinators that all take the first get in each other's way. Whoever is not
// alone takes any of those that are as good.

import type { Random } from '../platform/platform.ts';
import { asSimplex, isSimplex, type Route } from './route.ts';
import { routeAlong } from './route-graph.ts';
import type { ViewedFibre } from './viewed-fibre.ts';

/** Made once for each list, which stays the same while the topology does. */
const bundles = new WeakMap<readonly ViewedFibre[], ReadonlyMap<string, readonly ViewedFibre[]>>();

/** The route with each of its fibres replaced by a usable one beside it of the same weight, length and kind, at random. */
export function spreadRoute(
  route: Route,
  fibres: readonly ViewedFibre[],
  isUsable: (fibre: ViewedFibre) => boolean,
  random: Random,
): Route {
  const known = bundlesOf(fibres);
  const byId = new Map(fibres.map((fibre) => [fibre.id, fibre]));
  const chosen = route.fibres.map((id) => {
    const fibre = byId.get(id) as ViewedFibre;
    const free = (known.get(bundleOf(fibre)) ?? []).filter(isUsable);
    return free[random.integer(Math.max(1, free.length))] ?? fibre;
  });
  const other = routeAlong(chosen, route.from);
  return isSimplex(route) ? asSimplex(other) : other;
}

function bundlesOf(fibres: readonly ViewedFibre[]): ReadonlyMap<string, readonly ViewedFibre[]> {
  const known = bundles.get(fibres);
  if (known !== undefined) return known;
  const made = new Map<string, ViewedFibre[]>();
  for (const fibre of fibres) {
    const beside = made.get(bundleOf(fibre)) ?? [];
    made.set(bundleOf(fibre), beside);
    beside.push(fibre);
  }
  bundles.set(fibres, made);
  return made;
}

/** A fibre to a terminal is alone: its other end is not a port. */
const bundleOf = ({ id, a, b, weight, length, loss }: ViewedFibre): string =>
  a.port === null || b.port === null
    ? id
    : [...[a, b].map((end) => `${end.node} ${end.type ?? ''}`).toSorted(), weight, length, loss].join('|');
