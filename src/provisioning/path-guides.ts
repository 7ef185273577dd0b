// Guides to a light path's first route, for a path that is to have a backup and for one that was reserved.

import { after } from '../core/time.ts';
import type { AgentContext } from './agent-context.ts';
import { chooseWithBackup } from './protection-route.ts';
import type { Route } from './route.ts';
import { chooseRoute, type PathEnds } from './route-choice.ts';
import type { RouteGuide } from './route-guide.ts';

/** A path that is to have a backup takes a first route that leaves one. */
export function guideOf(context: AgentContext, ends: PathEnds): RouteGuide {
  const { protection } = ends.terms;
  if (protection === undefined) return {};
  return {
    choose: (avoided, isReroute) => chooseWithBackup(context, ends, protection, avoided, isReroute),
  };
}

/** To the route that was reserved, for whose ports it waits: who had them before may still be leaving them. */
export function reservedGuide(context: AgentContext, ends: PathEnds, route: Route): RouteGuide {
  const { clock } = context.platform;
  const until = after(clock.now(), context.timings.returnLimit);
  return {
    choose: (avoided, isReroute) => {
      if (isReroute || clock.now() >= until || !avoided.isOpen(route))
        return chooseRoute(context, ends, avoided, isReroute);
      if (avoided.contended.size === 0) return { kind: 'found', route };
      avoided.contended.clear();
      avoided.tries--;
      return { kind: 'wait' };
    },
  };
}
