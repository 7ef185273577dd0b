// What coordinators name as made here for their paths, and an agent that has lost its store knows nothing of: of what came just
// before the loss no neighbour had heard, so that nobody else can say. Believed only for a lease time from its return: after
// that such a holding has ended, and what is there may be somebody else's.

import { after, type Duration, type Instant } from '../core/time.ts';
import type { PathPair } from './past-life.ts';
import type { Holding } from './port-book.ts';
import { isWayOf, type PortPair } from './port-pair.ts';

export interface PairClaim extends PathPair {
  readonly coordinator: string;
}

export class PairClaims {
  readonly #ends: Instant;
  /** By port, of which there are only so many. */
  readonly #claims = new Map<string, PairClaim>();

  constructor(returned: Instant, lease: Duration) {
    this.#ends = after(returned, lease);
  }

  /** False where it comes too late. */
  add(claim: PairClaim, now: Instant): boolean {
    if (now >= this.#ends) return false;
    this.#claims.set(claim.pair.a, claim);
    return true;
  }

  /** All, once; none where the switch could not be read before it was too late. */
  take(now: Instant): PairClaim[] {
    const claims = [...this.#claims.values()];
    this.#claims.clear();
    return now < this.#ends ? claims : [];
  }
}

/** Null where it is not connected so, in neither direction. One that was left half made is given up when that is seen. */
export function claimedOf(
  switchName: string,
  { path, pair, coordinator }: PairClaim,
  found: readonly PortPair[],
): Holding | null {
  if (!found.some(({ a, b }) => isWayOf(a, b, pair))) return null;
  return { path, transaction: `${switchName}#`, pair, coordinator, revision: 0 };
}
