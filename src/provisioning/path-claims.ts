// What other paths ask of a light path: fibres, for one with a higher priority. It leaves them to another route if
// there is one, and keeps off them until whoever asked has had the time to take them.

import { after, EPOCH, type Instant, ns } from '../core/time.ts';
import { Avoided } from './avoided.ts';
import type { MessageOf } from './messages.ts';
import type { PathAllocation } from './path-allocation.ts';
import type { PathStanding } from './path-standing.ts';
import type { PathFailure } from './refusal.ts';

type Claim = MessageOf<'preempt'>;

export class PathClaims {
  readonly #s: PathStanding;
  readonly #allocation: PathAllocation;
  #claim: Claim | null = null;
  #yielded: { readonly fibres: readonly string[]; readonly until: Instant } = { fibres: [], until: EPOCH };

  constructor(standing: PathStanding, allocation: PathAllocation) {
    this.#s = standing;
    this.#allocation = allocation;
  }

  /** The last one takes the place of those before. */
  put(claim: Claim): void {
    this.#claim = claim;
  }

  get isAny(): boolean {
    return this.#claim !== null;
  }

  /** What a new move leaves out: what was given up for another path. */
  afresh(): Avoided {
    const avoided = new Avoided();
    const { fibres, until } = this.#yielded;
    if (this.#s.now() < until) for (const fibre of fibres) avoided.fibres.add(fibre);
    return avoided;
  }

  /** Leaves the fibres that another path has asked for. Null when there is light, else why there is none. */
  async yield(): Promise<PathFailure | null> {
    const claim = this.#claim;
    const s = this.#s;
    this.#claim = null;
    const own = s.route?.fibres.filter((fibre) => claim?.fibres.includes(fibre)) ?? [];
    if (claim === null || own.length === 0 || s.held.length === 0) return s.downFor;
    const { by } = claim;
    s.record('path.preempted', { path: s.name, by, fibres: own });
    s.keepsRoute = false;
    this.#yielded = { fibres: own, until: after(s.now(), ns(2 * s.context.timings.preemptLimit)) };
    const avoided = this.afresh();
    if (s.state !== 'down') s.voice.rerouting();
    s.enter('moving');
    const failure = s.isStuck ? null : await this.#allocation.move(avoided);
    if (failure === null && !s.isStuck) return null;
    const why = failure === null ? `and the path is ${s.fixed}` : failure.reason;
    return { kind: 'pre-empted', reason: `pre-empted by ${by}; ${why}` };
  }
}
