// A clock that runs faster than another, so that waits of half a minute over real sockets fit into a test.

import { type Duration, type Instant, instant, ns, type WallTime } from '../core/time.ts';
import type { Clock, Timer } from '../platform/platform.ts';

export class HurriedClock implements Clock {
  readonly #clock: Clock;
  readonly #times: number;
  readonly #origin: Instant;

  constructor(clock: Clock, times: number) {
    this.#clock = clock;
    this.#times = times;
    this.#origin = clock.now();
  }

  now(): Instant {
    return instant(Math.round((this.#clock.now() - this.#origin) * this.#times));
  }

  wall(): WallTime {
    return this.#clock.wall();
  }

  timer(d: Duration, fire: () => void): Timer {
    return this.#clock.timer(this.#real(d), fire);
  }

  sleep(d: Duration, signal?: AbortSignal): Promise<void> {
    return this.#clock.sleep(this.#real(d), signal);
  }

  #real(d: Duration): Duration {
    return ns(Math.round(d / this.#times));
  }
}
