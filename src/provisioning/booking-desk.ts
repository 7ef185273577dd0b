// The participant's side of reservations: enters them into its calendar, on disk before it says so; drops those that
// nobody confirms in time, by its monotonic clock; and says when one has ended.

import { after, type Instant, ns, wallMs } from '../core/time.ts';
import type { AgentContext } from './agent-context.ts';
import { type Booking, Calendar } from './calendar.ts';
import type { DecisionLog } from './decision-log.ts';
import type { MessageOf } from './messages.ts';
import type { ReservedPorts } from './participant.ts';
import type { Objection } from './port-book.ts';
import type { PortPair } from './port-pair.ts';
import { LIMITS } from './timings.ts';

export interface BookingDeskOptions {
  readonly context: AgentContext;
  readonly log: DecisionLog;
  /** Who has the port now, beside a path of that name, or null; and whether it can be used at all. */
  readonly holderOf: (port: string) => string | null;
  readonly isUsable: (port: string) => boolean;
}

export class BookingDesk implements ReservedPorts {
  readonly #o: BookingDeskOptions;
  readonly #calendar = new Calendar();
  /** Until when those that are not confirmed are held. */
  readonly #holds = new Map<string, Instant>();

  constructor(options: BookingDeskOptions) {
    this.#o = options;
  }

  /** What the log says is booked; holds begin anew. */
  restore(): void {
    for (const { booking, hold_ns } of this.#o.log.state.bookings.values()) {
      this.#calendar.enter(booking);
      if (hold_ns !== null) this.#holds.set(booking.path, after(this.#now(), ns(hold_ns)));
      this.#recordEntered(booking, hold_ns);
    }
  }

  async book(from: string, m: MessageOf<'book'>): Promise<void> {
    const { path, number, pair, start, end, hold_ns } = m;
    const booking = { path, coordinator: from, pair, start, end };
    const objection = this.#objection(booking);
    if (objection === null) {
      this.#calendar.enter(booking);
      if (hold_ns === null) this.#holds.delete(path);
      else this.#holds.set(path, after(this.#now(), ns(hold_ns)));
      this.#recordEntered(booking, hold_ns);
      await this.#o.log.append({ kind: 'booked', booking, hold_ns });
    }
    const { port = null, reason = '' } = objection ?? {};
    this.#o.context.send(from, { type: 'booked', path, number, isBooked: objection === null, port, reason });
  }

  /** A way to that agent has opened: one that has forgotten what it reserved says that it is not wanted. */
  inTouch(coordinator: string): void {
    const answer = { type: 'booked', number: 0, isBooked: true, port: null, reason: '' } as const;
    for (const path of this.#calendar.bookedBy(coordinator))
      this.#o.context.send(coordinator, { ...answer, path });
  }

  /** Says so when no restart brings it back: nobody would tell it again. */
  async unbook(from: string, { path, number }: MessageOf<'unbook'>): Promise<void> {
    const booking = this.#calendar.of(path);
    if (booking?.coordinator === from) {
      this.#calendar.remove(path);
      await this.#ended(booking);
    }
    this.#o.context.send(from, { type: 'unbooked', path, number });
  }

  /** The path's time is over, or it has what it waited for. */
  drop(path: string): void {
    const booking = this.#calendar.of(path);
    if (booking === null) return;
    this.#calendar.remove(path);
    this.#o.context.watch(this.#ended(booking));
  }

  /** The path has its cross-connect: a hold has served its purpose, a reservation with an end keeps the next one out. */
  used(path: string): void {
    this.#holds.delete(path);
    if (this.#calendar.of(path)?.end === null) this.drop(path);
  }

  /** Why a prepare cannot be, because of what others have booked. */
  objection({ path, make, until }: MessageOf<'prepare'>): Objection | null {
    const found = this.#calendar.conflict(path, make, { start: this.#wall(), end: until ?? null });
    if (found === null) return null;
    const name = `port ${found.port} of ${this.#o.context.config.switchName}`;
    return { vote: 'reserved', port: found.port, reason: `${name} is reserved for path ${found.with.path}` };
  }

  portsOf(path: string): string[] {
    const pair = this.#calendar.of(path)?.pair;
    return pair === undefined ? [] : [pair.a, pair.b];
  }

  isDue(path: string): boolean {
    const start = this.#calendar.of(path)?.start ?? Number.POSITIVE_INFINITY;
    return start <= this.#wall();
  }

  /** Paths whose time is over. Holds that nobody confirmed go, too. */
  tick(): string[] {
    const now = this.#now();
    for (const [path, until] of [...this.#holds]) if (until <= now) this.drop(path);
    const ended = this.#calendar.takeEnded(this.#wall());
    for (const booking of ended) this.#o.context.watch(this.#ended(booking));
    return ended.map(({ path }) => path);
  }

  #objection(booking: Booking): { port: string | null; reason: string } | null {
    const { path, pair, coordinator } = booking;
    const { config } = this.#o.context;
    const known = this.#calendar.of(path);
    if (known !== null && known.coordinator !== coordinator)
      return { port: null, reason: `${config.switchName} has another reservation ${path}` };
    if (known === null && this.#calendar.size >= LIMITS.bookingsMax)
      return { port: null, reason: `${config.switchName} has ${LIMITS.bookingsMax} reservations` };
    const conflict = this.#calendar.conflict(path, pair, booking);
    if (conflict !== null)
      return {
        port: conflict.port,
        reason: `port ${conflict.port} of ${config.switchName} is reserved for path ${conflict.with.path}`,
      };
    return this.#inUse(booking, pair);
  }

  /** What is in use now is taken for ever, unless its end is known. */
  #inUse({ path, start }: Booking, { a, b }: PortPair): { port: string; reason: string } | null {
    const { config } = this.#o.context;
    for (const port of [a, b]) {
      const name = `port ${port} of ${config.switchName}`;
      if (!this.#o.isUsable(port)) return { port, reason: `${name} cannot be used` };
      const holder = this.#o.holderOf(port);
      if (holder === null || holder === path) continue;
      const end = this.#calendar.of(holder)?.end ?? null;
      if (end === null || end > start) return { port, reason: `${name} is held by path ${holder}` };
    }
    return null;
  }

  /** Resolves when the disk has it. */
  #ended(booking: Booking): Promise<void> {
    this.#holds.delete(booking.path);
    this.#record('booking.ended', booking);
    return this.#o.log.append({ kind: 'unbooked', path: booking.path });
  }

  #recordEntered(booking: Booking, hold_ns: number | null): void {
    this.#record(hold_ns === null ? 'booking.confirmed' : 'booking.held', booking);
  }

  #record(kind: string, { path, pair, start, end }: Booking): void {
    const { platform, config } = this.#o.context;
    const fields = { path, switch: config.switchName, ports: [pair.a, pair.b], start_ms: start, end_ms: end };
    platform.log.record(kind, fields);
  }

  #wall(): number {
    return wallMs(this.#o.context.platform.clock.wall());
  }

  #now(): Instant {
    return this.#o.context.platform.clock.now();
  }
}
