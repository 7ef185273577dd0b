// What a light path is told of its routes by what it is part of.

import type { Avoided } from './avoided.ts';
import type { Route } from './route.ts';
import type { RouteChoice } from './route-choice.ts';

export interface RouteGuide {
  /** Instead of the cheapest route that leaves out what is avoided. */
  readonly choose?: (avoided: Avoided, isReroute: boolean) => RouteChoice;
  /** Whether it may go back to that route now. */
  readonly mayTake?: (route: Route) => boolean;
}
