// When a light path that is DOWN tries again: after ever longer pauses, a bounded number of times where news will
// tell of a way, and whenever something came back. News that tries can cause is not heard in the pause after a try that cost others
// something, or two paths without light would wake each other for ever.

import { after, type Duration, type Instant, ns } from '../core/time.ts';

/**
 * `return`: a switch, or light on a fibre, came back: it starts anew. `fresh`: something that it has not tried came
 * free. `stale`: what came free it has tried, and it, or somebody like it, may have freed that by a try.
 */
export type News = 'return' | 'fresh' | 'stale';

export interface RetryLimits {
  readonly first: Duration;
  readonly most: Duration;
  /** Tries without news. */
  readonly triesMax: number;
}

export class RetrySchedule {
  readonly #limits: RetryLimits;
  #pause: Duration;
  #tries = 0;
  #next: Instant;
  /** Not before this, after a try that other agents took part in. */
  #barred: Instant;
  #hasNews = false;

  constructor(limits: RetryLimits, now: Instant) {
    this.#limits = limits;
    this.#pause = limits.first;
    this.#next = after(now, limits.first);
    this.#barred = now;
  }

  /**
   * Null when only news can bring another try. `isBlind`: what may come back is a dark fibre, of which no news comes; so
   * there is no last try, but only ever the longest pause, until whoever wants the path no longer does.
   */
  due(isBlind: boolean): Instant | null {
    return isBlind || this.#hasNews || this.#tries < this.#limits.triesMax ? this.#next : null;
  }

  news(now: Instant, news: News): void {
    if (news === 'stale' && now < this.#barred) return;
    if (news === 'return') {
      this.#tries = 0;
      this.#pause = this.#limits.first;
    }
    this.#next = now;
    this.#hasNews = true;
  }

  /** `wasCostly`: there was a route, and a transaction over it or light on it that did not come. */
  failed(now: Instant, wasCostly: boolean): void {
    this.#tries++;
    this.#hasNews = false;
    this.#pause = ns(Math.min(this.#pause * 2, this.#limits.most));
    this.#next = after(now, this.#pause);
    if (wasCostly) this.#barred = this.#next;
  }
}
