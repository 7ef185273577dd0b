// Pre-emption: a path without a route may take the fibres of paths with a lower priority. Nothing is taken from
// anybody by force: their coordinators are asked, move them or let go of them, and then the fibres are free.

import type { AgentContext } from './agent-context.ts';
import type { Avoided } from './avoided.ts';
import { LOWEST_PRIORITY } from './path-terms.ts';
import type { Route } from './route.ts';
import type { PathEnds } from './route-choice.ts';
import { routeFor } from './terms-route.ts';
import type { AnnouncedPort } from './topology-messages.ts';

/** Who has a fibre that another path may take. */
export interface Holder {
  readonly path: string;
  readonly coordinator: string;
}

export interface Preemption {
  readonly route: Route;
  readonly holders: readonly Holder[];
}

/** Who has the port, where a path of that priority may take it; null where it may not, and nobody where it is free. */
export function holderBelow(
  { state, holder, keeper }: AnnouncedPort,
  path: string,
  priority: number,
): Holder | null | 'nobody' {
  if (state === 'free' || (state === 'held' && holder === path)) return 'nobody';
  if (state !== 'held' || holder === null || keeper === undefined) return null;
  return keeper.priority > priority ? { path: holder, coordinator: keeper.coordinator } : null;
}

/** The best route over what is free or may be taken, and from whom; null when there is none, or nobody is in its way. */
export function choosePreemption(
  context: Pick<AgentContext, 'platform' | 'view' | 'failed'>,
  ends: PathEnds,
  avoided: Avoided,
): Preemption | null {
  const now = context.platform.clock.now();
  const priority = ends.terms.priority ?? LOWEST_PRIORITY;
  const fibres = context.view.fibres(now);
  const found = routeFor(
    fibres,
    ends,
    (fibre) =>
      !avoided.fibres.has(fibre.id) &&
      !context.failed.has(fibre.id, now) &&
      !avoided.leaves(fibre) &&
      fibre.holdersBelow(ends.path, priority) !== null,
    context.failed.suspects(fibres, now),
  );
  if (found.kind !== 'found') return null;
  const used = fibres.filter((fibre) => found.route.fibres.includes(fibre.id));
  const all = used.flatMap((fibre) => fibre.holdersBelow(ends.path, priority) ?? []);
  const holders = [...new Map(all.map((holder) => [holder.path, holder])).values()];
  return holders.length === 0 ? null : { route: found.route, holders };
}
