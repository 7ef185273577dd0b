// When an agent announces its part of the topology: from time to time, and what has changed soon after it has.

import { after, between, type Duration, type Instant, ns } from '../core/time.ts';
import type { Clock } from '../platform/platform.ts';
import { type AgentTimings, LIMITS } from './timings.ts';

export interface AnnouncerOptions {
  readonly clock: Clock;
  readonly timings: AgentTimings;
  readonly peerCount: () => number;
  /** Tells all that can be reached what has changed. */
  readonly announce: () => void;
}

export class Announcer {
  readonly #o: AnnouncerOptions;
  #announcedAt: Instant | null = null;
  #isDue = false;

  constructor(options: AnnouncerOptions) {
    this.#o = options;
  }

  /** At once when the last announcement is long enough ago, else as soon as it is. */
  soon(): void {
    if (this.#isDue) return;
    const { clock } = this.#o;
    const now = clock.now();
    const due = this.#announcedAt === null ? now : after(this.#announcedAt, this.#gap);
    if (due <= now) {
      this.#announce();
      return;
    }
    this.#isDue = true;
    clock.timer(between(now, due), () => this.#announce());
  }

  async runForEver(): Promise<never> {
    for (;;) {
      await this.#o.clock.sleep(this.#o.timings.announce);
      this.#announce();
    }
  }

  /** Of many agents each says less often what has changed, so that all together say so much and no more. */
  get #gap(): Duration {
    return ns(this.#o.timings.announceGap * Math.max(1, this.#o.peerCount() / LIMITS.eagerPeersMax));
  }

  #announce(): void {
    this.#isDue = false;
    this.#announcedAt = this.#o.clock.now();
    this.#o.announce();
  }
}
