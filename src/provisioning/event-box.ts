// What happened to a light path, in order, for the one task that looks after it: a bounded queue whose reader
// waits with a limit.

import { between, type Instant } from '../core/time.ts';
import type { Clock } from '../platform/platform.ts';

/** More than a path's switches could say between two looks: ours. */
const eventsMax = 1_000;

export class EventBox<T> {
  readonly #clock: Pick<Clock, 'now' | 'timer'>;
  readonly #events: T[] = [];
  #waiting: (() => void) | null = null;

  constructor(clock: Pick<Clock, 'now' | 'timer'>) {
    this.#clock = clock;
  }

  put(event: T): void {
    if (this.#events.length < eventsMax) this.#events.push(event);
    this.#waiting?.();
  }

  /** The next event, or null at `until`; without a limit when that is null. */
  async next(until: Instant | null): Promise<T | null> {
    if (this.#events.length === 0) await this.#wait(until);
    return this.#events.shift() ?? null;
  }

  #wait(until: Instant | null): Promise<void> {
    const now = this.#clock.now();
    if (until !== null && until <= now) return Promise.resolve();
    return new Promise((resolve) => {
      const done = (): void => {
        this.#waiting = null;
        timer?.cancel();
        resolve();
      };
      const timer = until === null ? null : this.#clock.timer(between(now, until), done);
      this.#waiting = done;
    });
  }
}
