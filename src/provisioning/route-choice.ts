// Which route a path tries next, given what its earlier tries ran into.

import type { Instant } from '../core/time.ts';
import type { AgentContext } from './agent-context.ts';
import type { Avoided } from './avoided.ts';
import type { PathTerms } from './path-terms.ts';
import type { PathFailure } from './refusal.ts';
import type { Route, RouteResult } from './route.ts';
import { routeFor } from './terms-route.ts';
import type { TopologyView } from './topology-view.ts';
import type { ViewedFibre } from './viewed-fibre.ts';

export type RouteChoice =
  | { readonly kind: 'found'; readonly route: Route }
  | { readonly kind: 'none'; readonly failure: PathFailure }
  /** None now, but what is in the way may soon be gone. */
  | { readonly kind: 'wait' };

/** What is asked for. */
export interface PathEnds {
  readonly path: string;
  readonly from: string;
  readonly to: string;
  readonly terms: PathTerms;
}

export function chooseRoute(
  context: Pick<AgentContext, 'platform' | 'view' | 'failed'>,
  ends: PathEnds,
  avoided: Avoided,
  isReroute: boolean,
  /** Nothing but these fibres will do, if not null. */
  only: readonly string[] | null = null,
  isLeft: (fibre: ViewedFibre) => boolean = (fibre) => fibre.isFreeFor(ends.path),
): RouteChoice {
  const now = context.platform.clock.now();
  const fibres = context.view.fibres(now);
  // What is left for the path is not in maintenance.
  const isFree = (fibre: ViewedFibre): boolean =>
    isLeft(fibre) && isAllowed(fibre) && !avoided.hasPortOf(fibre);
  const isWhole = (fibre: ViewedFibre): boolean => !fibre.isOut() && isAllowed(fibre);
  const isAllowed = (fibre: ViewedFibre): boolean =>
    only?.includes(fibre.id) !== false &&
    !avoided.fibres.has(fibre.id) &&
    !context.failed.has(fibre.id, now) &&
    !avoided.leaves(fibre);
  const suspects = context.failed.suspects(fibres, now);
  const found = routeFor(fibres, ends, isFree, suspects);
  if (found.kind === 'found') {
    const isSound = !found.route.fibres.some((fibre) => suspects.has(fibre));
    const isSoundFree = (f: ViewedFibre): boolean =>
      isWhole(f) && !suspects.has(f.id) && f.isFreeFor(ends.path) && !avoided.hasTakenPortOf(f);
    if (isSound || !avoided.mayWaitForSound || routeFor(fibres, ends, isSoundFree).kind === 'none')
      return found;
    avoided.waitForSound();
    return { kind: 'wait' };
  }
  // What is locked is not held yet, and may never be. Only what is held, as the switches tell now, refuses for good.
  const mayFree = (f: ViewedFibre): boolean =>
    (isLeft(f) || f.mayComeFree(ends.path)) && isAllowed(f) && !avoided.hasReservedPortOf(f);
  const isContended = routeFor(fibres, ends, mayFree).kind === 'found';
  if (isContended && avoided.mayWaitForOthers) {
    avoided.waitForOthers();
    return { kind: 'wait' };
  }
  // Who asks for a path is told at once; one that was up is worth waiting until an agent has started again.
  if (isReroute && avoided.unreachable.size > 0) {
    avoided.forgetOthers();
    avoided.unreachable.clear();
    return { kind: 'wait' };
  }
  return explain(found, context.view, { fibres, isWhole, isContended }, ends, now);
}

/** No way is left: because there never was one, because others are on it, or because an agent is not heard. */
function explain(
  found: RouteResult & { kind: 'none' },
  view: Pick<TopologyView, 'silent'>,
  {
    fibres,
    isWhole,
    isContended,
  }: {
    readonly fibres: readonly ViewedFibre[];
    readonly isWhole: (f: ViewedFibre) => boolean;
    readonly isContended: boolean;
  },
  ends: PathEnds,
  now: Instant,
): RouteChoice {
  const { kind } = found.failure;
  if (kind !== 'no-path') return found;
  const out = fibres.flatMap((fibre) => (fibre.isOut() ? [fibre.id] : []));
  const reason = `${found.failure.reason}${out.length === 0 ? '' : `; in maintenance: ${out.join(', ')}`}`;
  if (isContended) return { kind: 'none', failure: { kind: 'contention', reason } };
  const isBusy = routeFor(fibres, ends, isWhole).kind === 'found';
  if (isBusy) return { kind: 'none', failure: { kind: 'port-busy', reason } };
  const silent = view.silent(now);
  if (silent.length === 0) return { kind: 'none', failure: { kind, reason } };
  const heard = `nothing is heard of ${silent.join(', ')}`;
  return { kind: 'none', failure: { kind: 'participant-unreachable', reason: `${reason}; ${heard}` } };
}

/** A route for a time that begins later: what is in use, or failed, now may not be so then, and the switches know better. */
export function chooseForLater(
  { platform, view }: Pick<AgentContext, 'platform' | 'view'>,
  ends: PathEnds,
  avoided: Avoided,
): RouteResult {
  const fibres = view.fibres(platform.clock.now());
  return routeFor(
    fibres,
    ends,
    (fibre) => !fibre.isOut() && !avoided.leaves(fibre) && !avoided.hasPortOf(fibre),
  );
}
