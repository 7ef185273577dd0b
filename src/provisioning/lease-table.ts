// Time-limited rights by key. The grantor's monotonic clock alone decides when one expires; a renewal of
// what has expired, or was never granted, is told so.

import { after, between, type Duration, type Instant, ZERO } from '../core/time.ts';

export class LeaseTable {
  readonly #life: Duration;
  readonly #ends = new Map<string, Instant>();

  constructor(life: Duration) {
    this.#life = life;
  }

  /** Grants or renews; the lease ends `life` from `now`. */
  grant(key: string, now: Instant): void {
    this.#ends.set(key, after(now, this.#life));
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
    let first = after(now, this.#life);
    for (const end of this.#ends.values()) if (end < first) first = end;
    return first > now ? between(now, first) : ZERO;
  }

  /** Takes out and returns the keys whose lease has ended. */
  takeExpired(now: Instant): string[] {
    const expired = [...this.#ends].filter(([, end]) => end <= now).map(([key]) => key);
    for (const key of expired) this.#ends.delete(key);
    return expired;
  }
}
