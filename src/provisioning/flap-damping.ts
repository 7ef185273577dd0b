// Flap damping of fibres, as route-flap damping does it (RFC 2439, 4.2): each time that a fibre in use fails adds to its
// penalty, which decays with a half-life; above one limit the fibre is left out, until it has decayed below
// another. A fibre with a loose connector would otherwise take every path down again that trusts its light.

import { between, type Duration, type Instant, seconds } from '../core/time.ts';

export interface FlapLimits {
  /** Added by each failure. */
  readonly penalty: number;
  /** Above this it is left out, and below `reuse` it is not any more. */
  readonly suppress: number;
  readonly reuse: number;
  readonly halfLife: Duration;
  /** However often it fails, after this long without failure it is used again. */
  readonly longest: Duration;
}

/** 1000, 2000, 750, 15 min and 60 min are what routers commonly ship with. */
export const DEFAULT_FLAP_LIMITS: FlapLimits = {
  penalty: 1_000,
  suppress: 2_000,
  reuse: 750,
  halfLife: seconds(900),
  longest: seconds(3_600),
};

interface Flapping {
  penalty: number;
  at: Instant;
  isDamped: boolean;
}

export class FlapDamping {
  readonly #limits: FlapLimits;
  readonly #fibres = new Map<string, Flapping>();

  constructor(limits: FlapLimits) {
    this.#limits = limits;
  }

  /** True when that has it left out from now on. */
  failed(fibre: string, now: Instant): boolean {
    const { penalty, suppress } = this.#limits;
    const known = this.#fibres.get(fibre) ?? { penalty: 0, at: now, isDamped: false };
    known.penalty = Math.min(this.#ceiling(), this.#decayed(known, now) + penalty);
    known.at = now;
    const isNew = !known.isDamped && known.penalty > suppress;
    known.isDamped ||= isNew;
    this.#fibres.set(fibre, known);
    return isNew;
  }

  isDamped(fibre: string, now: Instant): boolean {
    const known = this.#fibres.get(fibre);
    if (known?.isDamped !== true) return false;
    known.isDamped = this.#decayed(known, now) >= this.#limits.reuse;
    return known.isDamped;
  }

  #decayed({ penalty, at }: Flapping, now: Instant): number {
    return penalty * 2 ** (-between(at, now) / this.#limits.halfLife);
  }

  /** From which it decays to `reuse` in the longest time. */
  #ceiling(): number {
    return this.#limits.reuse * 2 ** (this.#limits.longest / this.#limits.halfLife);
  }
}
