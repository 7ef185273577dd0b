// Switches of which a neighbour knows more than this agent, and that it has asked for: each of one neighbour at a time,
// and of another when no answer has come.

import { after, between, type Duration, type Instant } from '../core/time.ts';
import { LIMITS } from './timings.ts';
import { isNewer, type Standing } from './topology-view.ts';

interface Wanted {
  /** The newest that was heard of, and where. */
  standing: Standing;
  from: string;
  askedAt: Instant;
  tries: number;
}

export class WantedSwitches {
  readonly #again: Duration;
  readonly #wanted = new Map<string, Wanted>();

  /** Nobody is asked for the same again within `again`. */
  constructor(again: Duration) {
    this.#again = again;
  }

  get isEmpty(): boolean {
    return this.#wanted.size === 0;
  }

  get names(): readonly string[] {
    return [...this.#wanted.keys()];
  }

  /** `from` knows the switch as it stood then. Whether it is to be asked now. */
  add(switchName: string, standing: Standing, from: string, now: Instant): boolean {
    const known = this.#wanted.get(switchName);
    if (known === undefined) {
      this.#wanted.set(switchName, { standing, from, askedAt: now, tries: 1 });
      return true;
    }
    if (isNewer(standing, known.standing)) Object.assign(known, { standing, from });
    if (between(known.askedAt, now) < this.#again) return false;
    known.askedAt = now;
    return true;
  }

  /** So much is known now without an answer: what is no newer is not asked for any more. */
  heard(switchName: string, standing: Standing): void {
    const known = this.#wanted.get(switchName);
    if (known !== undefined && !isNewer(known.standing, standing)) this.#wanted.delete(switchName);
  }

  /** That is known now. Whom to ask again, where somebody knew more. */
  got(switchName: string, standing: Standing, now: Instant): string | null {
    const known = this.#wanted.get(switchName);
    if (known === undefined) return null;
    if (!isNewer(known.standing, standing)) {
      this.#wanted.delete(switchName);
      return null;
    }
    known.askedAt = now;
    return known.from;
  }

  /** Those without an answer, and whom of the neighbours to ask now; what was asked for in vain too often is forgotten. */
  overdue(neighbours: readonly string[], now: Instant): ReadonlyMap<string, readonly string[]> {
    const asks = new Map<string, string[]>();
    for (const [name, wanted] of this.#wanted) {
      if (after(wanted.askedAt, this.#again) > now) continue;
      const isThere = wanted.tries === 1 && neighbours.includes(wanted.from);
      const whom = isThere ? wanted.from : neighbours[wanted.tries % Math.max(1, neighbours.length)];
      if (whom === undefined || wanted.tries++ >= LIMITS.wantTriesMax) this.#wanted.delete(name);
      else {
        wanted.askedAt = now;
        asks.set(whom, [...(asks.get(whom) ?? []), name]);
      }
    }
    return asks;
  }
}
