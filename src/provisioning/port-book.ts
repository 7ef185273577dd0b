// Who has which port of one switch: transactions lock ports while they are decided, paths hold the cross-connects
// made for them, and what is being freed belongs to nobody until the switch has been seen to let go of it.

import type { MessageOf } from './messages.ts';
import type { PreparedEntry } from './participant-transaction.ts';
import { BEING_FREED } from './past-life.ts';
import { LOWEST_PRIORITY } from './path-terms.ts';
import { hasPort, isSamePair, type PortPair } from './port-pair.ts';

/** A cross-connect made for a path, which its coordinator keeps alive. */
export interface Holding {
  readonly path: string;
  /** The one that made it. */
  readonly transaction: string;
  readonly pair: PortPair;
  readonly coordinator: string;
  /** Of the path; absent: the lowest. */
  readonly priority?: number;
  revision: number;
}

/** Who wants to hear that everything of a path up to that revision is gone. */
export interface ReleaseDebt {
  readonly to: string;
  readonly revision: number;
}

/** Why ports cannot be had, as a vote says it. */
export interface Objection {
  readonly vote: 'locked' | 'busy' | 'reserved' | 'failed';
  /** The port in the way, if it is one. */
  readonly port: string | null;
  readonly reason: string;
}

/** Who has which port, for those that only look. */
export type HeldPorts = Pick<
  PortBook,
  'holding' | 'holdings' | 'holdingAt' | 'holderOf' | 'keeperOf' | 'portsOf' | 'isBeingFreed' | 'takeTouched'
>;

type Claim = Pick<PreparedEntry, 'transaction' | 'path' | 'make' | 'remove'>;

interface Freeing {
  readonly path: string;
  readonly pair: PortPair;
  debt: ReleaseDebt | null;
}

export class PortBook {
  readonly #switchName: string;
  readonly #ports: ReadonlySet<string>;
  /** By port. */
  readonly #locks = new Map<string, Claim>();
  /** The one that has locked ports for it, by path. */
  readonly #lockedFor = new Map<string, Claim>();
  /** By path. */
  readonly #holdings = new Map<string, Holding>();
  readonly #holdingAt = new Map<string, Holding>();
  readonly #freeing = new Map<string, Freeing>();
  readonly #touched = new Set<string>();

  constructor(switchName: string, ports: readonly string[]) {
    this.#switchName = switchName;
    this.#ports = new Set(ports);
  }

  holding(path: string): Holding | null {
    return this.#holdings.get(path) ?? null;
  }

  holdingAt(port: string): Holding | null {
    return this.#holdingAt.get(port) ?? null;
  }

  get holdings(): readonly Holding[] {
    return [...this.#holdings.values()];
  }

  /** The path that has the port or is after it, or null when it is free as far as this agent is concerned. */
  holderOf(port: string): string | null {
    const holding = this.holdingAt(port);
    if (holding !== null) return holding.path;
    const lock = this.#locks.get(port);
    if (lock !== undefined) return lock.path;
    for (const freeing of this.#freeing.values()) if (hasPort(freeing.pair, port)) return BEING_FREED;
    return null;
  }

  /** Whom to ask for the port, and with what priority it is held; null when no path holds it. */
  keeperOf(port: string): { coordinator: string; priority: number } | null {
    const holding = this.holdingAt(port);
    if (holding === null) return null;
    return { coordinator: holding.coordinator, priority: holding.priority ?? LOWEST_PRIORITY };
  }

  /** The ports that may have changed hands since the last call: looking at all of a large switch each time costs. */
  takeTouched(): string[] {
    const ports = [...this.#touched];
    this.#touched.clear();
    return ports;
  }

  /** Ports that the path holds, or has locked. */
  portsOf(path: string): string[] {
    const held = this.#holdings.get(path)?.pair;
    const locked = [...this.#locks].filter(([, claim]) => claim.path === path).map(([port]) => port);
    return [...new Set([...(held === undefined ? [] : [held.a, held.b]), ...locked])];
  }

  hold(holding: Holding): void {
    this.drop(holding.path);
    this.#holdings.set(holding.path, holding);
    this.#touch({ make: holding.pair, remove: null });
    for (const port of [holding.pair.a, holding.pair.b]) this.#holdingAt.set(port, holding);
  }

  /** Takes the path's holding out and returns it. */
  drop(path: string): Holding | null {
    const holding = this.holding(path);
    this.#holdings.delete(path);
    if (holding !== null) this.#touch({ make: holding.pair, remove: null });
    for (const port of holding === null ? [] : [holding.pair.a, holding.pair.b])
      if (this.#holdingAt.get(port) === holding) this.#holdingAt.delete(port);
    return holding;
  }

  /** Locks what the claim makes and what it removes. */
  lock(claim: Claim): void {
    this.#touch(claim);
    for (const port of portsOf(claim)) this.#locks.set(port, claim);
    this.#lockedFor.set(claim.path, claim);
  }

  unlock(transaction: string): void {
    for (const [port, claim] of [...this.#locks])
      if (claim.transaction === transaction) {
        this.#locks.delete(port);
        this.#touched.add(port);
        if (this.#lockedFor.get(claim.path) === claim) this.#lockedFor.delete(claim.path);
      }
  }

  /** The transaction that has locked the port. */
  lockerOf(port: string): string | null {
    return this.#locks.get(port)?.transaction ?? null;
  }

  /** Something else is to be told of the ports that it has locked. */
  changed(claim: Claim): void {
    this.#touch(claim);
  }

  /**
   * Other transactions that have locked a port of the claim, or any for its path: what the claim replaces is not known
   * before those have ended.
   */
  blockers(claim: Claim): string[] {
    const claims = [this.#lockedFor.get(claim.path), ...portsOf(claim).map((port) => this.#locks.get(port))];
    const ids = new Set(claims.flatMap((other) => other?.transaction ?? []));
    ids.delete(claim.transaction);
    return [...ids];
  }

  /** The first port of the claim that is locked. */
  lockedPort(claim: Claim): string | null {
    return portsOf(claim).find((port) => this.#locks.has(port)) ?? null;
  }

  startFreeing(path: string, pair: PortPair, debt: ReleaseDebt | null): void {
    this.#touch({ make: pair, remove: null });
    this.#freeing.set(freeingKey(path, pair), { path, pair, debt });
  }

  /** The switch has let go of it; returns who is to hear so. */
  freed(path: string, pair: PortPair): ReleaseDebt | null {
    const freeing = this.#freeing.get(freeingKey(path, pair));
    this.#freeing.delete(freeingKey(path, pair));
    this.#touch({ make: pair, remove: null });
    return freeing?.debt ?? null;
  }

  /** Notes who is to hear of the path's end; false when nothing of it is being freed. */
  owe(path: string, debt: ReleaseDebt): boolean {
    const freeing = [...this.#freeing.values()].find((f) => f.path === path);
    if (freeing !== undefined) freeing.debt = debt;
    return freeing !== undefined;
  }

  isBeingFreed(pair: PortPair): boolean {
    return [...this.#freeing.values()].some((f) => hasPort(f.pair, pair.a) || hasPort(f.pair, pair.b));
  }

  /**
   * The prepare as it applies here: what it replaces is what the path really holds. Its coordinator may not know of a
   * change that it took for failed and was made late, or of a lease that has ended.
   */
  asHeld(prepare: MessageOf<'prepare'>): MessageOf<'prepare'> {
    const held = this.#holdings.get(prepare.path)?.pair ?? null;
    return isSamePair(held, prepare.remove) ? prepare : { ...prepare, remove: held };
  }

  /** What speaks against a prepare beside locks, which may be waited for. */
  objection(prepare: MessageOf<'prepare'>): Objection | null {
    return this.#noSuchPort(prepare) ?? this.#heldOtherwise(prepare) ?? this.#taken(prepare);
  }

  #touch(claim: Pick<Claim, 'make' | 'remove'>): void {
    for (const port of portsOf(claim)) this.#touched.add(port);
  }

  #noSuchPort(p: MessageOf<'prepare'>): Objection | null {
    const unknown = portsOf(p).find((port) => !this.#ports.has(port));
    if (unknown === undefined && p.make.a !== p.make.b) return null;
    return failed(`${this.#switchName} has no port ${unknown ?? p.make.b} for this`);
  }

  #heldOtherwise(p: MessageOf<'prepare'>): Objection | null {
    const held = this.#holdings.get(p.path);
    if (held !== undefined && (held.coordinator !== p.coordinator || held.revision >= p.revision))
      return failed(`path ${p.path} is held otherwise at ${this.#switchName}`);
    return null;
  }

  #taken({ path, make }: MessageOf<'prepare'>): Objection | null {
    for (const port of [make.a, make.b]) {
      const name = `port ${port} of ${this.#switchName}`;
      const other = this.holdingAt(port);
      if (other !== null && other.path !== path)
        return { vote: 'busy', port, reason: `${name} is held by path ${other.path}` };
      if ([...this.#freeing.values()].some((f) => hasPort(f.pair, port)))
        return { vote: 'locked', port, reason: `${name} is being freed` };
    }
    return null;
  }
}

const failed = (reason: string): Objection => ({ vote: 'failed', port: null, reason });

const portsOf = ({ make, remove }: Pick<Claim, 'make' | 'remove'>): string[] =>
  [make, remove].flatMap((pair) => (pair === null ? [] : [pair.a, pair.b]));

const freeingKey = (path: string, pair: PortPair): string => `${path} ${pair.a} ${pair.b}`;
