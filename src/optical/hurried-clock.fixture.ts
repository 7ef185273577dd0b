// A clock that runs faster than the machine's, so that waits of half a minute over real sockets fit into a test. It counts
// the turns that the process gets: when the machine holds the process up, its time stands still, too. Both ends of a
// connection within the process then have as many turns within a time limit, however slow the machine is.

import { defined } from '../core/assert.ts';
import { type Duration, type Instant, instant, ms, type WallTime, ZERO } from '../core/time.ts';
import { type TimerEntry, TimerHeap } from '../host/timer-heap.ts';
import { cancellableSleep } from '../platform/cancellable-sleep.ts';
import type { Clock, Timer } from '../platform/platform.ts';

/** Of the machine's time: a tick, and the most that counts of what has passed since the last. */
const TICK = ms(1);
const TICK_MOST = 4 * TICK;

export class HurriedClock implements Clock {
  readonly #clock: Clock;
  readonly #times: number;
  readonly #timers = new TimerHeap();
  #now = 0;
  #order = 0;
  /** By the other clock; null while nobody waits. */
  #tickedAt: Instant | null = null;

  constructor(clock: Clock, times: number) {
    this.#clock = clock;
    this.#times = times;
  }

  now(): Instant {
    return instant(this.#now);
  }

  wall(): WallTime {
    return this.#clock.wall();
  }

  timer(d: Duration, fire: () => void): Timer {
    const entry: TimerEntry = { due: this.#now + d, order: this.#order++, fire, at: -1 };
    this.#timers.add(entry);
    if (this.#tickedAt === null) this.#tickLater();
    return { cancel: () => this.#timers.remove(entry) };
  }

  sleep(d: Duration, signal?: AbortSignal): Promise<void> {
    return cancellableSleep(this, d, signal);
  }

  #tickLater(): void {
    const isDue = (this.#timers.first?.due ?? Infinity) <= this.#now;
    this.#tickedAt = this.#clock.now();
    this.#clock.timer(isDue ? ZERO : TICK, () => this.#tick());
  }

  /** Fires one timer at most, at its time: what it wakes goes on before the next. */
  #tick(): void {
    const passed = this.#clock.now() - defined(this.#tickedAt, 'the last tick');
    const upTo = this.#now + Math.min(passed, TICK_MOST) * this.#times;
    const first = this.#timers.first;
    this.#tickedAt = null;
    if (first === undefined) return;
    this.#now = Math.round(Math.max(this.#now, Math.min(upTo, first.due)));
    if (first.due <= this.#now) {
      this.#timers.remove(first);
      first.fire();
    }
    if (this.#tickedAt === null && this.#timers.first !== undefined) this.#tickLater();
  }
}
