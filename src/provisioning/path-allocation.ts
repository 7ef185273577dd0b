// Tries routes for a light path, one transaction each, until one has light: its first route, and any that a failure
// drives it to. It may ask paths of a lower priority out of the way. What a try has refused is avoided by the next.

import { propagationDelay } from '../core/quantity.ts';
import { after, type Instant, ns } from '../core/time.ts';
import type { Avoided } from './avoided.ts';
import { waitForLight } from './light-wait.ts';
import type { PathLoss } from './path-event.ts';
import type { PathStanding } from './path-standing.ts';
import { priorityOf } from './path-terms.ts';
import { choosePreemption } from './preemption.ts';
import type { PathFailure } from './refusal.ts';
import type { Route } from './route.ts';
import type { RouteChoice } from './route-choice.ts';
import { LIMITS } from './timings.ts';
import type { TransactionResult } from './transaction-runner.ts';

export type Transacted = RouteChoice & { kind: 'found' } & { readonly result: TransactionResult };

/** What to do about a new route that has no light, or is not held everywhere. Null when there is light. */
export interface Darkness {
  findOut(avoided: Avoided, loss: PathLoss | null): Promise<PathFailure | null>;
  remake(avoided: Avoided, switchName: string): Promise<PathFailure | null>;
}

export class PathAllocation {
  readonly #s: PathStanding;
  readonly #darkness: Darkness;

  constructor(standing: PathStanding, darkness: Darkness) {
    this.#s = standing;
    this.#darkness = darkness;
  }

  /** Tries routes until one has light. Null then, else why there is none. */
  async move(avoided: Avoided): Promise<PathFailure | null> {
    const s = this.#s;
    const started = s.now();
    while (avoided.tries++ < LIMITS.attemptsMax && !s.isStopped) {
      const found = await this.transact(avoided, s.isStuck ? (s.route?.fibres ?? null) : null, false);
      if (found.kind === 'wait') {
        await s.backOff();
        continue;
      }
      if (found.kind === 'none' && s.downFor === null && (await this.#mayKnowMore(started))) continue;
      if (found.kind === 'none' && (await this.#preempt(avoided))) continue;
      if (found.kind === 'none') return this.noWay(found.failure, avoided);
      const isNew = s.setUpAt === null;
      if (isNew && isOutrun(found.result)) await s.stepBack(avoided.contentions);
      const problem = await this.follow(found, avoided);
      if (problem !== 'again') return problem;
    }
    if (s.isStopped) return null;
    const reason = `gave up after ${LIMITS.attemptsMax} tries: ${avoided.why}`;
    return { kind: avoided.kind ?? 'contention', reason };
  }

  /** Chooses a route and makes it the path's own, when it is the path's turn: routes are chosen by what is then free. */
  async transact(
    avoided: Avoided,
    only: readonly string[] | null,
    /** It has light, which is to be missed for as short as can be. */
    isMadeFirst: boolean,
  ): Promise<Exclude<RouteChoice, { kind: 'found' }> | Transacted> {
    const s = this.#s;
    s.backup?.moving();
    const isReroute = s.setUpAt !== null;
    const turns = isReroute ? s.context.turns : s.context.setUpTurns;
    const endTurn = await turns.take(priorityOf(s.terms));
    try {
      // Its end has come while it waited for its turn: others are after the same ports.
      if (s.isStopped) return { kind: 'wait' };
      const found = s.mover.choose(avoided, isReroute, only);
      if (found.kind !== 'found') return found;
      const attempt = avoided.tries + avoided.contentions;
      const manner = isMadeFirst ? { isMadeFirst } : isReroute ? {} : ({ isPatient: true } as const);
      return { ...found, result: await s.mover.move(found.route, attempt, manner) };
    } finally {
      s.backup?.moved();
      endTurn();
    }
  }

  /** Sees a transaction through to light; `again`: not this one, but perhaps another. */
  async follow(
    { route, result }: Pick<Transacted, 'route' | 'result'>,
    avoided: Avoided,
  ): Promise<PathFailure | null | 'again'> {
    if (result.kind === 'aborted') {
      avoided.refusedBy(result.refusals);
      return 'again';
    }
    for (const refusal of result.failed) avoided.refused(refusal);
    if (result.failed.length === 0) return await this.#awaitLight(route, avoided);
    for (const state of ['lighting', 'locating', 'moving'] as const) this.#s.enter(state);
    return 'again';
  }

  /** The same, and the next routes after it. */
  async followOrMove(
    made: Pick<Transacted, 'route' | 'result'>,
    avoided: Avoided,
  ): Promise<PathFailure | null> {
    const problem = await this.follow(made, avoided);
    return problem === 'again' ? await this.move(avoided) : problem;
  }

  noWay(found: PathFailure, avoided: Avoided): PathFailure {
    const unread = this.#s.context.view.unread(this.#s.now());
    const who = unread.length === 0 ? '' : `the ports of ${unread.join(', ')} have not been read`;
    const reason = [found.reason, avoided.why, who].filter((text) => text !== '').join('; ');
    const isVague = found.kind === 'no-path' || avoided.kind === 'port-reserved';
    return { kind: isVague ? (avoided.kind ?? found.kind) : found.kind, reason };
  }

  async #awaitLight(route: Route, avoided: Avoided): Promise<PathFailure | null> {
    const s = this.#s;
    s.enter('lighting');
    const limit = ns(s.context.timings.lightLimit + propagationDelay(route.length));
    const end = await waitForLight({
      events: s.events,
      route,
      revision: s.revision,
      deadline: after(s.now(), limit),
      isStopped: () => s.isStopped,
    });
    if (end.kind === 'stopped') return null;
    if (end.kind === 'lit') return s.nowUp();
    if (end.kind !== 'not-held')
      return await this.#darkness.findOut(avoided, end.kind === 'lost' ? end.loss : null);
    s.enter('locating');
    return await this.#darkness.remake(avoided, end.from);
  }

  /** Asks those in the way of the best route that may be asked, once a move, and waits for them. */
  async #preempt(avoided: Avoided): Promise<boolean> {
    const s = this.#s;
    const { context: c, name, from, to, terms } = s;
    if (terms.mayPreempt !== true || avoided.hasPreempted) return false;
    avoided.hasPreempted = true;
    const found = choosePreemption(c, { path: name, from, to, terms }, avoided);
    if (found === null) return false;
    const fibres = [...found.route.fibres];
    const priority = priorityOf(terms);
    s.record('path.preempting', { path: name, fibres, victims: found.holders.map(({ path }) => path) });
    for (const { path, coordinator } of found.holders)
      c.send(coordinator, { type: 'preempt', path, by: name, priority, fibres });
    const limit = after(s.now(), c.timings.preemptLimit);
    const isFree = (): boolean =>
      c.view.fibres(s.now()).every((f) => !fibres.includes(f.id) || f.isFreeFor(name));
    while (!isFree() && s.now() < limit && !s.isStopped) await s.backOff();
    avoided.forgetOthers();
    return true;
  }

  /** Just after a start not all that there is may be known; and a path that was up waits for an agent that starts again. */
  async #mayKnowMore(started: Instant): Promise<boolean> {
    const { context, route, setUpAt } = this.#s;
    if (await context.meet()) return true;
    const own = route?.hops.map((hop) => hop.switchName) ?? [];
    return setUpAt !== null && (await context.meet(own, after(started, context.timings.returnLimit)));
  }
}

/** Nothing but other paths spoke against it. */
const isOutrun = (result: TransactionResult): boolean =>
  result.kind === 'aborted' && result.refusals.every(({ kind }) => kind === 'locked' || kind === 'busy');
