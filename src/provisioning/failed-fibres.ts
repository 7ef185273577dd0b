// Fibres found failed, left out of path computation until light is seen on them or the mark has aged: a dark
// fibre that nobody uses carries no light, so nobody can see that it is whole again without trying.

import { after, type Duration, type Instant } from '../core/time.ts';

export class FailedFibres {
  readonly #hold: Duration;
  readonly #until = new Map<string, Instant>();
  readonly #suspects = new Set<string>();

  constructor(hold: Duration) {
    this.#hold = hold;
  }

  /** Whether some fibre found failed has not been seen to carry light since: nobody tells when that is mended. */
  get hasSuspects(): boolean {
    return this.#suspects.size > 0;
  }

  mark(fibre: string, now: Instant): void {
    this.#suspects.add(fibre);
    this.#until.set(fibre, after(now, this.#hold));
  }

  /** Light was seen on it. True when it was marked. */
  clear(fibre: string): boolean {
    this.#until.delete(fibre);
    return this.#suspects.delete(fibre);
  }

  has(fibre: string, now: Instant): boolean {
    const until = this.#until.get(fibre);
    if (until === undefined) return false;
    if (until <= now) this.#until.delete(fibre);
    return until > now;
  }
}
