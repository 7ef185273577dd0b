// When a light path that had to move goes back to its working route: once everything that drove it away is known to
// be mended, and has stayed so for the wait-to-restore time. A dark fibre tells nobody that it is whole; so a failure
// counts until light is seen on one of the fibres that may have caused it, or somebody says that it is mended.

import { after, type Duration, type Instant } from '../core/time.ts';
import type { Route } from './route.ts';

export class Reversion {
  readonly #wait: Duration | null;
  #working: Route | null = null;
  #isAway = false;
  /** By failure, the fibres of the working route that can explain it. */
  #failures: (readonly string[])[] = [];
  #wholeSince: Instant | null = null;

  /** Null: it never goes back. */
  constructor(wait: Duration | null) {
    this.#wait = wait;
  }

  /** The route that it goes back to; null without reversion, or before there was light. */
  get working(): Route | null {
    return this.#wait === null ? null : this.#working;
  }

  /** When to go back, if nothing happens until then; null while there is no reason to. */
  get due(): Instant | null {
    if (this.#wait === null || !this.#isAway || this.#wholeSince === null) return null;
    return after(this.#wholeSince, this.#wait);
  }

  /** The path has light on that route. */
  up(route: Route, now: Instant): void {
    this.#working ??= route;
    this.#isAway = `${this.#working.fibres}` !== `${route.fibres}`;
    if (!this.#isAway) this.#failures = [];
    this.#review(now);
  }

  /** After a restart: nobody remembers why it went away, so all that it left is suspected. */
  restore(working: Route, route: Route, now: Instant): void {
    this.#working = working;
    const left = working.fibres.filter((fibre) => !route.fibres.includes(fibre));
    this.#failures = left.length === 0 ? [] : [left];
    this.up(route, now);
  }

  /** One of these failed; the wait begins anew when it is mended. */
  failed(fibres: readonly string[], now: Instant): void {
    const own = fibres.filter((fibre) => this.#working?.fibres.includes(fibre));
    if (own.length > 0) this.#failures.push(own);
    this.#review(now);
  }

  whole(fibres: readonly string[], now: Instant): void {
    this.#failures = this.#failures.filter((failure) => !failure.some((fibre) => fibres.includes(fibre)));
    this.#review(now);
  }

  /** It could not go back: somebody else is there. It waits once more. */
  postpone(now: Instant): void {
    this.#wholeSince = now;
  }

  #review(now: Instant): void {
    if (!this.#isAway || this.#failures.length > 0) this.#wholeSince = null;
    else this.#wholeSince ??= now;
  }
}
