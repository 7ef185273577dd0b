// Fibres found failed, left out of path computation until light is seen on them or the mark has aged: a dark
// fibre that nobody uses carries no light, so nobody can see that it is whole again without trying. One that fails
// again and again while in use is left out for longer.

import { after, type Duration, type Instant } from '../core/time.ts';
import { DEFAULT_FLAP_LIMITS, FlapDamping, type FlapLimits } from './flap-damping.ts';

export class FailedFibres {
  readonly #hold: Duration;
  readonly #until = new Map<string, Instant>();
  readonly #suspects = new Set<string>();
  readonly #damping: FlapDamping;

  constructor(hold: Duration, flapping: FlapLimits = DEFAULT_FLAP_LIMITS) {
    this.#hold = hold;
    this.#damping = new FlapDamping(flapping);
  }

  /** Whether some fibre found failed has not been seen to carry light since: nobody tells when that is mended. */
  get hasSuspects(): boolean {
    return this.#suspects.size > 0;
  }

  /** `wasLit`: it failed under a path that it carried. True when it is left out as flapping from now on. */
  mark(fibre: string, now: Instant, wasLit: boolean): boolean {
    this.#suspects.add(fibre);
    this.#until.set(fibre, after(now, this.#hold));
    return wasLit && this.#damping.failed(fibre, now);
  }

  /** Light was seen on it. True when it was marked. */
  clear(fibre: string): boolean {
    this.#until.delete(fibre);
    return this.#suspects.delete(fibre);
  }

  has(fibre: string, now: Instant): boolean {
    const until = this.#until.get(fibre);
    if (until !== undefined && until <= now) this.#until.delete(fibre);
    return (until !== undefined && until > now) || this.#damping.isDamped(fibre, now);
  }
}
