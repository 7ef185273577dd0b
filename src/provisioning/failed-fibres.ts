// Fibres found failed, left out of path computation until light is seen on them or the mark has aged: a dark
// fibre that nobody uses carries no light, so nobody can see that it is whole again without trying.

import { after, type Duration, type Instant } from '../core/time.ts';

export class FailedFibres {
  readonly #hold: Duration;
  readonly #until = new Map<string, Instant>();

  constructor(hold: Duration) {
    this.#hold = hold;
  }

  mark(fibre: string, now: Instant): void {
    this.#until.set(fibre, after(now, this.#hold));
  }

  /** Light was seen on it. */
  clear(fibre: string): void {
    this.#until.delete(fibre);
  }

  has(fibre: string, now: Instant): boolean {
    const until = this.#until.get(fibre);
    if (until === undefined) return false;
    if (until <= now) this.#until.delete(fibre);
    return until > now;
  }
}
