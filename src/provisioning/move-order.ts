// A planned move of a light path, which has light: an operator wants it elsewhere, or what it uses is in maintenance.
// It goes only where there is a way, and otherwise stays.

import type { Route } from './route.ts';
import type { RouteChoice } from './route-choice.ts';

export interface MoveOrder {
  readonly why: 'operator' | 'maintenance';
  readonly by: string;
  /** The fibres, all and only these; null: any other route. */
  readonly along: readonly string[] | null;
  /** Hears once how it ended: null when the path has light where it was to go. */
  readonly answer: (problem: string | null) => void;
}

/**
 * What to leave out so that a path comes to another route: all fibres between switches that it uses now, or where
 * there is no such way one of them. Null when every way is the present one.
 */
export function toLeave(
  present: Route,
  search: (leave: readonly string[]) => RouteChoice,
): readonly string[] | null {
  const transit = present.fibres.slice(1, -1);
  const sets = [transit, ...transit.map((fibre) => [fibre])];
  return sets.find((leave) => leave.length > 0 && search(leave).kind !== 'none') ?? null;
}

export const isSameRoute = (x: readonly string[], y: readonly string[]): boolean =>
  x.length === y.length && x.every((fibre) => y.includes(fibre));
