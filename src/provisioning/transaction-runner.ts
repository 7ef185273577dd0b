// Runs coordinator transactions: sends, logs, waits, says again. Those that are decided but not answered by
// all go on being told, through restarts, ever more rarely.

import { type Duration, ns } from '../core/time.ts';
import type { Timer } from '../platform/platform.ts';
import type { AgentContext } from './agent-context.ts';
import {
  type CoordinatorOutput,
  CoordinatorTransaction,
  type Refusal,
  type TransactionPlan,
  type Voter,
} from './coordinator.ts';
import type { DecisionLog } from './decision-log.ts';
import type { PathEntry } from './log-state.ts';
import type { AgentMessage, MessageOf } from './messages.ts';

export type TransactionResult =
  /** Refusals that come in late are added. */
  | { readonly kind: 'aborted'; readonly refusals: readonly Refusal[] }
  | { readonly kind: 'committed'; readonly failed: readonly Refusal[] };

/** Prepared by all, and not decided. */
export interface HeldTransaction {
  readonly kind: 'held';
  /** Decides and carries out; resolves as `run` does. */
  commit(): Promise<TransactionResult>;
  drop(reason: string): void;
  /** What became of it in the end; `aborted` also where a switch no longer holds it. */
  readonly end: Promise<TransactionResult>;
}

interface Running {
  readonly transaction: CoordinatorTransaction;
  /** Null for one found in the log. */
  readonly entry: PathEntry | null;
  readonly done: (result: TransactionResult) => void;
  readonly held: () => void;
  timers: Timer[];
  again: Duration;
}

export class TransactionRunner {
  readonly #c: AgentContext;
  readonly #log: DecisionLog;
  readonly #running = new Map<string, Running>();
  /** Aborted, and votes may still come in. */
  readonly #aborted = new Map<string, CoordinatorTransaction>();
  readonly #late: (plan: TransactionPlan, late: readonly string[]) => void;
  #count = 0;

  /** `late` hears of those that carried out a decision after they had counted as failed. */
  constructor(
    context: AgentContext,
    log: DecisionLog,
    late: (plan: TransactionPlan, late: readonly string[]) => void,
  ) {
    this.#c = context;
    this.#log = log;
    this.#late = late;
  }

  /** A name that no transaction had before, whatever restarts: by a life that is on disk. */
  nextId(): string {
    return `${this.#c.config.switchName}#${this.#c.view.own.boot}.${++this.#count}`;
  }

  /** Resolves by `prepareLimit` plus `commitLimit`, plus the disk. */
  run(plan: TransactionPlan, entry: PathEntry): Promise<TransactionResult> {
    return this.#start(new CoordinatorTransaction(plan), entry);
  }

  /** The same up to the decision, which waits until it is wanted. */
  hold(
    plan: TransactionPlan,
    entry: PathEntry,
  ): Promise<HeldTransaction | (TransactionResult & { kind: 'aborted' })> {
    const transaction = new CoordinatorTransaction(plan, 'preparing', true);
    const id = plan.transaction;
    const decide = (outputs: () => CoordinatorOutput[]): void => {
      const running = this.#running.get(id);
      if (running !== undefined) this.#do(running, outputs());
    };
    return new Promise((resolve) => {
      const result = this.#start(transaction, entry, () =>
        resolve({
          kind: 'held',
          commit: () => {
            decide(() => transaction.decide());
            return result;
          },
          drop: (reason) => decide(() => transaction.cancel(reason)),
          end: result,
        }),
      );
      // Before it is held it can only be refused; afterwards this changes nothing.
      this.#c.watch(result.then((end) => end.kind === 'aborted' && resolve(end)));
    });
  }

  /** A decision found in the log. */
  resume(plan: TransactionPlan): Promise<TransactionResult> {
    return this.#start(new CoordinatorTransaction(plan, 'committing'), null);
  }

  /** Stops what is not decided yet. */
  cancel(path: string, reason: string): void {
    for (const running of [...this.#running.values()])
      if (running.transaction.plan.path === path) this.#do(running, running.transaction.cancel(reason));
  }

  /** What switches hold of decisions that others are still carrying out. */
  get carriedOut(): readonly (Voter & { readonly path: string; readonly revision: number })[] {
    return [...this.#running.values()].flatMap(({ transaction: { plan, carriedOut } }) =>
      carriedOut.map((voter) => ({ ...voter, path: plan.path, revision: plan.revision })),
    );
  }

  /** A way to that switch has opened: what it was sent before may be lost. */
  inTouch(switchName: string): void {
    for (const running of [...this.#running.values()]) {
      const { transaction } = running;
      if (transaction.plan.voters.some((voter) => voter.switchName === switchName))
        this.#do(running, transaction.inTouch(switchName));
    }
  }

  handle(from: string, message: AgentMessage): void {
    if (!isOfParticipant(message)) return;
    const running = this.#running.get(message.transaction);
    if (running === undefined) {
      this.#handleUnknown(from, message);
      return;
    }
    const t = running.transaction;
    if (message.type === 'vote') this.#do(running, t.vote(from, message));
    else if (message.type === 'committed') this.#do(running, t.committed(from, message));
    else if (message.type === 'working') this.#do(running, t.working(from));
    else this.#do(running, t.ask(from));
  }

  /** Not known: never decided, or carried out by all. Either way the one that asks must not commit. */
  #handleUnknown(from: string, message: AgentMessage): void {
    if (message.type === 'vote') this.#aborted.get(message.transaction)?.vote(from, message);
    if (message.type === 'ask' || (message.type === 'vote' && message.vote === 'prepared'))
      this.#c.send(from, { type: 'abort', transaction: message.transaction, path: message.path });
  }

  #start(
    transaction: CoordinatorTransaction,
    entry: PathEntry | null,
    held: () => void = () => {},
  ): Promise<TransactionResult> {
    return new Promise((done) => {
      const again = this.#c.timings.resend;
      const running: Running = { transaction, entry, done, held, timers: [], again };
      this.#running.set(transaction.plan.transaction, running);
      if (entry === null) this.#limitCommit(running);
      else this.#limitPrepare(running);
      this.#sayAgainLater(running);
      this.#do(running, transaction.start());
    });
  }

  #do(running: Running, outputs: readonly CoordinatorOutput[]): void {
    for (const output of outputs) this.#carryOut(running, output);
  }

  #carryOut(running: Running, o: CoordinatorOutput): void {
    const { transaction, path, revision } = running.transaction.plan;
    const record = this.#c.platform.log;
    if (o.kind === 'send') this.#c.send(o.to, o.message);
    else if (o.kind === 'held') running.held();
    else if (o.kind === 'log') this.#c.watch(this.#decide(running));
    else if (o.kind === 'aborted') {
      const reason = o.refusals.map((r) => r.reason).join('; ');
      record.record('transaction.aborted', { transaction, path, revision, reason });
      this.#forget(running);
      this.#hearLateVotes(running.transaction);
      running.done(o);
    } else if (o.kind === 'committed') {
      if (o.failed.length === 0) record.record('transaction.committed', { transaction, path, revision });
      running.done(o);
    } else {
      this.#forget(running);
      this.#c.watch(this.#log.append({ kind: 'settled', transaction }));
      if (o.late.length > 0) this.#late(running.transaction.plan, o.late);
    }
  }

  #hearLateVotes(transaction: CoordinatorTransaction): void {
    const id = transaction.plan.transaction;
    this.#aborted.set(id, transaction);
    this.#c.platform.clock.timer(this.#c.timings.prepareLimit, () => this.#aborted.delete(id));
  }

  async #decide(running: Running): Promise<void> {
    const { plan } = running.transaction;
    if (running.entry === null) return;
    await this.#log.append({ kind: 'decided', plan, entry: running.entry });
    const { transaction, path, revision } = plan;
    this.#c.platform.log.record('transaction.locked', { transaction, path, revision });
    this.#limitCommit(running);
    this.#do(running, running.transaction.decisionLogged());
  }

  #limitPrepare(running: Running): void {
    const { transaction } = running;
    this.#after(running, this.#c.timings.prepareLimit, () => {
      const outputs = transaction.prepareLimitPassed();
      if (transaction.state === 'preparing') this.#limitPrepare(running);
      return outputs;
    });
  }

  #limitCommit(running: Running): void {
    const { transaction } = running;
    this.#after(running, this.#c.timings.commitLimit, () => {
      const outputs = transaction.commitLimitPassed();
      if (transaction.state === 'committing') this.#limitCommit(running);
      return outputs;
    });
  }

  #sayAgainLater(running: Running): void {
    this.#after(running, running.again, () => {
      const { isTelling } = running.transaction;
      if (isTelling) running.again = ns(Math.min(running.again * 2, this.#c.timings.lease));
      this.#sayAgainLater(running);
      return running.transaction.resend();
    });
  }

  #after(running: Running, d: Duration, outputs: () => CoordinatorOutput[]): void {
    const timer = this.#c.platform.clock.timer(d, () => {
      running.timers = running.timers.filter((other) => other !== timer);
      this.#do(running, outputs());
    });
    running.timers.push(timer);
  }

  #forget(running: Running): void {
    for (const timer of running.timers) timer.cancel();
    running.timers = [];
    this.#running.delete(running.transaction.plan.transaction);
  }
}

const OF_PARTICIPANTS = ['vote', 'committed', 'ask', 'working'] as const;

const isOfParticipant = (message: AgentMessage): message is MessageOf<(typeof OF_PARTICIPANTS)[number]> =>
  OF_PARTICIPANTS.some((type) => type === message.type);
