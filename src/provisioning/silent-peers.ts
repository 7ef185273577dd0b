// How long each peer has been silent, for an agent to forget those that were taken out of service. Silence counts while
// somebody else is heard only: who hears nobody is cut off himself, and will want to find them all again.

import { between, type Duration, type Instant } from '../core/time.ts';

export class SilentPeers {
  readonly #life: Duration;
  #lookedAt: Instant;
  /** By peer, ns. */
  readonly #silences = new Map<string, number>();

  constructor(life: Duration, now: Instant) {
    this.#life = life;
    this.#lookedAt = now;
  }

  /** Those of all known peers that have been silent for a life. */
  look(names: readonly string[], isThere: (name: string) => boolean, now: Instant): string[] {
    const elapsed = between(this.#lookedAt, now);
    this.#lookedAt = now;
    const there = new Set(names.filter(isThere));
    if (there.size === 0) return [];
    for (const name of there) this.#silences.delete(name);
    const silent = names.filter((name) => !there.has(name));
    for (const name of silent) this.#silences.set(name, (this.#silences.get(name) ?? 0) + elapsed);
    return silent.filter((name) => (this.#silences.get(name) ?? 0) >= this.#life);
  }

  forget(name: string): void {
    this.#silences.delete(name);
  }
}
