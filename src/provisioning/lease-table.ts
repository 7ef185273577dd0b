// Time-limited rights by key. The grantor's monotonic clock alone decides when one expires; a renewal of
// what has expired, or was never granted, is told so.

import { after, between, type Duration, EPOCH, type Instant, ZERO } from '../core/time.ts';

export class LeaseTable {
  readonly #life: Duration;
  readonly #ends = new Map<string, Instant>();
  /** None ends before this: it is asked far more often than one does. */
  #firstEnd: Instant = EPOCH;

  constructor(life: Duration) {
    this.#life = life;
  }

  /** Grants or renews; the lease ends `life` from `now`. */
  grant(key: string, now: Instant): void {
    const end = after(now, this.#life);
    this.#ends.set(key, end);
    if (end < this.#firstEnd) this.#firstEnd = end;
  }

  /** False when there is no living lease of that key at `now`. */
  renew(key: string, now: Instant): boolean {
    const end = this.#ends.get(key);
    if (end === undefined || end <= now) return false;
    this.grant(key, now);
    return true;
  }

  has(key: string): boolean {
    return this.#ends.has(key);
  }

  release(key: string): boolean {
    return this.#ends.delete(key);
  }

  /** How long from `now` no lease can end, neither one of these nor one that is granted meanwhile. */
  quiet(now: Instant): Duration {
    const first = this.#firstOf(after(now, this.#life));
    return first > now ? between(now, first) : ZERO;
  }

  /** Takes out and returns the keys whose lease has ended. */
  takeExpired(now: Instant): string[] {
    if (now < this.#firstEnd) return [];
    const expired = [...this.#ends].filter(([, end]) => end <= now).map(([key]) => key);
    for (const key of expired) this.#ends.delete(key);
    this.#firstEnd = this.#firstOf(after(now, this.#life));
    return expired;
  }

  /** The first end, or `most` where that is earlier. */
  #firstOf(most: Instant): Instant {
    let first = most;
    for (const end of this.#ends.values()) if (end < first) first = end;
    return first;
  }
}
