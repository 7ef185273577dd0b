// The participant's side: which ports of this switch are locked by which transaction, and which cross-connects
// are held for which path. A state machine per transaction over messages, the switch's answers and the log's.
//
//   waiting --lock free--> checking --switch has it free--> logging --on disk--> prepared
//   prepared --commit--> changing --made--> finishing --on disk--> committed
//   any before prepared, and prepared --abort--> aborted
//
// Two transactions that want one port never wait for each other: the one that goes first by rank may wait,
// the other is refused at once (wait-die), so there is no deadlock and somebody always wins.

import { assert } from '../core/assert.ts';
import { after, type Duration, type Instant } from '../core/time.ts';
import {
  type AgentMessage,
  compareRanks,
  hasPort,
  isSamePair,
  type MessageOf,
  type PortPair,
} from './messages.ts';
import { LIMITS } from './timings.ts';

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

/** A cross-connect made for a path, which its coordinator keeps alive. */
export interface Holding {
  readonly path: string;
  readonly pair: PortPair;
  readonly coordinator: string;
  revision: number;
}

/** What a prepared participant needs to go on after a restart. */
export type PreparedEntry = Omit<MessageOf<'prepare'>, 'type' | 'rank'>;

export type ParticipantOutput =
  | { readonly kind: 'send'; readonly to: string; readonly message: AgentMessage }
  /** Retrieve the switch's cross-connects, then call `checked`. */
  | { readonly kind: 'check'; readonly transaction: string }
  /** Put it on disk, then call `preparedLogged`. */
  | { readonly kind: 'log-prepared'; readonly entry: PreparedEntry }
  /** Remove and make cross-connects, then call `changed`. */
  | { readonly kind: 'change'; readonly entry: PreparedEntry }
  /** Put it on disk, then call `finishLogged`. */
  | { readonly kind: 'log-finished'; readonly transaction: string; readonly outcome: 'done' | 'failed' }
  /** Need not be on disk: unknown means aborted. */
  | { readonly kind: 'log-aborted'; readonly transaction: string }
  /** Remove the cross-connect until it is gone, then call `freed`. */
  | { readonly kind: 'free'; readonly path: string; readonly pair: PortPair }
  | { readonly kind: 'held'; readonly holding: Holding }
  | { readonly kind: 'unheld'; readonly holding: Holding }
  | {
      readonly kind: 'ended';
      readonly entry: PreparedEntry;
      readonly end: 'prepared' | 'committed' | 'failed' | 'aborted';
    };

interface Freeing {
  readonly path: string;
  readonly pair: PortPair;
  owed: { to: string; revision: number } | null;
}

interface Transaction {
  readonly prepare: MessageOf<'prepare'>;
  state: ParticipantState;
  reason: string;
  /** When a waiting one is refused, or a prepared one asks next. */
  due: Instant;
  preparedAt: Instant;
}

export interface ParticipantLimits {
  readonly lockWait: Duration;
  readonly decisionLimit: Duration;
  readonly doubtLimit: Duration;
}

export class Participant {
  readonly #switchName: string;
  readonly #limits: ParticipantLimits;
  readonly #ports: ReadonlySet<string>;
  readonly #transactions = new Map<string, Transaction>();
  readonly #locks = new Map<string, string>();
  readonly #holdings = new Map<string, Holding>();
  /** Cross-connects that are being removed, until they are seen gone, and who wants to hear of it. */
  readonly #freeing = new Map<string, Freeing>();
  /** Paths released up to this revision while a transaction was under way. */
  readonly #releases = new Map<string, { to: string; revision: number }>();

  constructor(switchName: string, ports: readonly string[], limits: ParticipantLimits) {
    this.#switchName = switchName;
    this.#ports = new Set(ports);
    this.#limits = limits;
  }

  holding(path: string): Holding | null {
    return this.#holdings.get(path) ?? null;
  }

  get holdings(): readonly Holding[] {
    return [...this.#holdings.values()];
  }

  /** In-doubt transactions, for the log's compaction. */
  get inDoubt(): readonly PreparedEntry[] {
    return [...this.#transactions.values()]
      .filter((t) => t.state === 'prepared' || t.state === 'changing')
      .map((t) => entryOf(t.prepare));
  }

  /** The path or transaction that has the port, or null when it is free as far as this agent is concerned. */
  holderOf(port: string): string | null {
    for (const holding of this.#holdings.values()) if (hasPort(holding.pair, port)) return holding.path;
    const lock = this.#transactions.get(this.#locks.get(port) ?? '');
    if (lock !== undefined) return lock.prepare.path;
    for (const freeing of this.#freeing.values()) if (hasPort(freeing.pair, port)) return '(being freed)';
    return null;
  }

  /** After a restart, before any message: what the log says. In-doubt ones ask at once. */
  restore(holdings: readonly Holding[], inDoubt: readonly PreparedEntry[], now: Instant): void {
    for (const holding of holdings) this.#holdings.set(holding.path, { ...holding });
    for (const entry of inDoubt) {
      const prepare = {
        type: 'prepare',
        rank: { attempt: 0, transaction: entry.transaction },
        ...entry,
      } as const;
      this.#transactions.set(entry.transaction, {
        prepare,
        state: 'prepared',
        reason: '',
        due: now,
        preparedAt: now,
      });
      this.#lock(prepare);
    }
  }

  prepare(prepare: MessageOf<'prepare'>, now: Instant): ParticipantOutput[] {
    const known = this.#transactions.get(prepare.transaction);
    if (known !== undefined) return this.#repeatVote(known);
    const refusal = this.#objection(prepare);
    if (refusal !== null) return [this.#refuse(prepare, refusal.vote, refusal.port, refusal.reason)];
    const blockers = this.#blockers(prepare);
    const mustYield = blockers.some((other) => compareRanks(other.prepare.rank, prepare.rank) < 0);
    const waiting = [...this.#transactions.values()].filter((t) => t.state === 'waiting').length;
    if (mustYield || (blockers.length > 0 && waiting >= LIMITS.waitingPreparesMax)) {
      const port = this.#portsOf(prepare).find((p) => this.#locks.has(p)) ?? null;
      return [
        this.#refuse(prepare, 'locked', port, `port ${port} is wanted by ${blockers[0]?.prepare.path}`),
      ];
    }
    const transaction: Transaction = {
      prepare,
      state: 'waiting',
      reason: '',
      due: after(now, this.#limits.lockWait),
      preparedAt: now,
    };
    this.#transactions.set(prepare.transaction, transaction);
    return blockers.length > 0 ? [] : this.#startCheck(transaction);
  }

  /** `taken` are the ports of cross-connects on the switch, with the pairs they are in; null when it could not be read. */
  checked(id: string, found: readonly PortPair[] | null, reason = ''): ParticipantOutput[] {
    const t = this.#transactions.get(id);
    if (t?.state !== 'checking') return [];
    if (found === null) return this.#end(t, 'failed', null, reason);
    const { make, remove } = t.prepare;
    const foreign = found.find(
      (pair) => (hasPort(make, pair.a) || hasPort(make, pair.b)) && !isSamePair(pair, remove),
    );
    if (foreign !== undefined) {
      const port = hasPort(make, foreign.a) ? foreign.a : foreign.b;
      return this.#end(
        t,
        'busy',
        port,
        `port ${port} of ${this.#switchName} has a cross-connect of somebody else`,
      );
    }
    this.#advance(t, 'logging');
    return [{ kind: 'log-prepared', entry: entryOf(t.prepare) }];
  }

  preparedLogged(id: string, now: Instant): ParticipantOutput[] {
    const t = this.#transactions.get(id);
    if (t === undefined) return [];
    if (t.state === 'aborted') return [{ kind: 'log-aborted', transaction: id }];
    if (t.state !== 'logging') return [];
    this.#advance(t, 'prepared');
    t.preparedAt = now;
    t.due = after(now, this.#limits.decisionLimit);
    return [
      { kind: 'ended', entry: entryOf(t.prepare), end: 'prepared' },
      this.#vote(t.prepare, 'prepared', null, ''),
    ];
  }

  commit(from: string, message: MessageOf<'commit'>): ParticipantOutput[] {
    const t = this.#transactions.get(message.transaction);
    if (t === undefined || t.state === 'aborted') {
      return [this.#committed(from, message, 'failed', 'the transaction is not known here')];
    }
    if (t.state === 'committed' || t.state === 'failed') return [this.#answerOf(t)];
    if (t.state !== 'prepared') return [];
    this.#advance(t, 'changing');
    return [{ kind: 'change', entry: entryOf(t.prepare) }];
  }

  changed(id: string, outcome: 'done' | 'failed', reason: string): ParticipantOutput[] {
    const t = this.#transactions.get(id);
    if (t?.state !== 'changing') return [];
    t.reason = reason;
    this.#advance(t, 'finishing');
    return [{ kind: 'log-finished', transaction: id, outcome }];
  }

  finishLogged(id: string, outcome: 'done' | 'failed'): ParticipantOutput[] {
    const t = this.#transactions.get(id);
    if (t?.state !== 'finishing') return [];
    this.#advance(t, outcome === 'done' ? 'committed' : 'failed');
    const { path, make, coordinator, revision } = t.prepare;
    const outputs: ParticipantOutput[] = [];
    const before = this.#holdings.get(path);
    this.#holdings.delete(path);
    this.#unlock(t);
    if (before !== undefined) outputs.push({ kind: 'unheld', holding: before });
    if (outcome === 'done') {
      const holding = { path, pair: make, coordinator, revision };
      this.#holdings.set(path, holding);
      outputs.push({ kind: 'held', holding });
    } else {
      outputs.push(
        ...this.#free(path, make, null),
        ...(before === undefined ? [] : this.#free(path, before.pair, null)),
      );
    }
    outputs.push({
      kind: 'ended',
      entry: entryOf(t.prepare),
      end: outcome === 'done' ? 'committed' : 'failed',
    });
    outputs.push(this.#answerOf(t), ...this.#wake(), ...this.#releaseAfter(path));
    this.#forgetOldest();
    return outputs;
  }

  abort(id: string): ParticipantOutput[] {
    const t = this.#transactions.get(id);
    if (t === undefined || !TRANSITIONS[t.state].includes('aborted')) return [];
    const wasLogged = t.state === 'prepared';
    this.#advance(t, 'aborted');
    this.#unlock(t);
    const outputs: ParticipantOutput[] = wasLogged ? [{ kind: 'log-aborted', transaction: id }] : [];
    outputs.push({ kind: 'ended', entry: entryOf(t.prepare), end: 'aborted' });
    outputs.push(...this.#wake(), ...this.#releaseAfter(t.prepare.path));
    this.#forgetOldest();
    return outputs;
  }

  /** The coordinator answers a question with "not decided yet": the doubt begins anew, as it lives. */
  pending(id: string, now: Instant): void {
    const t = this.#transactions.get(id);
    if (t?.state === 'prepared') t.preparedAt = now;
  }

  /** Frees what is held for the path up to `revision`, and says so when the switch has done it. */
  release(from: string, path: string, revision: number): ParticipantOutput[] {
    const underWay = this.#underWay(path);
    if (underWay.length > 0) this.#releases.set(path, { to: from, revision });
    if (underWay.some((t) => t.state !== 'prepared')) return [];
    const owed = underWay.length > 0 ? null : { to: from, revision };
    const holding = this.#holdings.get(path);
    if (holding !== undefined && holding.revision <= revision && holding.coordinator === from) {
      this.#holdings.delete(path);
      return [{ kind: 'unheld', holding }, ...this.#free(path, holding.pair, owed)];
    }
    if (owed === null) return [];
    const freeing = [...this.#freeing.values()].find((f) => f.path === path);
    if (freeing === undefined) return [this.#released(from, path, revision)];
    freeing.owed = owed;
    return [];
  }

  /** The lease of the path has ended. A prepared transaction keeps its locks, but the cross-connect goes. */
  expire(path: string): ParticipantOutput[] {
    const holding = this.#holdings.get(path);
    return holding === undefined ? [] : this.release(holding.coordinator, path, holding.revision);
  }

  freed(path: string, pair: PortPair): ParticipantOutput[] {
    const freeing = this.#freeing.get(freeingKey(path, pair));
    this.#freeing.delete(freeingKey(path, pair));
    const owed = freeing?.owed ?? null;
    return owed === null ? [] : [this.#released(owed.to, path, owed.revision)];
  }

  /** True when the holding is as the coordinator says; then it has the coordinator's revision. */
  renew(from: string, message: MessageOf<'renew'>): boolean {
    const holding = this.#holdings.get(message.path);
    if (holding === undefined || holding.coordinator !== from || !isSamePair(holding.pair, message.pair))
      return false;
    holding.revision = Math.max(holding.revision, message.revision);
    return true;
  }

  /** What is due by `now`: waits that end in a refusal, questions, doubts that have lasted too long. */
  tick(now: Instant): ParticipantOutput[] {
    const outputs: ParticipantOutput[] = [];
    for (const t of [...this.#transactions.values()]) {
      if (t.due > now || TRANSITIONS[t.state].length === 0) continue;
      if (t.state === 'waiting') {
        const port = this.#portsOf(t.prepare).find((p) => this.#locks.has(p)) ?? null;
        outputs.push(...this.#end(t, 'locked', port, `port ${port} did not come free in time`));
      }
      if (t.state !== 'prepared') continue;
      const { transaction, path, coordinator } = t.prepare;
      if (after(t.preparedAt, this.#limits.doubtLimit) <= now) {
        outputs.push(...this.abort(transaction));
        continue;
      }
      t.due = after(now, this.#limits.decisionLimit);
      outputs.push({ kind: 'send', to: coordinator, message: { type: 'ask', transaction, path } });
    }
    return outputs;
  }

  #repeatVote(t: Transaction): ParticipantOutput[] {
    if (t.state === 'prepared') return [this.#vote(t.prepare, 'prepared', null, '')];
    if (t.state === 'aborted') return [this.#vote(t.prepare, 'failed', null, 'aborted before')];
    return [];
  }

  #objection(
    p: MessageOf<'prepare'>,
  ): { vote: 'locked' | 'busy' | 'failed'; port: string | null; reason: string } | null {
    const unknown = [p.make, p.remove]
      .flatMap((x) => (x === null ? [] : [x.a, x.b]))
      .find((x) => !this.#ports.has(x));
    if (unknown !== undefined || p.make.a === p.make.b)
      return {
        vote: 'failed',
        port: null,
        reason: `${this.#switchName} has no port ${unknown ?? p.make.b} for this`,
      };
    const held = this.#holdings.get(p.path);
    if (held !== undefined && (held.coordinator !== p.coordinator || held.revision >= p.revision))
      return {
        vote: 'failed',
        port: null,
        reason: `path ${p.path} is held otherwise at ${this.#switchName}`,
      };
    if (!isSamePair(held?.pair ?? null, p.remove))
      return {
        vote: 'failed',
        port: null,
        reason: `path ${p.path} does not hold at ${this.#switchName} what it should`,
      };
    for (const port of [p.make.a, p.make.b]) {
      const busy = [...this.#holdings.values()].find((h) => h.path !== p.path && hasPort(h.pair, port));
      const freeing = [...this.#freeing.values()].some((f) => hasPort(f.pair, port));
      if (busy !== undefined || freeing) {
        const by = busy === undefined ? 'is being freed' : `is held by path ${busy.path}`;
        return {
          vote: busy === undefined ? 'locked' : 'busy',
          port,
          reason: `port ${port} of ${this.#switchName} ${by}`,
        };
      }
    }
    return null;
  }

  #portsOf(p: { make: PortPair; remove: PortPair | null }): string[] {
    return [p.make, p.remove].flatMap((pair) => (pair === null ? [] : [pair.a, pair.b]));
  }

  #blockers(p: MessageOf<'prepare'>): Transaction[] {
    const ids = new Set(this.#portsOf(p).flatMap((port) => this.#locks.get(port) ?? []));
    ids.delete(p.transaction);
    return [...ids].flatMap((id) => this.#transactions.get(id) ?? []);
  }

  #startCheck(t: Transaction): ParticipantOutput[] {
    this.#lock(t.prepare);
    this.#advance(t, 'checking');
    return [{ kind: 'check', transaction: t.prepare.transaction }];
  }

  /** A lock came free: those that waited, first by rank first, try again. */
  #wake(): ParticipantOutput[] {
    const waiting = [...this.#transactions.values()].filter((t) => t.state === 'waiting');
    waiting.sort((x, y) => compareRanks(x.prepare.rank, y.prepare.rank));
    return waiting.flatMap((t) => {
      const refusal = this.#objection(t.prepare);
      if (refusal !== null) return this.#end(t, refusal.vote, refusal.port, refusal.reason);
      if (this.#blockers(t.prepare).length > 0) return [];
      return this.#startCheck(t);
    });
  }

  #end(
    t: Transaction,
    vote: 'locked' | 'busy' | 'failed',
    port: string | null,
    reason: string,
  ): ParticipantOutput[] {
    this.#advance(t, 'aborted');
    this.#unlock(t);
    const refusal = this.#refuse(t.prepare, vote, port, reason);
    return [{ kind: 'ended', entry: entryOf(t.prepare), end: 'aborted' }, refusal, ...this.#wake()];
  }

  #underWay(path: string): Transaction[] {
    const states: readonly ParticipantState[] = ['prepared', 'changing', 'finishing'];
    return [...this.#transactions.values()].filter(
      (t) => t.prepare.path === path && states.includes(t.state),
    );
  }

  #releaseAfter(path: string): ParticipantOutput[] {
    const release = this.#releases.get(path);
    if (release === undefined || this.#underWay(path).length > 0) return [];
    this.#releases.delete(path);
    return this.release(release.to, path, release.revision);
  }

  #free(path: string, pair: PortPair, owed: { to: string; revision: number } | null): ParticipantOutput[] {
    this.#freeing.set(freeingKey(path, pair), { path, pair, owed });
    return [{ kind: 'free', path, pair }];
  }

  #lock(prepare: MessageOf<'prepare'>): void {
    for (const port of this.#portsOf(prepare)) this.#locks.set(port, prepare.transaction);
  }

  #unlock(t: Transaction): void {
    for (const [port, id] of [...this.#locks]) if (id === t.prepare.transaction) this.#locks.delete(port);
  }

  #refuse(
    p: MessageOf<'prepare'>,
    vote: 'locked' | 'busy' | 'failed',
    port: string | null,
    reason: string,
  ): ParticipantOutput {
    return this.#vote(p, vote, port, reason);
  }

  #vote(
    p: MessageOf<'prepare'>,
    vote: MessageOf<'vote'>['vote'],
    port: string | null,
    reason: string,
  ): ParticipantOutput {
    const { transaction, path, coordinator } = p;
    return {
      kind: 'send',
      to: coordinator,
      message: { type: 'vote', transaction, path, vote, port, reason },
    };
  }

  #answerOf(t: Transaction): ParticipantOutput {
    return this.#committed(
      t.prepare.coordinator,
      t.prepare,
      t.state === 'committed' ? 'done' : 'failed',
      t.reason,
    );
  }

  #committed(
    to: string,
    about: { transaction: string; path: string },
    outcome: 'done' | 'failed',
    reason: string,
  ): ParticipantOutput {
    const { transaction, path } = about;
    return { kind: 'send', to, message: { type: 'committed', transaction, path, outcome, reason } };
  }

  #released(to: string, path: string, revision: number): ParticipantOutput {
    return { kind: 'send', to, message: { type: 'released', path, revision } };
  }

  /** Ended transactions are remembered for a while, the oldest going first. */
  #forgetOldest(): void {
    if (this.#transactions.size <= LIMITS.rememberedMax) return;
    for (const [id, t] of this.#transactions) {
      if (TRANSITIONS[t.state].length > 0) continue;
      this.#transactions.delete(id);
      return;
    }
  }

  #advance(t: Transaction, to: ParticipantState): void {
    const { transaction } = t.prepare;
    assert(TRANSITIONS[t.state].includes(to), `transaction ${transaction}: ${t.state} to ${to}`);
    t.state = to;
  }
}

const freeingKey = (path: string, pair: PortPair): string => `${path} ${pair.a} ${pair.b}`;

const entryOf = ({
  transaction,
  path,
  revision,
  coordinator,
  remove,
  make,
}: PreparedEntry): PreparedEntry => ({
  transaction,
  path,
  revision,
  coordinator,
  remove,
  make,
});
