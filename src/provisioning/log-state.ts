// What an agent remembers through a restart: the entries of its decision log, and what they amount to, which is a fold
// over them. Knows no disk.

import type { KeptBackup } from './backup-book.ts';
import type { Booking } from './calendar.ts';
import type { TransactionPlan } from './coordinator.ts';
import type { PreparedEntry } from './participant-transaction.ts';
import type { PathTerms } from './path-terms.ts';
import type { PeerAddress } from './peers.ts';
import type { Holding } from './port-book.ts';
import { isSamePair, type PortPair } from './port-pair.ts';
import type { PathFailure } from './refusal.ts';
import type { ReservationEntry } from './reservation.ts';
import type { Route } from './route.ts';

/** A path as its coordinator keeps it. */
export interface PathEntry {
  readonly path: string;
  readonly revision: number;
  /** Of a path that is DOWN and holds nothing: the last one. */
  readonly route: Route;
  readonly terms: PathTerms;
  /** Where a path goes back to, if not to this route. */
  readonly working?: Route;
  /** Why it is DOWN and holds nothing, if it is. */
  readonly down?: PathFailure;
}

export type LogEntry =
  | { readonly kind: 'boot'; readonly boot: number }
  | { readonly kind: 'decided'; readonly plan: TransactionPlan; readonly entry: PathEntry }
  | { readonly kind: 'settled'; readonly transaction: string }
  | { readonly kind: 'path-ended'; readonly path: string }
  | { readonly kind: 'prepared'; readonly entry: PreparedEntry }
  | { readonly kind: 'finished'; readonly transaction: string; readonly outcome: 'done' | 'failed' }
  | { readonly kind: 'aborted'; readonly transaction: string }
  | { readonly kind: 'freed'; readonly path: string; readonly pair: PortPair }
  /** As it is now, whatever was decided of it before. */
  | { readonly kind: 'path'; readonly entry: PathEntry }
  /** Ports of this switch, for a shared backup. */
  | { readonly kind: 'backup-held'; readonly backup: KeptBackup }
  | { readonly kind: 'backup-dropped'; readonly path: string; readonly transaction: string }
  | { readonly kind: 'booked'; readonly booking: Booking; readonly hold_ns: number | null }
  | { readonly kind: 'unbooked'; readonly path: string }
  | { readonly kind: 'reserved'; readonly reservation: ReservationEntry }
  /** These switches are to be clear of it. */
  | { readonly kind: 'reservation-ended'; readonly path: string; readonly switches: readonly string[] }
  | { readonly kind: 'calendars-cleared'; readonly path: string }
  /** An operator's word; `by` is null when it is taken back. */
  | { readonly kind: 'frozen'; readonly path: string; readonly by: string | null }
  /** Of a fibre, or of the switch where that is null. */
  | { readonly kind: 'maintenance'; readonly fibre: string | null; readonly by: string | null }
  /** An agent learned of, and where. */
  | { readonly kind: 'peer'; readonly peer: PeerAddress }
  | { readonly kind: 'peer-forgotten'; readonly switchName: string }
  /** Only in a rewritten log: the fold up to there. */
  | { readonly kind: 'holding'; readonly holding: Holding }
  | { readonly kind: 'telling'; readonly plan: TransactionPlan };

/** What the entries so far amount to. */
export class LogState {
  boot = 0;
  readonly paths = new Map<string, PathEntry>();
  /** Decided, and not known to have been carried out by all. */
  readonly telling = new Map<string, TransactionPlan>();
  readonly inDoubt = new Map<string, PreparedEntry>();
  readonly holdings = new Map<string, Holding>();
  /** Shared ones that this switch keeps ports for, by path. */
  readonly backups = new Map<string, KeptBackup>();
  /** In the calendar of this switch, by path. */
  readonly bookings = new Map<string, { readonly booking: Booking; readonly hold_ns: number | null }>();
  /** Coordinated here, by path. */
  readonly reservations = new Map<string, ReservationEntry>();
  /** Over, by path: the switches whose calendars are not known to be clear of them. */
  readonly clearing = new Map<string, readonly string[]>();
  /** Paths that an operator has frozen, and who did. */
  readonly frozen = new Map<string, string>();
  /** In maintenance: fibres, null for the switch, and who said so. */
  readonly maintenance = new Map<string | null, string>();
  /** By switch. */
  readonly peers = new Map<string, PeerAddress>();
  /** Cross-connects that a failed change may have left. */
  toFree: { path: string; pair: PortPair }[] = [];

  apply(e: LogEntry): void {
    if (e.kind === 'boot') this.boot = e.boot;
    else if (e.kind === 'decided') {
      this.telling.set(e.plan.transaction, e.plan);
      this.paths.set(e.entry.path, e.entry);
    } else if (e.kind === 'telling') this.telling.set(e.plan.transaction, e.plan);
    else if (e.kind === 'path') this.paths.set(e.entry.path, e.entry);
    else if (e.kind === 'settled') this.telling.delete(e.transaction);
    else if (e.kind === 'path-ended') this.#pathEnded(e.path);
    else if (e.kind === 'prepared') this.inDoubt.set(e.entry.transaction, e.entry);
    else if (e.kind === 'aborted') this.inDoubt.delete(e.transaction);
    else if (e.kind === 'holding') this.holdings.set(e.holding.path, e.holding);
    else if (e.kind === 'freed') this.#freed(e.path, e.pair);
    else if (e.kind === 'backup-held') this.backups.set(e.backup.path, e.backup);
    else if (e.kind === 'backup-dropped') this.#backupDropped(e.path, e.transaction);
    else if (e.kind === 'booked') this.bookings.set(e.booking.path, e);
    else if (e.kind === 'unbooked') this.bookings.delete(e.path);
    else if (e.kind === 'reserved') this.reservations.set(e.reservation.ends.path, e.reservation);
    else if (e.kind === 'reservation-ended') this.#reservationEnded(e.path, e.switches);
    else if (e.kind === 'calendars-cleared') this.clearing.delete(e.path);
    else if (e.kind === 'frozen') setOrDelete(this.frozen, e.path, e.by);
    else if (e.kind === 'maintenance') setOrDelete(this.maintenance, e.fibre, e.by);
    else if (e.kind === 'peer') this.peers.set(e.peer.switchName, e.peer);
    else if (e.kind === 'peer-forgotten') this.peers.delete(e.switchName);
    else this.#finished(e.transaction, e.outcome);
  }

  /** Entries that fold to the same. */
  entries(): LogEntry[] {
    return [
      { kind: 'boot', boot: this.boot },
      ...[...this.peers.values()].map((peer) => ({ kind: 'peer', peer }) as const),
      ...[...this.frozen].map(([path, by]) => ({ kind: 'frozen', path, by }) as const),
      ...[...this.maintenance].map(([fibre, by]) => ({ kind: 'maintenance', fibre, by }) as const),
      ...[...this.backups.values()].map((backup) => ({ kind: 'backup-held', backup }) as const),
      ...[...this.bookings.values()].map((entry) => ({ ...entry, kind: 'booked' }) as const),
      ...[...this.clearing].map(
        ([path, switches]) => ({ kind: 'reservation-ended', path, switches }) as const,
      ),
      ...[...this.reservations.values()].map((entry) => ({ kind: 'reserved', reservation: entry }) as const),
      ...[...this.paths.values()].map((entry) => ({ kind: 'path', entry }) as const),
      ...[...this.telling.values()].map((plan) => ({ kind: 'telling', plan }) as const),
      ...[...this.holdings.values()].map((holding) => ({ kind: 'holding', holding }) as const),
      ...[...this.inDoubt.values()].map((entry) => ({ kind: 'prepared', entry }) as const),
    ];
  }

  #reservationEnded(path: string, switches: readonly string[]): void {
    this.reservations.delete(path);
    if (switches.length > 0)
      this.clearing.set(path, [...new Set([...(this.clearing.get(path) ?? []), ...switches])]);
  }

  #pathEnded(path: string): void {
    this.paths.delete(path);
    this.frozen.delete(path);
  }

  /** Another may have come in its place since. */
  #backupDropped(path: string, transaction: string): void {
    if (this.backups.get(path)?.transaction === transaction) this.backups.delete(path);
  }

  #finished(transaction: string, outcome: 'done' | 'failed'): void {
    const entry = this.inDoubt.get(transaction);
    this.inDoubt.delete(transaction);
    if (entry === undefined) return;
    const { path, make, remove, coordinator, revision, priority } = entry;
    const before = this.holdings.get(path)?.pair ?? null;
    this.holdings.delete(path);
    const holding = { path, transaction, pair: make, coordinator, revision };
    if (outcome === 'done')
      this.holdings.set(path, priority === undefined ? holding : { ...holding, priority });
    else this.#toBeFreed(path, make, remove);
    // It was let go of, and is not known to be gone.
    if (!isSamePair(before, remove)) this.#toBeFreed(path, before);
  }

  #toBeFreed(path: string, ...pairs: readonly (PortPair | null)[]): void {
    this.toFree.push(...pairs.flatMap((pair) => (pair === null ? [] : [{ path, pair }])));
  }

  #freed(path: string, pair: PortPair): void {
    if (isSamePair(this.holdings.get(path)?.pair ?? null, pair)) this.holdings.delete(path);
    this.toFree = this.toFree.filter((f) => f.path !== path || !isSamePair(f.pair, pair));
  }
}

function setOrDelete<K>(map: Map<K, string>, key: K, value: string | null): void {
  if (value === null) map.delete(key);
  else map.set(key, value);
}
