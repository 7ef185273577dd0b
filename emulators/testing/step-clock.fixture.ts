// A clock that tests move by hand: timers fire in (time, setting) order while it moves. `run` lets all promises
// of an instant finish before the next timer, `advance` does not wait for any.

import { after, type Duration, EPOCH, type Instant, type WallTime } from '../../src/core/time.ts';
import { cancellableSleep } from '../../src/platform/cancellable-sleep.ts';
import type { Clock, Timer } from '../../src/platform/platform.ts';

export class StepClock implements Clock {
  #now: Instant = EPOCH;
  #timers: { at: Instant; fire: () => void }[] = [];
  /** What the calendar showed at the start: the day of the 2016 Glimmerglass transcript. */
  readonly #wallAtStart = 1_465_492_372_000_000_000n;
  /** Timers fired so far. */
  fired = 0;

  now(): Instant {
    return this.#now;
  }

  wall(): WallTime {
    return (this.#wallAtStart + BigInt(this.#now)) as WallTime;
  }

  timer(d: Duration, fire: () => void): Timer {
    const timer = { at: after(this.#now, d), fire };
    const behind = this.#timers.findIndex((other) => other.at > timer.at);
    this.#timers.splice(behind < 0 ? this.#timers.length : behind, 0, timer);
    return {
      cancel: () => {
        this.#timers = this.#timers.filter((other) => other !== timer);
      },
    };
  }

  sleep(d: Duration, signal?: AbortSignal): Promise<void> {
    return cancellableSleep(this, d, signal);
  }

  advance(d: Duration): void {
    const until = after(this.#now, d);
    while (this.#fireNext(until));
    this.#now = until;
  }

  async run(d: Duration): Promise<void> {
    const until = after(this.#now, d);
    do await drained();
    while (this.#fireNext(until));
    this.#now = until;
  }

  #fireNext(until: Instant): boolean {
    const next = this.#timers[0];
    if (next === undefined || next.at > until) return false;
    this.#timers.shift();
    this.#now = next.at;
    this.fired++;
    next.fire();
    return true;
  }
}

/** Once every promise chain that can go on has gone on. */
const drained = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
