// Waits, after a commit, until every switch of a route has said that light arrives, or something else is known.

import type { Instant } from '../core/time.ts';
import type { EventBox } from './event-box.ts';
import type { PathEvent } from './path-event.ts';
import type { Route } from './route.ts';

export type LightWaitEnd =
  | { readonly kind: 'lit' }
  | { readonly kind: 'lost'; readonly loss: PathEvent & { kind: 'loss' } }
  /** A switch holds nothing for the path. */
  | { readonly kind: 'not-held'; readonly from: string }
  | { readonly kind: 'limit' }
  | { readonly kind: 'stopped' };

export interface LightWait {
  readonly events: EventBox<PathEvent>;
  readonly route: Route;
  /** Reports of other revisions are of other routes. */
  readonly revision: number;
  readonly deadline: Instant;
  readonly isStopped: () => boolean;
}

export async function waitForLight({
  events,
  route,
  revision,
  deadline,
  isStopped,
}: LightWait): Promise<LightWaitEnd> {
  const lit = new Set<string>();
  while (!isStopped()) {
    const event = await events.next(deadline);
    if (event?.kind === 'lit' && event.message.revision === revision) lit.add(event.from);
    if (route.hops.every((hop) => lit.has(hop.switchName))) return { kind: 'lit' };
    if (event === null) return { kind: 'limit' };
    if (event.kind === 'loss' && event.message.revision === revision) return { kind: 'lost', loss: event };
    if (event.kind === 'not-held' && event.revision === revision)
      return { kind: 'not-held', from: event.from };
  }
  return { kind: 'stopped' };
}
