// Which route a path tries next, given what its earlier tries ran into.

import type { Instant } from '../core/time.ts';
import type { AgentContext } from './agent-context.ts';
import type { Refusal } from './coordinator.ts';
import type { PathTerms } from './path-terms.ts';
import type { PathFailure, RefusalKind } from './refusal.ts';
import type { Fibre, Route, RouteResult } from './route.ts';
import { routeFor } from './terms-route.ts';
import { LIMITS } from './timings.ts';
import type { TopologyView } from './topology-view.ts';
import type { ViewedFibre } from './viewed-fibre.ts';

export type RouteChoice =
  | { readonly kind: 'found'; readonly route: Route }
  | { readonly kind: 'none'; readonly failure: PathFailure }
  /** None now, but what is in the way may soon be gone. */
  | { readonly kind: 'wait' };

/** What a try that failed leaves out in the next. */
export class Avoided {
  readonly fibres = new Set<string>();
  readonly switches = new Set<string>();
  /** Ports that somebody else has reserved, or has for good as far as is known. */
  readonly ports = new Set<string>();
  /** Ports that other paths held when they were wanted: they may have left them since. */
  readonly taken = new Set<string>();
  /** Ports that other transactions were after: they may come free again. */
  readonly contended = new Set<string>();
  /** Switches whose agents did not answer: they may come back. */
  readonly unreachable = new Set<string>();
  readonly reasons: string[] = [];
  /** What to call it all, if this is the end: by what the last try that was refused ran into. */
  kind: RefusalKind | null = null;
  tries = 0;
  /** Tries that others were faster at: they do not count as tries, up to a bound of their own. */
  contentions = 0;
  /** Waits for others to let go of what is no suspect. */
  soundWaits = 0;
  /** Waits for what others are deciding, where no way is left without it. */
  waits = 0;
  /** Others have been asked for their fibres. */
  hasPreempted = false;

  /** Whether it ends at a switch that is left out. */
  leaves({ a, b }: Fibre): boolean {
    if (this.switches.size === 0 && this.unreachable.size === 0) return false;
    return [a, b].some(({ node }) => this.switches.has(node) || this.unreachable.has(node));
  }

  /** Whether nothing is known to be wrong with a route, but that others may be after its ports at the moment. */
  isOpen({ fibres, hops }: Route): boolean {
    if (fibres.some((fibre) => this.fibres.has(fibre))) return false;
    return hops.every(
      ({ switchName, pair }) =>
        !this.switches.has(switchName) &&
        !this.unreachable.has(switchName) &&
        ![pair.a, pair.b].some((port) => this.#isTaken(`${switchName}/${port}`)),
    );
  }

  /** Whether somebody else has, or is after, a port that it ends at. */
  hasPortOf({ a, b }: Fibre): boolean {
    if (this.ports.size + this.taken.size + this.contended.size === 0) return false;
    return [a, b].some(({ node, port }) => this.hasPort(node, `${port}`));
  }

  /** Whether somebody else has one, and is not only after it. */
  hasTakenPortOf({ a, b }: Fibre): boolean {
    return [a, b].some(({ node, port }) => this.#isTaken(`${node}/${port}`));
  }

  /** Whether one is reserved by somebody else. */
  hasReservedPortOf({ a, b }: Fibre): boolean {
    return this.ports.size > 0 && [a, b].some(({ node, port }) => this.ports.has(`${node}/${port}`));
  }

  hasPort(switchName: string, port: string): boolean {
    const name = `${switchName}/${port}`;
    return this.#isTaken(name) || this.contended.has(name);
  }

  /** What others were after, or had, may be free by now: it is looked at anew. */
  forgetOthers(): void {
    this.contended.clear();
    this.taken.clear();
  }

  #isTaken(name: string): boolean {
    return this.ports.has(name) || this.taken.has(name);
  }

  refused({ switchName, kind, port, reason }: Refusal): void {
    this.reasons.push(reason);
    this.kind = REFUSALS[kind];
    if (kind === 'locked' && port !== null) this.contended.add(`${switchName}/${port}`);
    else if (kind === 'busy' && port !== null) this.taken.add(`${switchName}/${port}`);
    else if (kind === 'reserved' && port !== null) this.ports.add(`${switchName}/${port}`);
    else if (kind === 'unreachable') this.unreachable.add(switchName);
    else this.switches.add(switchName);
  }

  /** The others of one try; what only tells that others were faster does not use it up. */
  refusedBy(refusals: readonly Refusal[]): void {
    for (const refusal of refusals) this.refused(refusal);
    const isContention = refusals.every(({ kind }) => kind === 'locked' || kind === 'busy');
    if (!isContention || this.contentions >= LIMITS.contentionsMax) return;
    this.contentions++;
    this.tries--;
  }

  failed(fibres: readonly string[]): void {
    // Another failure than before deserves tries of its own; there are only so many fibres.
    if (fibres.some((fibre) => !this.fibres.has(fibre))) this.tries = 0;
    for (const fibre of fibres) {
      this.fibres.add(fibre);
      this.reasons.push(`fibre ${fibre} failed`);
    }
  }

  silent(switches: readonly string[]): void {
    for (const name of switches) this.unreachable.add(name);
    this.kind = 'no-light';
    this.reasons.push(`no word of light from ${switches.join(', ')}`);
  }

  /** Why, each reason once. */
  get why(): string {
    return [...new Set(this.reasons)].join('; ');
  }
}

const REFUSALS: Readonly<Record<Refusal['kind'], RefusalKind>> = {
  locked: 'contention',
  busy: 'port-busy',
  reserved: 'port-reserved',
  unreachable: 'participant-unreachable',
  failed: 'switch-failed',
};

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
    const mayWait = !isSound && avoided.contended.size > 0 && avoided.soundWaits < LIMITS.soundWaitsMax;
    if (!mayWait || routeFor(fibres, ends, isSoundFree).kind === 'none') return found;
    avoided.contended.clear();
    avoided.soundWaits++;
    avoided.tries--;
    return { kind: 'wait' };
  }
  // What is locked is not held yet, and may never be. Only what is held, as the switches tell now, refuses for good.
  const mayFree = (f: ViewedFibre): boolean =>
    (isLeft(f) || f.mayComeFree(ends.path)) && isAllowed(f) && !avoided.hasReservedPortOf(f);
  const isContended = routeFor(fibres, ends, mayFree).kind === 'found';
  if (isContended && avoided.waits < LIMITS.waitsMax) {
    avoided.contended.clear();
    // What somebody has comes to be known here, too; before that to ask for it again is in vain.
    if (++avoided.waits % LIMITS.newsWaits === 0) avoided.taken.clear();
    avoided.tries--;
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
