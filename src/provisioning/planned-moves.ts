// Moves of a light path that need not be: as somebody ordered, and back to its working route once that has been whole
// for long enough. It goes only where there is a way, and otherwise stays as it is.

import { Avoided } from './avoided.ts';
import { isSameRoute, type MoveOrder, toLeave } from './move-order.ts';
import type { PathAllocation, Transacted } from './path-allocation.ts';
import type { PathClaims } from './path-claims.ts';
import type { PathStanding } from './path-standing.ts';
import type { PathFailure } from './refusal.ts';
import type { Route } from './route.ts';
import type { RouteChoice } from './route-choice.ts';
import { LIMITS } from './timings.ts';

export class PlannedMoves {
  readonly #s: PathStanding;
  readonly #allocation: PathAllocation;
  readonly #claims: PathClaims;
  #orders: MoveOrder[] = [];

  constructor(standing: PathStanding, allocation: PathAllocation, claims: PathClaims) {
    this.#s = standing;
    this.#allocation = allocation;
    this.#claims = claims;
  }

  /** Somebody wants it elsewhere; it goes when it is up or DOWN, and where there is a way. */
  order(order: MoveOrder): void {
    if (this.#s.state === 'ended') return order.answer('the path has ended');
    if (this.#orders.length >= LIMITS.ordersMax) return order.answer('too many orders wait for this path');
    this.#orders.push(order);
    this.#s.events.put({ kind: 'ordered' });
  }

  get isOrdered(): boolean {
    return this.#orders.length > 0;
  }

  /** The path has ended. */
  end(): void {
    for (const order of this.#orders) order.answer('the path has ended');
  }

  /** Moves as somebody wants; stays where it is if that cannot be. Null when there is light, else why it is DOWN. */
  async obey(): Promise<PathFailure | null> {
    const s = this.#s;
    const order = this.#orders.shift();
    if (order === undefined) return s.downFor;
    const fibres = [...(s.route?.fibres ?? [])];
    const avoided = this.#claims.afresh();
    const found = await this.#carryOut(order, avoided);
    if (typeof found === 'string') {
      order.answer(found);
      return s.downFor;
    }
    if (found.kind !== 'found') {
      order.answer(null);
      return s.downFor;
    }
    const { why, by } = order;
    const ends = { from: fibres, to: [...found.route.fibres] };
    s.record('operator.moved', { path: s.name, revision: s.revision, why, by, ...ends });
    s.keepsRoute = false;
    s.enter('moving');
    const end = await this.#allocation.followOrMove(found, avoided);
    order.answer(end === null ? null : end.reason);
    return end;
  }

  /** To the working route; stays where it is if somebody else is there. */
  async goBack(): Promise<PathFailure | null> {
    const s = this.#s;
    const { working } = s.reversion;
    const avoided = new Avoided();
    s.reversion.postpone(s.now());
    if (working === null || s.isStuck || s.guide.mayTake?.(working) === false) return null;
    const found = await this.#allocation.transact(avoided, working.fibres, true);
    if (found.kind !== 'found') {
      s.backup?.refresh();
      return null;
    }
    s.enter('moving');
    if (found.result.kind === 'aborted') {
      s.enter('lighting');
      return s.nowUp();
    }
    s.record('path.reverted', { path: s.name, revision: s.revision });
    return await this.#allocation.followOrMove(found, avoided);
  }

  /** The move that was made, `wait` where it is there already, or why there is none. */
  async #carryOut(order: MoveOrder, avoided: Avoided): Promise<Transacted | { kind: 'wait' } | string> {
    const { route, held } = this.#s;
    if (route === null) return 'the path has no route yet';
    const { along } = order;
    const isAway = held.length > 0;
    if (along !== null && isAway && isSameRoute(along, route.fibres)) return { kind: 'wait' };
    if (along === null && order.why === 'operator') {
      const leave = isAway ? this.#leave(route) : [];
      if (leave === null) return 'there is no other way that is free';
      for (const fibre of leave) avoided.fibres.add(fibre);
    }
    return await this.#go(along, isAway, avoided);
  }

  /** What to leave out so that it comes to another route. */
  #leave(route: Route): readonly string[] | null {
    const search = (leave: readonly string[]): RouteChoice => {
      const other = this.#claims.afresh();
      for (const fibre of leave) other.fibres.add(fibre);
      return this.#s.mover.search(other, true, null);
    };
    return toLeave(route, search);
  }

  async #go(
    along: readonly string[] | null,
    isAway: boolean,
    avoided: Avoided,
  ): Promise<Transacted | string> {
    const s = this.#s;
    while (avoided.tries++ < LIMITS.attemptsMax && !s.isStopped) {
      const there = s.mover.search(avoided, true, along);
      if (there.kind === 'none') return this.#allocation.noWay(there.failure, avoided).reason;
      if (there.kind === 'found' && along !== null && !isSameRoute(along, there.route.fibres))
        return `these fibres are no route from ${s.from} to ${s.to}`;
      const found = there.kind === 'found' ? await this.#allocation.transact(avoided, along, isAway) : there;
      if (found.kind === 'none') return this.#allocation.noWay(found.failure, avoided).reason;
      if (found.kind === 'wait') await s.backOff();
      else if (found.result.kind === 'committed') return found;
      else {
        for (const refusal of found.result.refusals) avoided.refused(refusal);
        this.#stay();
      }
    }
    return s.isStopped ? 'the path has ended' : avoided.why;
  }

  /** After a move that was not decided: everything is as before. */
  #stay(): void {
    const s = this.#s;
    if (s.downFor !== null) return;
    s.enter('moving');
    s.enter('lighting');
    s.nowUp();
  }
}
