// Moves a light path: chooses its next route and carries the change out in one transaction over the switches whose
// cross-connects change; then those that the path leaves are released, and those that stay are told.

import type { AgentContext } from './agent-context.ts';
import type { Avoided } from './avoided.ts';
import type { BackupHolder } from './backup-holder.ts';
import type { BackupRisks } from './backup-risks.ts';
import type { Refusal, TransactionPlan } from './coordinator.ts';
import type { PathEntry } from './log-state.ts';
import { priorityOf } from './path-terms.ts';
import { compareRoutes, type Route, type RouteChange } from './route.ts';
import { chooseRoute, type PathEnds, type RouteChoice } from './route-choice.ts';
import type { RouteGuide } from './route-guide.ts';
import type { RouteHolding } from './route-holding.ts';
import type { HeldTransaction, TransactionResult, TransactionRunner } from './transaction-runner.ts';

export interface RouteMoverOptions {
  readonly ends: PathEnds;
  readonly context: AgentContext;
  readonly runner: TransactionRunner;
  readonly holding: RouteHolding;
  readonly guide: RouteGuide;
  /** Where the path goes back to; null: nowhere. */
  readonly working: () => Route | null;
  /** A switch no longer has anything of the path up to that revision to hold. */
  readonly release: (path: string, switchName: string, revision: number) => void;
}

/** `isMadeFirst`: the path has light that is worth keeping meanwhile. `isPatient`: it has never had any. */
export type MoveManner = Pick<TransactionPlan, 'isMadeFirst' | 'isPatient'>;

/** A move that all switches are prepared for. */
export interface HeldMove extends Pick<HeldTransaction, 'kind' | 'drop'> {
  readonly route: Route;
  readonly revision: number;
  readonly transaction: string;
  /** False when its switches keep it no longer: what is left is to try. */
  isHeld(): boolean;
  /** Makes the route the path's own. */
  commit(): Promise<TransactionResult>;
}

export class RouteMover {
  readonly #o: RouteMoverOptions;
  /** The fibres of all routes chosen so far. */
  readonly tried = new Set<string>();

  constructor(options: RouteMoverOptions) {
    this.#o = options;
  }

  /** What `choose` would find, without choosing it. */
  search(avoided: Avoided, isReroute: boolean, only: readonly string[] | null): RouteChoice {
    const { context, ends, guide } = this.#o;
    const guided = only === null ? guide.choose?.(avoided, isReroute) : undefined;
    return guided ?? chooseRoute(context, ends, avoided, isReroute, only);
  }

  /** `only`: nothing but these fibres will do. */
  choose(avoided: Avoided, isReroute: boolean, only: readonly string[] | null): RouteChoice {
    const { context, ends, holding } = this.#o;
    const choice = this.search(avoided, isReroute, only);
    if (choice.kind !== 'found') return choice;
    const revision = holding.nextRevision();
    for (const fibre of choice.route.fibres) this.tried.add(fibre);
    const { path } = ends;
    if (isReroute) {
      const { log } = context.platform;
      log.record('reroute.started', { path, revision });
      log.record('reroute.decided', { path, revision, fibres: [...choice.route.fibres] });
    }
    return choice;
  }

  /** Makes the route chosen last the path's own. Nothing is to be decided where no cross-connect changes. */
  async move(route: Route, attempt: number, manner: MoveManner = {}): Promise<TransactionResult> {
    const change = compareRoutes(this.#o.holding.held, route);
    const result: TransactionResult =
      change.changed.length === 0
        ? { kind: 'committed', failed: [] }
        : await this.#transact(route, change.changed, attempt, manner);
    if (result.kind === 'committed')
      this.#committed(route, change, result.failed, this.#o.holding.lastRevision);
    return result;
  }

  /** Prepares a move from the path's route to another, and leaves it at that. */
  async hold(
    route: Route,
    lost: (transaction: string, reason: string) => void,
  ): Promise<HeldMove | (TransactionResult & { kind: 'aborted' })> {
    const { runner, holding, context } = this.#o;
    const change = compareRoutes(holding.held, route);
    const revision = holding.nextRevision();
    const plan = this.#planOf(change.changed, revision, 1);
    const held = await runner.hold(plan, this.entryOf(route, revision));
    if (held.kind === 'aborted') return held;
    const commit = async (): Promise<TransactionResult> => {
      const result = await held.commit();
      if (result.kind === 'committed') this.#committed(route, change, result.failed, revision);
      return result;
    };
    const { transaction } = plan;
    let isHeld = true;
    const ended = held.end.then((end) => {
      isHeld = false;
      if (end.kind === 'aborted') lost(transaction, end.refusals.map(({ reason }) => reason).join('; '));
    });
    context.watch(ended);
    return { kind: 'held', route, revision, transaction, isHeld: () => isHeld, commit, drop: held.drop };
  }

  /** The same where others may keep the ports, too: nothing is prepared before it is needed. */
  async share(
    route: Route,
    holder: BackupHolder,
    risks: BackupRisks,
    lost: (transaction: string, reason: string) => void,
  ): Promise<HeldMove | (TransactionResult & { kind: 'aborted' })> {
    const { runner, holding } = this.#o;
    const change = compareRoutes(holding.held, route);
    const revision = holding.nextRevision();
    const plan = this.#planOf(change.changed, revision, 1);
    const { transaction } = plan;
    const held = await holder.hold(plan, risks, (reason) => lost(transaction, reason));
    if (held.kind === 'aborted') return held;
    const { drop, isHeld } = held;
    const commit = async (): Promise<TransactionResult> => {
      const result = await runner.run(plan, this.entryOf(route, revision));
      drop();
      if (result.kind === 'committed') this.#committed(route, change, result.failed, revision);
      return result;
    };
    return { kind: 'held', route, revision, transaction, isHeld, commit, drop };
  }

  #transact(
    route: Route,
    voters: RouteChange['changed'],
    attempt: number,
    manner: MoveManner,
  ): Promise<TransactionResult> {
    const { runner, holding } = this.#o;
    const revision = holding.lastRevision;
    const plan = this.#planOf(voters, revision, attempt);
    return runner.run({ ...plan, ...manner }, this.entryOf(route, revision));
  }

  #planOf(voters: RouteChange['changed'], revision: number, attempt: number): TransactionPlan {
    const { ends, context, runner } = this.#o;
    const transaction = runner.nextId();
    const coordinator = context.config.switchName;
    const rank = { attempt, transaction };
    const until = ends.terms.reserve?.end;
    const period = until === undefined ? {} : { until };
    const priority = priorityOf(ends.terms);
    return { transaction, path: ends.path, revision, coordinator, rank, ...period, priority, voters };
  }

  /** As the log keeps it. */
  entryOf(route: Route, revision: number): PathEntry {
    const { ends, working } = this.#o;
    const back = working();
    const entry = { path: ends.path, revision, route, terms: ends.terms };
    return back === null ? entry : { ...entry, working: back };
  }

  #committed(route: Route, change: RouteChange, failed: readonly Refusal[], revision: number): void {
    const { ends, context, holding, release } = this.#o;
    const { path } = ends;
    const told = change.changed.map((voter) => voter.switchName);
    holding.adopt(route, revision, told, new Set(failed.map((refusal) => refusal.switchName)));
    for (const { switchName } of change.dropped) release(path, switchName, revision);
    for (const { switchName, pair } of holding.untold)
      context.send(switchName, { type: 'renew', path, revision, pair });
  }
}
