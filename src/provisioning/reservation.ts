// One reservation as its coordinator keeps it: finds a route that is free for the time asked for, has its switches
// enter it into their calendars, first held, then confirmed, and when the time has come lets the light path begin.
//
//   booking --all have it--> held --confirmed by its client, or at once when it has a time--> waiting --start--> active
//       any of them but active --refused, expired, given back--> ended;     active --end--> ended

import { after, between, type Duration, type Instant, ms, ns, wallMs } from '../core/time.ts';
import type { AgentContext } from './agent-context.ts';
import { Avoided } from './avoided.ts';
import type { DecisionLog } from './decision-log.ts';
import { EventBox } from './event-box.ts';
import type { MessageOf } from './messages.ts';
import type { Reserve } from './path-terms.ts';
import type { PathFailure } from './refusal.ts';
import type { Hop, Route } from './route.ts';
import { chooseForLater, type PathEnds } from './route-choice.ts';
import { LIMITS } from './timings.ts';

export interface ReservationEntry {
  readonly ends: PathEnds;
  readonly route: Route;
  readonly start: number;
  readonly end: number | null;
}

export interface ReservationNews {
  /** It has its ports: from now, where it is on hold, and for its time, where it has one. */
  reserved(reservation: Reservation, hold: Duration | null): void;
  activate(ends: PathEnds, route: Route): void;
  deactivate(path: string, reason: string): void;
  /** It is over. Null: as it should. `left`: switches that have not said that their calendars are clear of it. */
  over(path: string, failure: PathFailure | null, left: readonly string[]): void;
}

type ReservationEvent =
  | { readonly kind: 'booked'; readonly from: string; readonly message: MessageOf<'booked'> }
  | { readonly kind: 'unbooked'; readonly from: string; readonly number: number }
  | { readonly kind: 'confirm' }
  | { readonly kind: 'calendar-set' }
  | { readonly kind: 'cancel'; readonly failure: PathFailure | null };

/** How long participants hold what is not confirmed yet: ours, above all tries of asking. */
const UNCONFIRMED = ms(10_000);
/** A wall clock drifts: the time that is left is looked at again at least this often. */
const lookAgain = ms(60_000);

export class Reservation {
  readonly ends: PathEnds;
  readonly #asked: Reserve;
  readonly #c: AgentContext;
  readonly #log: DecisionLog;
  readonly #news: ReservationNews;
  readonly #events: EventBox<ReservationEvent>;
  #entry: ReservationEntry | null = null;
  #number = 0;
  #cancelled: { readonly failure: PathFailure | null } | null = null;
  #isConfirmed = false;
  #isBooked = false;

  constructor(
    ends: PathEnds,
    reserve: Reserve,
    context: AgentContext,
    log: DecisionLog,
    news: ReservationNews,
  ) {
    this.ends = ends;
    this.#asked = reserve;
    this.#c = context;
    this.#log = log;
    this.#news = news;
    this.#events = new EventBox(context.platform.clock);
  }

  get entry(): ReservationEntry | null {
    return this.#entry;
  }

  /** Nothing is left to do before its time comes. */
  get isBooked(): boolean {
    return this.#isBooked;
  }

  /** Whether that switch is to have it, as far as is known yet. */
  isFor(switchName: string): boolean {
    return this.#entry?.route.hops.some((hop) => hop.switchName === switchName) ?? true;
  }

  put(event: ReservationEvent): void {
    if (event.kind === 'cancel') this.#cancelled ??= event;
    if (event.kind === 'confirm') this.#isConfirmed = true;
    this.#events.put(event);
  }

  async run(): Promise<void> {
    const failure = await this.#reserve();
    if (failure !== null || this.#cancelled !== null) return await this.#end(failure);
    await this.#pass();
  }

  /** One of the log. `isActive`: its path is there already. */
  async resume(entry: ReservationEntry, isActive: boolean): Promise<void> {
    this.#entry = entry;
    if (isActive) await this.#toItsEnd();
    else await this.#pass();
  }

  /** From when it is confirmed to its end. */
  async #pass(): Promise<void> {
    const entry = this.#entry as ReservationEntry;
    // Calendars may have lost a hold meanwhile; who has it keeps it now to its end.
    if (entry.end !== null && entry.end <= this.#wall()) return await this.#end(null);
    // What has no end of its own must not stay in a calendar when this agent dies.
    const life = entry.end === null ? UNCONFIRMED : null;
    const failure = await this.#book(entry.route, life, LIMITS.confirmTriesMax);
    if (failure !== null || this.#cancelled !== null) return await this.#end(failure);
    this.#isBooked = true;
    // Whoever has confirmed it hears next that it is connected, unless that is yet to come.
    if (!this.#isConfirmed || entry.start > this.#wall()) this.#news.reserved(this, null);
    if (!(await this.#until(entry.start))) return await this.#end(null);
    this.#isBooked = false;
    this.#news.activate(this.ends, entry.route);
    await this.#toItsEnd();
  }

  async #toItsEnd(): Promise<void> {
    const { end } = this.#entry as ReservationEntry;
    if (await this.#until(end)) this.#news.deactivate(this.ends.path, 'its time is over');
    await this.#end(null, false);
  }

  /** Null when all have it. */
  async #reserve(): Promise<PathFailure | null> {
    const { start = this.#wall(), end = null, hold } = this.#asked;
    const problem = this.#isPossible(start, end);
    if (problem !== null) return problem;
    const life = hold === undefined ? UNCONFIRMED : ns(hold);
    const avoided = new Avoided();
    let failure: PathFailure | null = null;
    while (avoided.tries++ < LIMITS.bookingTriesMax && this.#cancelled === null) {
      const choice = chooseForLater(this.#c, this.ends, avoided);
      if (choice.kind === 'none') return failure ?? choice.failure;
      this.#entry = { ends: this.ends, route: choice.route, start, end };
      failure = await this.#book(choice.route, life, 1, avoided);
      if (failure !== null) continue;
      return await this.#held(hold === undefined ? null : ns(hold));
    }
    return this.#cancelled === null ? failure : null;
  }

  #isPossible(start: number, end: number | null): PathFailure | null {
    const now = this.#wall();
    const isPast = (end !== null && (end <= start || end <= now)) || start < now - lookAgain / 1e6;
    return isPast ? { kind: 'bad-request', reason: 'its time is over before it begins' } : null;
  }

  /** On hold until its client confirms it; one with a time and no hold is confirmed at once. */
  async #held(hold: Duration | null): Promise<PathFailure | null> {
    if (hold !== null) {
      this.#news.reserved(this, hold);
      const until = after(this.#now(), hold);
      while (!this.#isConfirmed && this.#cancelled === null && this.#now() < until)
        await this.#events.next(until);
      if (!this.#isConfirmed && this.#cancelled === null)
        return { kind: 'hold-expired', reason: 'nobody confirmed it in time' };
    }
    if (this.#cancelled === null)
      await this.#log.append({ kind: 'reserved', reservation: this.#entry as ReservationEntry });
    return null;
  }

  /** Asks all switches of the route to enter it, for `hold`, or for good. Null when they all have. */
  async #book(
    route: Route,
    hold: Duration | null,
    tries: number,
    avoided = new Avoided(),
  ): Promise<PathFailure | null> {
    const missing = new Map(route.hops.map((hop) => [hop.switchName, hop]));
    const number = ++this.#number;
    for (let i = 0; i < tries && missing.size > 0 && this.#cancelled === null; i++) {
      for (const hop of missing.values()) this.#ask(hop, number, hold);
      const failure = await this.#answers(missing, number, avoided);
      if (failure === null) continue;
      this.#unbook(route);
      return failure;
    }
    if (missing.size === 0 || this.#cancelled !== null) return null;
    for (const name of missing.keys()) avoided.unreachable.add(name);
    this.#unbook(route);
    const reason = `${[...missing.keys()].join(', ')} did not answer`;
    return { kind: 'participant-unreachable', reason };
  }

  #ask({ switchName, pair }: Hop, number: number, hold: Duration | null): void {
    const { start, end } = this.#entry as ReservationEntry;
    const { path } = this.ends;
    this.#c.send(switchName, { type: 'book', path, number, pair, start, end, hold_ns: hold });
  }

  /** Takes those who have it out of `missing`; null at the limit, too. */
  async #answers(missing: Map<string, Hop>, number: number, avoided: Avoided): Promise<PathFailure | null> {
    const limit = after(this.#now(), this.#c.timings.prepareLimit);
    while (missing.size > 0 && this.#cancelled === null) {
      const event = await this.#events.next(limit);
      if (event === null) return null;
      if (event.kind !== 'booked' || event.message.number !== number) continue;
      const { isBooked, port, reason } = event.message;
      if (!isBooked) {
        if (port === null) avoided.switches.add(event.from);
        else avoided.ports.add(`${event.from}/${port}`);
        return { kind: 'port-reserved', reason };
      }
      missing.delete(event.from);
    }
    return null;
  }

  /** Said a few times: a calendar that does not hear it has an entry that ends by itself. */
  #unbook({ hops }: Route, number = this.#number): void {
    for (const { switchName } of hops)
      this.#c.send(switchName, { type: 'unbook', path: this.ends.path, number });
  }

  /** False when it is cancelled before. Null is never. */
  async #until(wall: number | null): Promise<boolean> {
    while (this.#cancelled === null) {
      const left = wall === null ? Number.POSITIVE_INFINITY : wall - this.#wall();
      if (left <= 0) return true;
      await this.#events.next(after(this.#now(), ms(Math.min(left, lookAgain / 1e6))));
    }
    return false;
  }

  async #end(failure: PathFailure | null, isWhole = true): Promise<void> {
    const { path } = this.ends;
    const switches = this.#entry?.route.hops.map((hop) => hop.switchName) ?? [];
    await this.#log.append({ kind: 'reservation-ended', path, switches });
    const left = this.#entry === null ? [] : await this.#clear(this.#entry.route);
    const why = isWhole ? (failure ?? this.#cancelled?.failure ?? null) : null;
    this.#news.over(path, why, left);
  }

  /** Until all calendars are known to be clear, within bounds; the switches whose are not. */
  async #clear(route: Route): Promise<readonly string[]> {
    const left = new Set(route.hops.map((hop) => hop.switchName));
    for (let i = 0; i < LIMITS.confirmTriesMax && left.size > 0; i++) {
      this.#unbook({ ...route, hops: route.hops.filter((hop) => left.has(hop.switchName)) });
      const limit = after(this.#now(), this.#c.timings.resend);
      while (left.size > 0 && between(this.#now(), limit) > 0) {
        const event = await this.#events.next(limit);
        if (event === null) break;
        if (event.kind === 'unbooked' && event.number === this.#number) left.delete(event.from);
      }
    }
    return [...left];
  }

  #wall(): number {
    return wallMs(this.#c.platform.clock.wall());
  }

  #now(): Instant {
    return this.#c.platform.clock.now();
  }
}
