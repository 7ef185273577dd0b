// Says when a session has been quiet for so long that it must be heard from. The timer is not set anew at every command: only
// when it fires is it set again, for what is left since the last one.

import { between, type Duration, EPOCH, type Instant, ns } from '../core/time.ts';
import type { Clock, Timer } from '../platform/platform.ts';

export interface KeepAliveOptions {
  readonly clock: Pick<Clock, 'now' | 'timer'>;
  readonly quietMax: Duration;
  /** Called once after each such silence; the next is watched for from the next `sent` on. */
  readonly due: () => void;
}

export class KeepAlive {
  readonly #o: KeepAliveOptions;
  #timer: Timer | null = null;
  #sentAt: Instant = EPOCH;

  constructor(options: KeepAliveOptions) {
    this.#o = options;
  }

  /** Something was sent just now. */
  sent(): void {
    this.#sentAt = this.#o.clock.now();
    if (this.#timer === null) this.#arm(this.#o.quietMax);
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = null;
  }

  #arm(delay: Duration): void {
    this.#timer = this.#o.clock.timer(delay, () => {
      this.#timer = null;
      const quiet = between(this.#sentAt, this.#o.clock.now());
      if (quiet < this.#o.quietMax) this.#arm(ns(this.#o.quietMax - quiet));
      else this.#o.due();
    });
  }
}
