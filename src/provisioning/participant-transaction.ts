// One transaction at a participant: the table of its states, and what it says to its coordinator.
//
//   waiting --lock free--> checking --switch has it free--> logging --on disk--> prepared
//   prepared --commit--> changing --made--> finishing --on disk--> committed
//   any before prepared, and prepared --abort, or as long as a lease without a word of one that is held--> aborted

import { assert } from '../core/assert.ts';
import type { Instant } from '../core/time.ts';
import type { MessageOf } from './messages.ts';
import { isSamePair } from './port-pair.ts';

export type ParticipantState =
  | 'waiting'
  | 'checking'
  | 'logging'
  | 'prepared'
  | 'changing'
  | 'finishing'
  | 'committed'
  | 'failed'
  | 'aborted';
const TRANSITIONS: Readonly<Record<ParticipantState, readonly ParticipantState[]>> = {
  waiting: ['checking', 'aborted'],
  checking: ['logging', 'aborted'],
  logging: ['prepared', 'aborted'],
  prepared: ['changing', 'aborted'],
  changing: ['finishing'],
  finishing: ['committed', 'failed'],
  committed: [],
  failed: [],
  aborted: [],
};

/** What a prepared participant needs to go on after a restart. */
export type PreparedEntry = Omit<MessageOf<'prepare'>, 'type' | 'rank'>;

export class ParticipantTransaction {
  /** Removes what is held here, as far as is known; that may change until the ports are locked. */
  prepare: MessageOf<'prepare'>;
  /** When a waiting one is refused, or a prepared one asks next. */
  due: Instant;
  /** When its coordinator was last known to live, for one that is held. */
  heardAt: Instant;
  /** Why the switch could not be changed. */
  reason = '';
  /** Found in the log: an earlier life may have heard a commit, and begun to carry it out. */
  readonly isRestored: boolean;
  #state: ParticipantState;

  constructor(prepare: MessageOf<'prepare'>, due: Instant, state: 'waiting' | 'prepared' = 'waiting') {
    this.prepare = prepare;
    this.due = due;
    this.heardAt = due;
    this.#state = state;
    this.isRestored = state === 'prepared';
  }

  get state(): ParticipantState {
    return this.#state;
  }

  get isEnded(): boolean {
    return TRANSITIONS[this.#state].length === 0;
  }

  /** A decision is out, or on its way: what the path holds here may still change by it. */
  get isUnderWay(): boolean {
    return this.#state === 'prepared' || this.#state === 'changing' || this.#state === 'finishing';
  }

  /** Not once a decision to commit has been heard. */
  get canAbort(): boolean {
    return TRANSITIONS[this.#state].includes('aborted');
  }

  /** Whether that prepare is the one of this transaction, said again. */
  isOf({ path, revision, make }: MessageOf<'prepare'>): boolean {
    const own = this.prepare;
    return own.path === path && own.revision === revision && isSamePair(own.make, make);
  }

  get entry(): PreparedEntry {
    const { transaction, path, revision, coordinator, remove, make, priority, isToHold } = this.prepare;
    const entry = { transaction, path, revision, coordinator, remove, make, ...(isToHold && { isToHold }) };
    return priority === undefined ? entry : { ...entry, priority };
  }

  advance(to: ParticipantState): void {
    const { transaction } = this.prepare;
    assert(TRANSITIONS[this.#state].includes(to), `transaction ${transaction}: ${this.#state} to ${to}`);
    this.#state = to;
  }

  vote({ vote, port, reason }: Pick<MessageOf<'vote'>, 'vote' | 'port' | 'reason'>): MessageOf<'vote'> {
    const { transaction, path } = this.prepare;
    return { type: 'vote', transaction, path, vote, port, reason };
  }

  working(): MessageOf<'working'> {
    const { transaction, path } = this.prepare;
    return { type: 'working', transaction, path };
  }

  ask(): MessageOf<'ask'> {
    const { transaction, path } = this.prepare;
    return { type: 'ask', transaction, path };
  }

  /** What came of the commit, once it has ended. */
  committed(): MessageOf<'committed'> {
    const { transaction, path } = this.prepare;
    const outcome = this.#state === 'committed' ? 'done' : 'failed';
    return { type: 'committed', transaction, path, outcome, reason: this.reason };
  }
}
