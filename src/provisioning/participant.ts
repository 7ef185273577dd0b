// The participant's side of two-phase commit: a state machine over messages, the switch's answers and the log's.
// It says what is to be done; the switch keeper does it and reports back.
//
// Once prepared, only the coordinator can end it. While the coordinator is away the ports stay locked and the
// participant keeps asking, for ever if need be: to guess would be to risk that the others end otherwise.

import { after, type Duration, type Instant } from '../core/time.ts';
import type { MessageOf } from './messages.ts';
import { type ParticipantOutput, send, working } from './participant-output.ts';
import { ParticipantTransaction, type PreparedEntry } from './participant-transaction.ts';
import { ParticipantTransactions } from './participant-transactions.ts';
import type { PathPair } from './past-life.ts';
import { PathReleases } from './path-releases.ts';
import { type HeldPorts, type Holding, type Objection, PortBook } from './port-book.ts';
import { hasPort, isSamePair, isWayOf, type PortPair } from './port-pair.ts';
import { compareTurns, mayWaitFor } from './prepare-turn.ts';
import { LIMITS } from './timings.ts';

export type Renewal = MessageOf<'renew-all'>['paths'][number];

export interface ParticipantLimits {
  readonly lockWait: Duration;
  readonly decisionLimit: Duration;
  /** Of what is held, and how often that is renewed. */
  readonly lease: Duration;
  readonly heartbeat: Duration;
}

/** What reservations mean for prepares. */
export interface ReservedPorts {
  /** What is in the way of it. */
  objection(prepare: MessageOf<'prepare'>): Objection | null;
  /** Whether the path has a reservation, and its time has come. */
  isDue(path: string): boolean;
}

export class Participant {
  readonly #switchName: string;
  readonly #limits: ParticipantLimits;
  readonly #book: PortBook;
  readonly #reserved: ReservedPorts;
  readonly #transactions = new ParticipantTransactions();
  readonly #releases: PathReleases;

  constructor(
    switchName: string,
    ports: readonly string[],
    limits: ParticipantLimits,
    reserved: ReservedPorts = { objection: () => null, isDue: () => false },
  ) {
    this.#switchName = switchName;
    this.#limits = limits;
    this.#reserved = reserved;
    this.#book = new PortBook(switchName, ports);
    this.#releases = new PathReleases(this.#book, this.#transactions);
  }

  /** Who has which port here. */
  get ports(): HeldPorts {
    return this.#book;
  }

  /** The path that has the port prepared for its backup: a lock that may last as long as the path. */
  backupAt(port: string): string | null {
    const t = this.#transactions.get(this.#book.lockerOf(port) ?? '');
    return t?.prepare.isToHold && t.isUnderWay ? t.prepare.path : null;
  }

  /** Somebody has locked the port and found no cross-connect there: what is there since is his. Whoever has not looked yet will find one. */
  hasFoundFree(port: string): boolean {
    const state = this.#transactions.get(this.#book.lockerOf(port) ?? '')?.state;
    return state !== undefined && state !== 'waiting' && state !== 'checking';
  }

  /** After a restart, before any message: what the log says. In-doubt ones ask at once. */
  restore(holdings: readonly Holding[], inDoubt: readonly PreparedEntry[], now: Instant): void {
    for (const holding of holdings) this.#book.hold({ ...holding });
    for (const entry of inDoubt) {
      const rank = { attempt: 0, transaction: entry.transaction };
      const prepare = { type: 'prepare', rank, ...entry } as const;
      this.#transactions.add(new ParticipantTransaction(prepare, now, 'prepared'));
      this.#book.lock(entry);
    }
  }

  /** Found at the switch, and remembered by others as what paths held here: they may be renewed, or go as all else. */
  inherit(holdings: readonly Holding[], left: readonly PathPair[]): ParticipantOutput[] {
    for (const holding of holdings) this.#book.hold(holding);
    return [
      ...holdings.map((holding) => ({ kind: 'held', holding }) as const),
      ...left.map(({ path, pair }) => this.#releases.free(path, pair, null)),
    ];
  }

  prepare(prepare: MessageOf<'prepare'>, now: Instant): ParticipantOutput[] {
    const known = this.#transactions.get(prepare.transaction);
    if (known?.isOf(prepare)) return this.#voteAgain(known);
    const t = new ParticipantTransaction(this.#book.asHeld(prepare), after(now, this.#limits.lockWait));
    if (known !== undefined) {
      // Its coordinator has lost count of its lives, and is about to be told so.
      const reason = `another transaction is called ${prepare.transaction}`;
      return [send(t, t.vote({ vote: 'locked', port: prepare.make.a, reason }))];
    }
    const objection = this.#objection(t.prepare) ?? this.#mustYield(t.prepare);
    if (objection !== null) return [send(t, t.vote(objection))];
    this.#transactions.add(t);
    return this.#book.blockers(t.prepare).length > 0 ? [] : this.#startCheck(t);
  }

  /** `found` are the cross-connects of the switch, each from `a` to `b`; null when it could not be read, for the reason given. */
  checked(id: string, found: readonly PortPair[] | null, reason = ''): ParticipantOutput[] {
    const t = this.#transactions.get(id);
    if (t?.state !== 'checking') return [];
    if (found === null) return this.#refuse(t, { vote: 'failed', port: null, reason });
    const { make, remove } = t.prepare;
    const foreign = found.find(
      ({ a, b }) => (hasPort(make, a) || hasPort(make, b)) && !(remove !== null && isWayOf(a, b, remove)),
    );
    if (foreign !== undefined) {
      const port = hasPort(make, foreign.a) ? foreign.a : foreign.b;
      const what = `port ${port} of ${this.#switchName} has a cross-connect of somebody else`;
      return this.#refuse(t, { vote: 'busy', port, reason: what });
    }
    t.advance('logging');
    return [{ kind: 'log-prepared', entry: t.entry }];
  }

  preparedLogged(id: string, now: Instant): ParticipantOutput[] {
    const t = this.#transactions.get(id);
    if (t?.state === 'aborted') return [{ kind: 'log-aborted', transaction: id }];
    if (t?.state !== 'logging') return [];
    t.advance('prepared');
    t.heardAt = now;
    t.due = after(now, this.#limits.decisionLimit);
    this.#book.changed(t.prepare);
    return [{ kind: 'ended', entry: t.entry, end: 'prepared' }, ...this.#voteAgain(t)];
  }

  commit(from: string, { transaction, path, make }: MessageOf<'commit'>): ParticipantOutput[] {
    const t = this.#transactions.get(transaction);
    if (t === undefined || t.state === 'aborted') {
      // After a restart, what it made is known when it itself is not.
      const isDone = this.#book.holding(path)?.transaction === transaction;
      const outcome = isDone ? 'done' : 'failed';
      const reason = isDone ? '' : 'the transaction is not known here';
      const message = { type: 'committed', transaction, path, outcome, reason } as const;
      const isLost = t === undefined && !isDone;
      const claim = { path, pair: make, coordinator: from };
      return [{ kind: 'send', to: from, message }, ...(isLost ? [{ kind: 'claimed', claim } as const] : [])];
    }
    if (t.isEnded) return [send(t, t.committed())];
    // What is being freed must be gone first, or it could take the new cross-connect with it; asking again brings the commit again.
    if (t.state !== 'prepared' || this.#book.isBeingFreed(t.prepare.make)) return [working(t)];
    t.advance('changing');
    return [{ kind: 'change', entry: t.entry }];
  }

  changed(id: string, outcome: 'done' | 'failed', reason: string): ParticipantOutput[] {
    const t = this.#transactions.get(id);
    if (t?.state !== 'changing') return [];
    t.reason = reason;
    t.advance('finishing');
    return [{ kind: 'log-finished', transaction: id, outcome }];
  }

  finishLogged(id: string, outcome: 'done' | 'failed'): ParticipantOutput[] {
    const t = this.#transactions.get(id);
    if (t?.state !== 'finishing') return [];
    const end = outcome === 'done' ? 'committed' : 'failed';
    t.advance(end);
    const { path } = t.prepare;
    this.#book.unlock(id);
    const outputs: ParticipantOutput[] = [
      ...this.#settle(t),
      { kind: 'ended', entry: t.entry, end },
      send(t, t.committed()),
      ...this.#wake(),
      ...this.#releases.resume(path),
    ];
    this.#transactions.forgetOldest();
    return outputs;
  }

  abort(id: string): ParticipantOutput[] {
    const t = this.#transactions.get(id);
    if (t === undefined || !t.canAbort) return [];
    const wasLogged = t.state === 'prepared';
    t.advance('aborted');
    this.#book.unlock(id);
    const outputs: ParticipantOutput[] = wasLogged ? [{ kind: 'log-aborted', transaction: id }] : [];
    outputs.push({ kind: 'ended', entry: t.entry, end: 'aborted' });
    // Its coordinator has decided otherwise and forgotten that, or an operator says so: what was made of it is to go.
    const { path, make } = t.prepare;
    if (t.isRestored && !isSamePair(this.#book.holding(path)?.pair ?? null, make))
      outputs.push(this.#releases.free(path, make, null));
    outputs.push(...this.#wake(), ...this.#releases.resume(t.prepare.path));
    this.#transactions.forgetOldest();
    return outputs;
  }

  /** Frees what is held for the path up to `revision`, and says so when the switch has done it. */
  release(from: string, path: string, revision: number): ParticipantOutput[] {
    return this.#releases.release(path, { to: from, revision });
  }

  /**
   * An operator's word that the path's coordinator is gone for good: what is in doubt is given up, and what is held goes.
   * Whoever else takes part in the same decision needs the same word.
   */
  free(path: string): ParticipantOutput[] {
    const inDoubt = this.#transactions.open.filter((t) => t.prepare.path === path && t.canAbort);
    const aborted = inDoubt.flatMap((t) => this.abort(t.prepare.transaction));
    // Not an end that the coordinator has decided.
    return [...aborted.filter((o) => o.kind !== 'ended'), ...this.expire(path)];
  }

  /** The lease of the path has ended. */
  expire(path: string): ParticipantOutput[] {
    const holding = this.#book.holding(path);
    return holding === null ? [] : this.release(holding.coordinator, path, holding.revision);
  }

  freed(path: string, pair: PortPair): ParticipantOutput[] {
    return this.#releases.freed(path, pair);
  }

  /** True when the holding is as the coordinator says; then it has the coordinator's revision. */
  renew(from: string, message: Renewal): boolean {
    const holding = this.#book.holding(message.path);
    if (holding === null || holding.coordinator !== from || !isSamePair(holding.pair, message.pair))
      return false;
    holding.revision = Math.max(holding.revision, message.revision);
    return true;
  }

  /** What is due by `now`: waits for a lock end in a refusal, and those in doubt ask. */
  tick(now: Instant): ParticipantOutput[] {
    const due = this.#transactions.open.filter((t) => t.due <= now);
    return due.flatMap((t) => {
      if (t.state === 'waiting') return this.#refuse(t, this.#waitedTooLong(t.prepare));
      if (t.state !== 'prepared') return [];
      if (t.prepare.isToHold && after(t.heardAt, this.#limits.lease) <= now) return this.#lapse(t);
      t.due = after(now, this.#limits.decisionLimit);
      return [send(t, t.ask())];
    });
  }

  /** Its coordinator lives, and holds it further. */
  undecided(from: string, { transaction }: MessageOf<'undecided'>, now: Instant): void {
    const t = this.#transactions.get(transaction);
    if (t?.state !== 'prepared' || t.prepare.coordinator !== from) return;
    t.heardAt = now;
    t.due = after(now, this.#limits.heartbeat);
  }

  /** Whoever held it is gone, or cut off: nobody else is to wait for that. A commit that comes all the same has failed here. */
  #lapse(t: ParticipantTransaction): ParticipantOutput[] {
    const outputs = this.abort(t.prepare.transaction);
    return [
      ...outputs.map((o) =>
        o.kind === 'ended' && o.end === 'aborted' ? ({ ...o, end: 'lapsed' } as const) : o,
      ),
      send(t, t.vote({ vote: 'failed', port: null, reason: 'its hold has lapsed' })),
    ];
  }

  #voteAgain(t: ParticipantTransaction): ParticipantOutput[] {
    if (t.state === 'prepared') return [send(t, t.vote({ vote: 'prepared', port: null, reason: '' }))];
    if (t.state === 'waiting' || t.state === 'checking' || t.state === 'logging') return [working(t)];
    if (t.state !== 'aborted') return [];
    return [send(t, t.vote({ vote: 'failed', port: null, reason: 'aborted before' }))];
  }

  #objection(prepare: MessageOf<'prepare'>): Objection | null {
    const objection = this.#book.objection(prepare) ?? this.#reserved.objection(prepare);
    // Whoever is there when the time of a reservation has come is about to go.
    const isLeaving = objection?.vote === 'busy' && this.#reserved.isDue(prepare.path);
    return isLeaving ? { ...objection, vote: 'locked' } : objection;
  }

  /** Null when nothing is locked, or the locks may be waited for. */
  #mustYield(prepare: MessageOf<'prepare'>): Objection | null {
    const blockers = this.#book.blockers(prepare).flatMap((id) => this.#transactions.get(id) ?? []);
    const [first] = blockers;
    if (first === undefined) return null;
    const kept = this.#keptForBackup(prepare);
    if (kept !== null) return kept;
    const mayWait = blockers.every((other) => mayWaitFor(prepare, other.prepare));
    if (mayWait && this.#transactions.waiting.length < LIMITS.waitingPreparesMax) return null;
    return this.#locked(prepare, `is wanted by ${first.prepare.path}`);
  }

  /** No transaction ends while a backup's lasts, so that there is nothing to wait for. */
  #keptForBackup({ path, make }: MessageOf<'prepare'>): Objection | null {
    for (const port of [make.a, make.b]) {
      const holder = this.backupAt(port);
      if (holder === null || holder === path) continue;
      const reason = `port ${port} of ${this.#switchName} is kept for the backup of path ${holder}`;
      return { vote: 'busy', port, reason };
    }
    return null;
  }

  #waitedTooLong(prepare: MessageOf<'prepare'>): Objection {
    const kept = this.#keptForBackup(prepare);
    if (kept !== null) return kept;
    return this.#locked(prepare, 'did not come free in time');
  }

  #locked(prepare: MessageOf<'prepare'>, what: string): Objection {
    const port = this.#book.lockedPort(prepare);
    if (port !== null) return { vote: 'locked', port, reason: `port ${port} ${what}` };
    const reason = `an earlier change of path ${prepare.path} at ${this.#switchName} has not ended`;
    return { vote: 'locked', port: prepare.make.a, reason };
  }

  #startCheck(t: ParticipantTransaction): ParticipantOutput[] {
    this.#book.lock(t.prepare);
    t.advance('checking');
    return [{ kind: 'check', transaction: t.prepare.transaction }];
  }

  #refuse(t: ParticipantTransaction, objection: Objection): ParticipantOutput[] {
    t.advance('aborted');
    this.#book.unlock(t.prepare.transaction);
    const outputs: ParticipantOutput[] = [
      { kind: 'ended', entry: t.entry, end: 'aborted' },
      send(t, t.vote(objection)),
      ...this.#wake(),
    ];
    this.#transactions.forgetOldest();
    return outputs;
  }

  /** A lock came free: those that waited try again, whoever goes first first. */
  #wake(): ParticipantOutput[] {
    const inTurn = this.#transactions.waiting.sort((x, y) => compareTurns(x.prepare, y.prepare));
    return inTurn.flatMap((t) => {
      // A refusal wakes the others in its turn.
      if (t.state !== 'waiting') return [];
      t.prepare = this.#book.asHeld(t.prepare);
      const objection = this.#objection(t.prepare);
      if (objection !== null) return this.#refuse(t, objection);
      return this.#book.blockers(t.prepare).length > 0 ? [] : this.#startCheck(t);
    });
  }

  /** The path holds what was made for it; after a change that failed, all that may be there is to go. */
  #settle(t: ParticipantTransaction): ParticipantOutput[] {
    const { path, transaction, make, coordinator, revision, priority } = t.prepare;
    const before = this.#book.drop(path);
    const unheld: ParticipantOutput[] = before === null ? [] : [{ kind: 'unheld', holding: before }];
    if (t.state === 'failed') {
      const gone = before === null ? [make] : [make, before.pair];
      return [...unheld, ...gone.map((pair) => this.#releases.free(path, pair, null))];
    }
    const known = { path, transaction, pair: make, coordinator, revision };
    const holding = priority === undefined ? known : { ...known, priority };
    this.#book.hold(holding);
    return [...unheld, { kind: 'held', holding }];
  }
}
