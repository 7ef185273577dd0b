// The reservations that clients asked this agent for, and whom to tell of them.

import { type Duration, wallMs } from '../core/time.ts';
import type { AgentContext } from './agent-context.ts';
import { tellState } from './client-voice.ts';
import type { DecisionLog } from './decision-log.ts';
import type { AgentMessage, ClientMessage, MessageOf } from './messages.ts';
import { OwedUnbookings } from './owed-unbookings.ts';
import { recordOf } from './path-terms.ts';
import type { PathFailure, RefusalKind } from './refusal.ts';
import { Reservation, type ReservationNews } from './reservation.ts';
import type { Route } from './route.ts';
import type { PathEnds } from './route-choice.ts';
import { LIMITS } from './timings.ts';

/** Above what a calendar drifts, or is rounded, from one look to the next: ours. */
const calendarStepLeastMs = 20;

interface Voice {
  send(message: ClientMessage): void;
}

interface Kept {
  readonly reservation: Reservation;
  client: Voice | null;
  isActive: boolean;
  /** Whether its client has heard that it is reserved. */
  isTold: boolean;
  /** Whether its client waits for an answer: that it is reserved, or that what was on hold is connected. */
  isAwaited: boolean;
}

export interface ReservedPaths {
  /** Begins the light path, at first along that route. */
  begin(ends: PathEnds, route: Route, client: Voice | null): void;
  finish(path: string, reason: string): void;
}

export class ReservationKeeper implements ReservationNews {
  readonly #c: AgentContext;
  readonly #log: DecisionLog;
  readonly #paths: ReservedPaths;
  readonly #kept = new Map<string, Kept>();
  readonly #owed: OwedUnbookings;

  constructor(context: AgentContext, log: DecisionLog, paths: ReservedPaths) {
    this.#c = context;
    this.#log = log;
    this.#paths = paths;
    this.#owed = new OwedUnbookings(context, log, (path) => this.has(path));
  }

  /** What the log says; their paths, where they have begun, are looked after as others. */
  restore(): void {
    const { reservations, paths } = this.#log.state;
    for (const entry of reservations.values()) {
      const isActive = paths.has(entry.ends.path);
      const { reservation } = this.#keep(entry.ends, null, isActive);
      this.#c.watch(reservation.resume(entry, isActive));
    }
    this.#owed.restore();
  }

  /** A calendar that is set makes times come sooner, or later: participants look at theirs as often. */
  async watchCalendar(): Promise<never> {
    const { clock } = this.#c.platform;
    const lead = (): number => wallMs(clock.wall()) - clock.now() / 1e6;
    for (let before = lead(); ; ) {
      await clock.sleep(this.#c.timings.tick);
      const now = lead();
      if (Math.abs(now - before) > calendarStepLeastMs)
        for (const { reservation } of this.#kept.values()) reservation.put({ kind: 'calendar-set' });
      before = now;
    }
  }

  has(path: string): boolean {
    return this.#kept.has(path);
  }

  request(client: Voice, { path, from, to, terms = {} }: MessageOf<'request'>): void {
    const known = this.#kept.get(path);
    const refuse = (kind: RefusalKind, reason: string): void =>
      client.send({ type: 'refused', path, kind, reason });
    if (known !== undefined) {
      const { ends } = known.reservation;
      if (ends.from !== from || ends.to !== to) return refuse('name-taken', `there is another path ${path}`);
      known.client = client;
      if (known.isTold) this.reserved(known.reservation, null);
      return;
    }
    if (terms.protection !== undefined) return refuse('bad-request', 'a protected path cannot be reserved');
    if (this.#kept.size >= LIMITS.pathsMax)
      return refuse('limit', `more than ${LIMITS.pathsMax} reservations`);
    this.#c.platform.log.record('path.requested', { path, from, to, ...recordOf(terms) });
    const { reservation } = this.#keep({ path, from, to, terms }, client, false);
    this.#c.watch(this.#c.meet().then(() => reservation.run()));
  }

  /** False when there is no such reservation. */
  confirm(client: Voice, path: string): boolean {
    const kept = this.#kept.get(path);
    if (kept === undefined) return false;
    kept.client = client;
    if (kept.reservation.isBooked) {
      this.reserved(kept.reservation, null);
      return true;
    }
    kept.isAwaited = true;
    kept.reservation.put({ kind: 'confirm' });
    return true;
  }

  /** True when it has not begun, so that there is nothing but the reservation to give back. */
  giveBack(client: Voice, path: string): boolean {
    const kept = this.#kept.get(path);
    if (kept === undefined || kept.isActive) return false;
    kept.client = client;
    kept.reservation.put({ kind: 'cancel', failure: null });
    return true;
  }

  /** Switches that do not answer may take longer than its client waits for a sign of life. */
  heardFrom(client: Voice, path: string): void {
    const kept = this.#kept.get(path);
    if (kept === undefined) return;
    kept.client = client;
    if (kept.isAwaited && !kept.isActive) tellState(client, path, 'setting-up', '');
  }

  /** Its light path is over, whyever. */
  pathEnded(path: string): void {
    const kept = this.#kept.get(path);
    if (kept?.isActive) kept.reservation.put({ kind: 'cancel', failure: null });
  }

  /** A way to that switch has opened. */
  inTouch(switchName: string): void {
    this.#owed.inTouch(switchName);
  }

  handle(from: string, message: AgentMessage): void {
    if (message.type === 'booked') {
      const reservation = this.#kept.get(message.path)?.reservation;
      reservation?.put({ kind: 'booked', from, message });
      // A switch remembers what its coordinator has forgotten, with all else.
      if (message.number === 0 && reservation?.isFor(from) !== true)
        this.#c.send(from, { type: 'unbook', path: message.path, number: 0 });
    } else if (message.type === 'unbooked') {
      const { path, number } = message;
      this.#kept.get(path)?.reservation.put({ kind: 'unbooked', from, number });
      this.#owed.unbooked(from, path);
    }
  }

  reserved(reservation: Reservation, hold: Duration | null): void {
    const { entry, ends } = reservation;
    const kept = this.#kept.get(ends.path);
    if (entry === null || kept === undefined) return;
    const { start, end, route } = entry;
    const fibres = [...route.fibres];
    if (!kept.isTold) {
      const fields = { path: ends.path, fibres, start_ms: start, end_ms: end, hold_ns: hold };
      this.#c.platform.log.record('path.reserved', fields);
    }
    kept.isTold = true;
    kept.isAwaited = false;
    kept.client?.send({ type: 'reserved', path: ends.path, fibres, start, end, hold_ns: hold });
  }

  activate(ends: PathEnds, route: Route): void {
    const kept = this.#kept.get(ends.path);
    if (kept === undefined) return;
    kept.isActive = true;
    this.#paths.begin(ends, route, kept.client);
  }

  deactivate(path: string, reason: string): void {
    this.#paths.finish(path, reason);
  }

  over(path: string, failure: PathFailure | null, left: readonly string[]): void {
    const kept = this.#kept.get(path);
    this.#kept.delete(path);
    this.#owed.owe(path, left);
    if (kept === undefined || kept.isActive) return;
    const { log } = this.#c.platform;
    if (failure === null) log.record('path.released', { path });
    else log.record('path.refused', { path, ...failure });
    if (failure === null) kept.client?.send({ type: 'given-back', path });
    else if (!kept.isTold || failure.kind === 'hold-expired')
      kept.client?.send({ type: 'refused', path, ...failure });
    if (failure !== null && kept.isTold)
      kept.client?.send({ type: 'path-state', path, state: 'gone', reason: failure.reason });
  }

  #keep(ends: PathEnds, client: Voice | null, isActive: boolean): Kept {
    const reserve = ends.terms.reserve ?? {};
    const reservation = new Reservation(ends, reserve, this.#c, this.#log, this);
    const kept = { reservation, client, isActive, isTold: false, isAwaited: client !== null };
    this.#kept.set(ends.path, kept);
    return kept;
  }
}
