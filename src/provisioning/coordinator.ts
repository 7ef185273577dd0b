// The coordinator's side of one transaction: a state machine over votes, answers and elapsed limits. Presumed
// abort: only a decision to commit is logged, and before it is on disk nobody hears of it.
//
//   preparing --all voted--> (held -->) deciding --on disk--> committing ------all answered------> committed
//       \--a refusal or the limit--> aborted                  \--the limit--> overdue --------^
//
// `overdue` goes on telling those that did not answer: the decision stands for them, too, whenever they return.

import { assert } from '../core/assert.ts';
import type { AgentMessage, MessageOf, Rank } from './messages.ts';
import type { PortPair } from './port-pair.ts';
import { LIMITS } from './timings.ts';

export type CoordinatorState =
  | 'preparing'
  | 'held'
  | 'deciding'
  | 'committing'
  | 'overdue'
  | 'committed'
  | 'aborted';
const TRANSITIONS: Readonly<Record<CoordinatorState, readonly CoordinatorState[]>> = {
  preparing: ['held', 'deciding', 'aborted'],
  held: ['deciding', 'aborted'],
  deciding: ['committing'],
  committing: ['overdue', 'committed'],
  overdue: ['committed'],
  committed: [],
  aborted: [],
};

export interface Voter {
  readonly switchName: string;
  readonly remove: PortPair | null;
  readonly make: PortPair;
}

export interface Refusal {
  readonly switchName: string;
  readonly kind: 'locked' | 'busy' | 'reserved' | 'failed' | 'unreachable';
  readonly port: string | null;
  readonly reason: string;
}

export type CoordinatorOutput =
  | { readonly kind: 'send'; readonly to: string; readonly message: AgentMessage }
  /** All are prepared and stay so until `decide` or `cancel`. */
  | { readonly kind: 'held' }
  /** Put the decision on disk, then call `decisionLogged`. */
  | { readonly kind: 'log' }
  /** Refusals of the same prepares that are still on their way are added when they come. */
  | { readonly kind: 'aborted'; readonly refusals: readonly Refusal[] }
  /** Everyone has answered, or the limit has passed; `failed` could not do what was decided, or did not answer. Comes once. */
  | { readonly kind: 'committed'; readonly failed: readonly Refusal[] }
  /** Everyone has answered: the transaction can be forgotten. `late` did so after they had counted as failed. */
  | { readonly kind: 'settled'; readonly late: readonly string[] };

export interface TransactionPlan {
  readonly transaction: string;
  readonly path: string;
  readonly revision: number;
  readonly coordinator: string;
  readonly rank: Rank;
  /** When the path's time is over, in ms since 1970, if that is known. */
  readonly until?: number;
  readonly priority?: number;
  /** What is new is made first, and what carries light is changed after that. */
  readonly isMadeFirst?: true;
  /** Nobody misses light meanwhile: those that say that they are at it, with many paths before this one, get more time. */
  readonly isPatient?: true;
  readonly voters: readonly Voter[];
}

export class CoordinatorTransaction {
  readonly plan: TransactionPlan;
  readonly #isToHold: boolean;
  #state: CoordinatorState;
  readonly #prepared = new Set<string>();
  /** Those that have said, since the limit last passed, that they are at it. */
  readonly #atWork = new Set<string>();
  #extensions = 0;
  readonly #refusals: Refusal[] = [];
  readonly #late: string[] = [];
  /** Those that must have answered before the others are told; a few of them that are slow hold nobody up for long. */
  #first: readonly string[] = [];
  readonly #answered = new Map<string, MessageOf<'committed'>>();

  /** `committing` for a decision found in the log after a restart; `isToHold`: it is decided later, or never. */
  constructor(
    plan: TransactionPlan,
    state: 'preparing' | 'committing' = 'preparing',
    isToHold: boolean = false,
  ) {
    assert(plan.voters.length > 0, `transaction ${plan.transaction} changes no switch`);
    this.plan = plan;
    this.#state = state;
    this.#isToHold = isToHold;
  }

  get state(): CoordinatorState {
    return this.#state;
  }

  start(): CoordinatorOutput[] {
    return this.#state === 'preparing' ? this.#prepares() : this.resend();
  }

  vote(from: string, vote: MessageOf<'vote'>): CoordinatorOutput[] {
    if (!this.#isVoter(from)) return [];
    const refusal = refusalOf(from, vote);
    if (this.#state === 'preparing') {
      if (refusal !== null) return this.#abort([refusal]);
      this.#prepared.add(from);
      if (this.#prepared.size < this.plan.voters.length) return [];
      this.#advance('held');
      return this.#isToHold ? [{ kind: 'held' }] : this.decide();
    }
    if (refusal === null) return this.ask(from);
    // One that has not heard of it for a lease no longer holds it.
    if (this.#state === 'held') return this.#abort([refusal]);
    // Each tells of a port that is best left out next time.
    const isNews = !this.#refusals.some(({ switchName }) => switchName === from);
    if (this.#state === 'aborted' && isNews) this.#refusals.push(refusal);
    return [];
  }

  /** It is at what it was told. */
  working(from: string): CoordinatorOutput[] {
    this.#atWork.add(from);
    return [];
  }

  /** The votes that are missing now count as refusals, or the limit begins again. */
  prepareLimitPassed(): CoordinatorOutput[] {
    if (this.#state !== 'preparing' || this.#mayTakeLonger(this.#prepared)) return [];
    return this.#abort(
      this.#missing(this.#prepared).map((switchName) => ({
        switchName,
        kind: 'unreachable',
        port: null,
        reason: `${switchName} did not vote in time`,
      })),
    );
  }

  /** All are prepared, and it is wanted now. */
  decide(): CoordinatorOutput[] {
    if (this.#state !== 'held') return [];
    this.#advance('deciding');
    return [{ kind: 'log' }];
  }

  /** The user, or the path's end, no longer wants it; too late once decided. */
  cancel(reason: string): CoordinatorOutput[] {
    if (this.#state !== 'preparing' && this.#state !== 'held') return [];
    return this.#abort([{ switchName: this.plan.coordinator, kind: 'failed', port: null, reason }]);
  }

  decisionLogged(): CoordinatorOutput[] {
    this.#advance('committing');
    const { voters, isMadeFirst } = this.plan;
    const first = voters.filter((voter) => voter.remove === null).map((voter) => voter.switchName);
    if (isMadeFirst === undefined || first.length === 0 || first.length === voters.length)
      return this.resend();
    this.#first = first;
    return this.#commits(first);
  }

  committed(from: string, answer: MessageOf<'committed'>): CoordinatorOutput[] {
    if (!this.isTelling || !this.#isVoter(from) || this.#answered.has(from)) return [];
    this.#answered.set(from, answer);
    if (this.#state === 'overdue') this.#late.push(from);
    if (this.#first.length > 0 && this.#first.every((name) => this.#answered.has(name))) return this.resend();
    if (this.#answered.size < this.plan.voters.length) return [];
    const failed = this.#state === 'committing' ? this.#outcome() : [];
    this.#advance('committed');
    return [...failed, { kind: 'settled', late: this.#late }];
  }

  /** Those that have not answered by now count as failed, but are told further; or the limit begins again. */
  commitLimitPassed(): CoordinatorOutput[] {
    if (this.#state !== 'committing' || this.#mayTakeLonger(this.#answered)) return [];
    this.#advance('overdue');
    return this.#outcome();
  }

  /** Decided, and somebody has not answered yet. */
  get isTelling(): boolean {
    return this.#state === 'committing' || this.#state === 'overdue';
  }

  /** Those that hold what was decided while others are still at it. */
  get carriedOut(): readonly Voter[] {
    if (this.#state !== 'committing') return [];
    return this.plan.voters.filter(({ switchName }) => this.#answered.get(switchName)?.outcome === 'done');
  }

  /** An in-doubt participant asks; before the decision there is none, but for one that is held. Whoever has answered a commit and asks again met a ghost: abort. */
  ask(from: string): CoordinatorOutput[] {
    const { transaction, path } = this.plan;
    const reply = (type: 'abort' | 'undecided'): CoordinatorOutput[] => [
      { kind: 'send', to: from, message: { type, transaction, path } },
    ];
    if (this.#state === 'preparing' || this.#state === 'held' || this.#state === 'deciding')
      return this.#isToHold && this.#isVoter(from) ? reply('undecided') : [];
    if (this.isTelling && this.#isVoter(from) && !this.#answered.has(from)) return this.#commits([from]);
    return reply('abort');
  }

  /** A way to that switch has opened: whether it still holds what it was prepared for is asked. */
  inTouch(switchName: string): CoordinatorOutput[] {
    return this.#state === 'held' ? this.#prepares([switchName]) : this.resend();
  }

  /** Says again what has not been answered. */
  resend(): CoordinatorOutput[] {
    if (this.#state === 'preparing') return this.#prepares();
    if (!this.isTelling) return [];
    this.#first = [];
    return this.#commits(this.#missing(this.#answered));
  }

  #commits(names: readonly string[]): CoordinatorOutput[] {
    const { transaction, path, voters } = this.plan;
    return voters
      .filter(({ switchName }) => names.includes(switchName))
      .map(({ switchName, make }) => ({
        kind: 'send',
        to: switchName,
        message: { type: 'commit', transaction, path, make },
      }));
  }

  #prepares(to = this.#missing(this.#prepared)): CoordinatorOutput[] {
    const { transaction, path, revision, coordinator, rank, until, priority, voters } = this.plan;
    const period = {
      ...(until === undefined ? {} : { until }),
      ...(priority === undefined ? {} : { priority }),
      ...(this.#isToHold ? ({ isToHold: true } as const) : {}),
    };
    return voters
      .filter((voter) => to.includes(voter.switchName))
      .map(({ switchName, remove, make }) => ({
        kind: 'send',
        to: switchName,
        message: { type: 'prepare', transaction, path, revision, coordinator, rank, remove, make, ...period },
      }));
  }

  #abort(refusals: readonly Refusal[]): CoordinatorOutput[] {
    this.#advance('aborted');
    this.#refusals.push(...refusals);
    const { transaction, path, voters } = this.plan;
    const sends = voters.map(
      ({ switchName }): CoordinatorOutput => ({
        kind: 'send',
        to: switchName,
        message: { type: 'abort', transaction, path },
      }),
    );
    return [...sends, { kind: 'aborted', refusals: this.#refusals }];
  }

  #outcome(): CoordinatorOutput[] {
    const failed = this.plan.voters.flatMap(({ switchName }): Refusal[] => {
      const answer = this.#answered.get(switchName);
      if (answer?.outcome === 'done') return [];
      if (answer !== undefined) return [{ switchName, kind: 'failed', port: null, reason: answer.reason }];
      const reason = `${switchName} did not confirm the commit`;
      return [{ switchName, kind: 'unreachable', port: null, reason }];
    });
    return [{ kind: 'committed', failed }];
  }

  #mayTakeLonger(done: { has(name: string): boolean }): boolean {
    const areAtWork = this.#missing(done).every((name) => this.#atWork.has(name));
    this.#atWork.clear();
    return this.plan.isPatient === true && areAtWork && this.#extensions++ < LIMITS.extensionsMax;
  }

  #missing(from: { has(name: string): boolean }): string[] {
    return this.plan.voters.map((voter) => voter.switchName).filter((name) => !from.has(name));
  }

  #isVoter(name: string): boolean {
    return this.plan.voters.some((voter) => voter.switchName === name);
  }

  #advance(to: CoordinatorState): void {
    const { transaction } = this.plan;
    assert(TRANSITIONS[this.#state].includes(to), `transaction ${transaction}: ${this.#state} to ${to}`);
    this.#state = to;
  }
}

const refusalOf = (switchName: string, { vote, port, reason }: MessageOf<'vote'>): Refusal | null =>
  vote === 'prepared' ? null : { switchName, kind: vote, port, reason };
