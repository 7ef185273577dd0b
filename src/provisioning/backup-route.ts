// 1:1 protection of a light path: while it is up, a second route beside its own is computed and prepared at all its
// switches, in a transaction that is not decided. A failure then takes one decision: no route is computed and no
// port is locked any more. The ports are the path's meanwhile; the switches make nothing.
//
// A shared backup is not prepared: its switches keep its ports for this path and others, and whose route fails first
// takes them by a transaction.
//
// What is prepared is kept under a lease, which its coordinator renews by saying that nothing is decided yet; one that starts
// again has decided nothing, so that its switches let go and are asked afresh.

import type { AgentContext } from './agent-context.ts';
import { Avoided } from './avoided.ts';
import type { BackupHolder } from './backup-holder.ts';
import { risksOf } from './backup-risks.ts';
import type { Protection } from './protection.ts';
import { keepApart } from './protection-route.ts';
import type { Route } from './route.ts';
import { chooseRoute, type PathEnds, type RouteChoice } from './route-choice.ts';
import type { HeldMove, RouteMover } from './route-mover.ts';
import type { TransactionResult } from './transaction-runner.ts';

/** Tries of one search for a backup, each with what refused before left out: ours. */
const triesMax = 6;

export interface BackupRouteOptions {
  readonly context: AgentContext;
  readonly ends: PathEnds;
  readonly disjoint: Protection['disjoint'];
  readonly mover: RouteMover;
  /** Null: the backup is the path's alone. */
  readonly sharedBy: BackupHolder | null;
  /** The route that is in use; null while there is no light on it. */
  readonly inUse: () => Route | null;
}

export class BackupRoute {
  readonly #o: BackupRouteOptions;
  #held: HeldMove | null = null;
  /** The route that it is held for. */
  #behind: Route | null = null;
  /** Counts what made a search pointless that is under way. */
  #generation = 0;
  #isSearching = false;
  /** Of the route that was left last: one of them failed. */
  #suspects: readonly string[] = [];

  constructor(options: BackupRouteOptions) {
    this.#o = options;
  }

  /** What a failure would be met with, without another thought. */
  get held(): HeldMove | null {
    return this.#held;
  }

  /** One of these has failed; they are left out until one is whole again. */
  suspect(fibres: readonly string[]): void {
    this.#suspects = fibres;
  }

  heardOf(state: 'failed' | 'whole', fibres: readonly string[]): void {
    if (state === 'whole' && this.#suspects.some((fibre) => fibres.includes(fibre))) this.#suspects = [];
    if (state === 'failed' && this.#held?.route.fibres.some((fibre) => fibres.includes(fibre)) === true)
      this.drop('a fibre of it has failed');
    this.refresh();
  }

  /** None of these is to be used any more. */
  leave(fibres: readonly string[]): void {
    if (this.#held?.route.fibres.some((fibre) => fibres.includes(fibre)) !== true) return;
    this.drop('a fibre of it is in maintenance');
    this.refresh();
  }

  /** Takes what is held: whoever calls moves the path to it. */
  take(): HeldMove | null {
    const held = this.#held;
    this.#generation++;
    this.#held = null;
    return held;
  }

  /** The path is about to move by itself. What is shared remains, so that the path may move there. */
  moving(): void {
    this.#generation++;
    if (this.#o.sharedBy === null) this.drop('the path moves');
  }

  /** What was held belonged to where it was. */
  moved(): void {
    this.drop('the path has moved');
  }

  drop(reason: string): void {
    this.#generation++;
    this.#held?.drop(reason);
    this.#held = null;
  }

  /** Sees to it that there is a backup, now or later. */
  refresh(): void {
    if (this.#held === null && !this.#isSearching && this.#o.inUse() !== null)
      this.#o.context.watch(this.#search());
  }

  async #search(): Promise<void> {
    this.#isSearching = true;
    const generation = ++this.#generation;
    const reason = await this.#hold(generation);
    this.#isSearching = false;
    if (generation !== this.#generation) return this.refresh();
    const { context, ends } = this.#o;
    const { path } = ends;
    if (reason === null) {
      if (this.#held === null) return;
      const { route, transaction } = this.#held;
      const working = this.#o.sharedBy === null ? {} : { working: [...(this.#behind?.fibres ?? [])] };
      const backup = [...route.fibres];
      context.platform.log.record('path.protected', { path, backup, transaction, ...working });
    } else {
      context.platform.log.record('path.unprotected', { path, reason });
      context.platform.clock.timer(context.timings.legAgain, () => this.refresh());
    }
  }

  /** Null when a backup is held, or when nobody needs this one any more; else why there is none. */
  async #hold(generation: number): Promise<string | null> {
    const { context } = this.#o;
    const avoided = new Avoided();
    for (let tries = 0; tries < triesMax; tries++) {
      const inUse = this.#o.inUse();
      if (inUse === null || generation !== this.#generation) return null;
      const fibres = context.view.fibres(context.platform.clock.now());
      keepApart(fibres, inUse, this.#o.disjoint, avoided, 'access may be shared');
      for (const fibre of this.#suspects) avoided.fibres.add(fibre);
      const found = this.#choose(inUse, avoided);
      if (found.kind === 'none') return found.failure.reason;
      // What the path has just left is not free at once.
      if (found.kind === 'wait') await context.platform.clock.sleep(context.timings.backOff);
      if (found.kind === 'wait') continue;
      const held = await this.#keep(inUse, found.route);
      if (held.kind === 'held' && !held.isHeld()) continue;
      if (held.kind === 'held' && generation === this.#generation) {
        this.#held = held;
        // By now it may be dark, and wait there for its light.
        this.#behind = inUse;
        return null;
      }
      if (held.kind === 'held') held.drop('the path has moved');
      else for (const refusal of held.refusals) avoided.refused(refusal);
    }
    return avoided.why;
  }

  #choose(inUse: Route, avoided: Avoided): RouteChoice {
    const { context, ends, sharedBy, disjoint } = this.#o;
    if (sharedBy === null) return chooseRoute(context, ends, avoided, false, null);
    const risks = risksOf(context.view.fibres(context.platform.clock.now()), inUse, null, disjoint);
    return chooseRoute(context, ends, avoided, false, null, (f) => f.isFreeAsBackup(ends.path, risks));
  }

  #keep(inUse: Route, route: Route): Promise<HeldMove | (TransactionResult & { kind: 'aborted' })> {
    const { context, sharedBy, mover, disjoint } = this.#o;
    const lost = (transaction: string, reason: string): void => this.#lost(transaction, reason);
    if (sharedBy === null) return mover.hold(route, lost);
    const risks = risksOf(context.view.fibres(context.platform.clock.now()), inUse, route, disjoint);
    return mover.share(route, sharedBy, risks, lost);
  }

  /** Another path has taken ports of it, or a switch does not keep them: there may be another way. */
  #lost(transaction: string, reason: string): void {
    if (this.#held?.transaction !== transaction) return;
    this.drop(reason);
    this.#o.context.platform.log.record('path.unprotected', { path: this.#o.ends.path, reason });
    this.refresh();
  }
}

/** The fibres of a route that can explain darkness at that port: all that light passes before it, but those at the hosts, if there are others. */
export function fibresBefore(route: Route, switchName: string, port: string): readonly string[] {
  const i = route.hops.findIndex((hop) => hop.switchName === switchName);
  if (i === -1) return route.fibres;
  const before = route.hops[i]?.pair.a === port ? route.fibres.slice(0, i + 1) : route.fibres.slice(i + 1);
  const transit = before.filter((fibre) => route.fibres.slice(1, -1).includes(fibre));
  return transit.length > 0 ? transit : before;
}
