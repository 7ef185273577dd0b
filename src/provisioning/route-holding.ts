// The route of a light path as its coordinator has it: its revision, which switches hold what of it as far as is
// known, and which of them know the revision.

import type { Hop, Route } from './route.ts';

export class RouteHolding {
  #route: Route | null = null;
  #revision = 0;
  /** Tries take numbers, too. */
  #lastRevision = -1;
  #held: readonly Hop[] = [];
  #told = new Set<string>();

  get route(): Route | null {
    return this.#route;
  }

  get revision(): number {
    return this.#revision;
  }

  get lastRevision(): number {
    return this.#lastRevision;
  }

  get held(): readonly Hop[] {
    return this.#held;
  }

  /** The hops that have not confirmed the revision they should know. */
  get untold(): readonly Hop[] {
    return this.#held.filter((hop) => !this.#told.has(hop.switchName));
  }

  nextRevision(): number {
    return ++this.#lastRevision;
  }

  /** `told` know the revision; `failed` hold nothing of it. */
  adopt(route: Route, revision: number, told: readonly string[], failed: ReadonlySet<string>): void {
    this.#route = route;
    this.#revision = revision;
    this.#lastRevision = Math.max(this.#lastRevision, revision);
    this.#told = new Set(told);
    this.#held = route.hops.filter((hop) => !failed.has(hop.switchName));
  }

  confirmedBy(switchName: string): void {
    this.#told.add(switchName);
  }

  lostBy(switchName: string): void {
    this.#held = this.#held.filter((hop) => hop.switchName !== switchName);
  }

  clear(): void {
    this.#held = [];
  }
}
