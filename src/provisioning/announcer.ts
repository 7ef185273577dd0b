// When an agent announces its part of the topology: from time to time, and what has changed soon after it has. Where
// changes do not stop, the pauses between two announcements grow, as of OSPF's throttled LSAs: the first is told at once,
// and a crowd of changes in few words.

import { after, between, type Duration, type Instant, ns } from '../core/time.ts';
import type { Clock, Timer } from '../platform/platform.ts';
import { type AgentTimings, LIMITS } from './timings.ts';

export interface AnnouncerOptions {
  readonly clock: Clock;
  readonly timings: Pick<AgentTimings, 'announce' | 'announceGap' | 'announceGapMost'>;
  readonly peerCount: () => number;
  /** Tells all that can be reached what has changed. */
  readonly announce: () => void;
}

export class Announcer {
  readonly #o: AnnouncerOptions;
  #announcedAt: Instant | null = null;
  /** Before the next one. */
  #gap: Duration;
  #timer: Timer | null = null;

  constructor(options: AnnouncerOptions) {
    this.#o = options;
    this.#gap = options.timings.announceGap;
  }

  /** At once when the last announcement is long enough ago, else as soon as it is. */
  soon(): void {
    if (this.#timer !== null) return;
    const { clock } = this.#o;
    const now = clock.now();
    const due = this.#announcedAt === null ? now : after(this.#announcedAt, this.#gap);
    this.#throttle(now);
    if (due <= now) {
      this.#announce();
      return;
    }
    this.#timer = clock.timer(between(now, due), () => this.#announce());
  }

  async runForEver(): Promise<never> {
    for (;;) {
      await this.#o.clock.sleep(this.#o.timings.announce);
      this.#announce();
    }
  }

  /** Twice as long after each pause in which something changed, up to a most that more agents have longer; after quiet, short. */
  #throttle(now: Instant): void {
    const { announceGap, announceGapMost } = this.#o.timings;
    const most = Math.min(
      announceGapMost,
      announceGap * Math.max(1, this.#o.peerCount() / LIMITS.eagerPeersMax),
    );
    const quiet = this.#announcedAt === null ? Number.POSITIVE_INFINITY : between(this.#announcedAt, now);
    if (quiet >= 2 * most) this.#gap = announceGap;
    else this.#gap = ns(Math.min(Math.floor(most), this.#gap * 2));
  }

  #announce(): void {
    this.#timer?.cancel();
    this.#timer = null;
    this.#announcedAt = this.#o.clock.now();
    this.#o.announce();
  }
}
