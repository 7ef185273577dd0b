// Which path is to have which ports of one switch, and when: reservations in calendar time, held for a while until
// they are confirmed, then kept to their end. No two of them have one port at one time. It knows nothing of what is
// connected now; the port book does.

import type { PortPair } from './port-pair.ts';

export interface Booking {
  readonly path: string;
  readonly coordinator: string;
  readonly pair: PortPair;
  /** Milliseconds since 1970; until `end`, or for ever where that is null. */
  readonly start: number;
  readonly end: number | null;
}

export interface Period {
  readonly start: number;
  readonly end: number | null;
}

export class Calendar {
  /** By path. */
  readonly #bookings = new Map<string, Booking>();

  get size(): number {
    return this.#bookings.size;
  }

  of(path: string): Booking | null {
    return this.#bookings.get(path) ?? null;
  }

  /** The paths that it keeps for that agent. */
  bookedBy(coordinator: string): string[] {
    return [...this.#bookings.values()].flatMap((b) => (b.coordinator === coordinator ? [b.path] : []));
  }

  /** The port and the other path in the way of having these ports then, or null. */
  conflict(path: string, { a, b }: PortPair, period: Period): { port: string; with: Booking } | null {
    for (const booking of this.#bookings.values()) {
      if (booking.path === path || !overlap(booking, period)) continue;
      const port = [a, b].find((p) => p === booking.pair.a || p === booking.pair.b);
      if (port !== undefined) return { port, with: booking };
    }
    return null;
  }

  /** Replaces what the path has booked before. Whoever calls it has looked for conflicts. */
  enter(booking: Booking): void {
    this.#bookings.set(booking.path, booking);
  }

  remove(path: string): boolean {
    return this.#bookings.delete(path);
  }

  /** Takes out and returns those that have ended by `now`. */
  takeEnded(now: number): Booking[] {
    const ended = [...this.#bookings.values()].filter(({ end }) => end !== null && end <= now);
    for (const { path } of ended) this.#bookings.delete(path);
    return ended;
  }
}

const overlap = (x: Period, y: Period): boolean =>
  (x.end === null || y.start < x.end) && (y.end === null || x.start < y.end);
