// A clock that tests move by hand: timers fire in (time, setting) order while it moves.

import { after, type Duration, EPOCH, type Instant } from '../../src/core/time.ts';
import type { Clock, Timer } from '../../src/platform/platform.ts';

export class StepClock implements Pick<Clock, 'now' | 'timer'> {
  #now: Instant = EPOCH;
  #timers: { at: Instant; fire: () => void }[] = [];
  /** Timers fired so far. */
  fired = 0;

  now(): Instant {
    return this.#now;
  }

  timer(d: Duration, fire: () => void): Timer {
    const timer = { at: after(this.#now, d), fire };
    const behind = this.#timers.findIndex((other) => other.at > timer.at);
    this.#timers.splice(behind < 0 ? this.#timers.length : behind, 0, timer);
    return { cancel: () => void (this.#timers = this.#timers.filter((other) => other !== timer)) };
  }

  advance(d: Duration): void {
    const until = after(this.#now, d);
    for (let next = this.#timers[0]; next !== undefined && next.at <= until; next = this.#timers[0]) {
      this.#timers.shift();
      this.#now = next.at;
      this.fired++;
      next.fire();
    }
    this.#now = until;
  }
}
