// A clock that stands still until a test moves it.

import { after, type Duration, EPOCH, type Instant, type WallTime } from '../core/time.ts';
import { CancelledError } from '../platform/errors.ts';
import type { Clock, Timer } from '../platform/platform.ts';

interface Pending {
  readonly at: Instant;
  readonly fire: () => void;
}

export class ManualClock implements Clock {
  #now: Instant = EPOCH;
  #pending: Pending[] = [];

  now(): Instant {
    return this.#now;
  }

  wall(): WallTime {
    return BigInt(this.#now) as WallTime;
  }

  timer(d: Duration, fire: () => void): Timer {
    const pending = { at: after(this.#now, d), fire };
    this.#pending.push(pending);
    const cancel = (): void => {
      this.#pending = this.#pending.filter((other) => other !== pending);
    };
    return { cancel };
  }

  sleep(d: Duration, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = this.timer(d, resolve);
      signal?.addEventListener('abort', () => {
        timer.cancel();
        reject(new CancelledError('sleep'));
      });
    });
  }

  /** Fires what is due within `d`, in order, and lets every promise run between. */
  async advance(d: Duration): Promise<void> {
    const end = after(this.#now, d);
    for (;;) {
      await quiesce();
      const next = this.#pending.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (next === undefined) break;
      this.#pending.splice(this.#pending.indexOf(next), 1);
      this.#now = next.at;
      next.fire();
    }
    this.#now = end;
  }

  /** Moves on, up to `limit`, until the promise is settled. */
  async until<T>(promise: Promise<T>, limit: Duration): Promise<T> {
    let isSettled = false;
    const settled = (): void => {
      isSettled = true;
    };
    promise.then(settled, settled);
    const end = after(this.#now, limit);
    await quiesce();
    while (!isSettled) {
      const next = Math.min(...this.#pending.map(({ at }) => at));
      if (!(next <= end)) throw new Error(`unsettled after ${limit} ns; now ${this.#now}`);
      await this.advance((next - this.#now) as Duration);
      await quiesce();
    }
    return promise;
  }
}

/** More turns than any chain of promises in these tests has. */
const TURNS = 200;

async function quiesce(): Promise<void> {
  for (let i = 0; i < TURNS; i++) await Promise.resolve();
}
