// A token bucket that may go into debt: a block is let through when the bucket is not in debt, and then pays its whole
// length. So blocks larger than the bucket pass too, and over any span at most rate x span + burst + one block do.
// `TokenBucket` is the arithmetic; `RateLimit` lets tasks wait in turn, and can be adjusted while they do.

import { assert } from '../core/assert.ts';
import type { Bytes, BytesPerSecond } from '../core/quantity.ts';
import { type Duration, type Instant, ns } from '../core/time.ts';
import type { Clock, Timer } from '../platform/platform.ts';

export class TokenBucket {
  readonly #burst: number;
  #rate: number;
  #tokens: number;
  #at: Instant;

  constructor(rate: BytesPerSecond, burst: Bytes, now: Instant) {
    assert(rate > 0 && burst > 0, `a rate and a burst are above 0, got ${rate} and ${burst}`);
    this.#rate = rate;
    this.#burst = burst;
    this.#tokens = burst;
    this.#at = now;
  }

  /** How long until the next block may pass; 0 when it may now. */
  delay(now: Instant): Duration {
    this.#fill(now);
    return ns(this.#tokens >= 0 ? 0 : Math.ceil((-this.#tokens / this.#rate) * 1e9));
  }

  /** Pays for a block. Only when `delay` is 0. */
  pay(length: number, now: Instant): void {
    this.#fill(now);
    this.#tokens -= length;
  }

  /** From `now` on the bucket fills at the new rate; what is in it, or owed, stays. */
  setRate(rate: BytesPerSecond, now: Instant): void {
    assert(rate > 0, `a rate is above 0, got ${rate}`);
    this.#fill(now);
    this.#rate = rate;
  }

  #fill(now: Instant): void {
    this.#tokens = Math.min(this.#burst, this.#tokens + ((now - this.#at) / 1e9) * this.#rate);
    // A debt under a millionth of a byte is rounding, and would cost a timer of 1 ns.
    if (this.#tokens < 0 && this.#tokens > -1e-6) this.#tokens = 0;
    this.#at = now;
  }
}

interface Waiter {
  readonly length: number;
  readonly pass: () => void;
}

export class RateLimit {
  readonly #clock: Pick<Clock, 'now' | 'timer'>;
  readonly #burst: Bytes;
  readonly #waiters: Waiter[] = [];
  #bucket: TokenBucket | null = null;
  #rate: BytesPerSecond | null = null;
  #timer: Timer | null = null;

  /** `rate` null: unlimited until `setRate`. One limit may be shared by several transfers of a machine. */
  constructor(
    clock: Pick<Clock, 'now' | 'timer'>,
    rate: BytesPerSecond | null,
    burst: Bytes = DEFAULT_BURST,
  ) {
    this.#clock = clock;
    this.#burst = burst;
    this.setRate(rate);
  }

  get rate(): BytesPerSecond | null {
    return this.#rate;
  }

  /** Adjusts the limit at once, also for blocks that already wait. */
  setRate(rate: BytesPerSecond | null): void {
    const now = this.#clock.now();
    this.#rate = rate;
    if (rate === null) this.#bucket = null;
    else if (this.#bucket === null) this.#bucket = new TokenBucket(rate, this.#burst, now);
    else this.#bucket.setRate(rate, now);
    this.#serve();
  }

  /** Resolves when a block of `length` bytes may go; in the order of asking. Waiting ends without passing on `signal`. */
  take(length: number, signal: AbortSignal): Promise<void> | undefined {
    if (this.#waiters.length === 0 && this.#pass(length)) return undefined;
    return new Promise((resolve) => {
      const leave = (): void => this.#leave(waiter);
      const pass = (): void => {
        signal.removeEventListener('abort', leave);
        resolve();
      };
      const waiter = { length, pass };
      this.#waiters.push(waiter);
      signal.addEventListener('abort', leave);
      if (signal.aborted) leave();
      else this.#serve();
    });
  }

  #leave(waiter: Waiter): void {
    const at = this.#waiters.indexOf(waiter);
    if (at >= 0) this.#waiters.splice(at, 1);
    waiter.pass();
  }

  #pass(length: number): boolean {
    if (this.#bucket === null) return true;
    const now = this.#clock.now();
    if (this.#bucket.delay(now) > 0) return false;
    this.#bucket.pay(length, now);
    return true;
  }

  #serve(): void {
    this.#timer?.cancel();
    this.#timer = null;
    for (let next = this.#waiters[0]; next !== undefined; next = this.#waiters[0]) {
      if (!this.#pass(next.length)) break;
      this.#waiters.shift();
      next.pass();
    }
    if (this.#waiters.length === 0 || this.#bucket === null) return;
    this.#timer = this.#clock.timer(this.#bucket.delay(this.#clock.now()), () => this.#serve());
  }
}

/** One block of the usual size. */
const DEFAULT_BURST = (2 ** 20) as Bytes;
