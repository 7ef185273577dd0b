// Fibres found failed, left out of path computation until light is seen on them or the mark has aged: a dark
// fibre that nobody uses carries no light, so nobody can see that it is whole again without trying. One that fails
// again and again while in use is left out for longer. What fails rarely fails alone: fibres in the same cable or duct
// are dark too, and nobody looks at those that are not in use. They are suspects as long as the mark lives.

import { after, type Duration, type Instant, ns, ZERO } from '../core/time.ts';
import { DEFAULT_FLAP_LIMITS, FlapDamping, type FlapLimits } from './flap-damping.ts';
import type { Fibre } from './route.ts';

export class FailedFibres {
  readonly #hold: Duration;
  readonly #until = new Map<string, Instant>();
  readonly #unseen = new Set<string>();
  readonly #damping: FlapDamping;
  /** What was told last, and of what: the same object as long as nothing changes, so that what is made from it can be kept. */
  #told: { readonly of: readonly Fibre[]; readonly marks: string; readonly suspects: Set<string> } | null =
    null;

  constructor(hold: Duration, flapping: FlapLimits = DEFAULT_FLAP_LIMITS) {
    this.#hold = hold;
    this.#damping = new FlapDamping(flapping);
  }

  /** Whether some fibre found failed has not been seen to carry light since: nobody tells when that is mended. */
  get hasUnseen(): boolean {
    return this.#unseen.size > 0;
  }

  /**
   * `wasLit`: it failed under a path that it carried. `age`: how long ago it was found. True when it is left out as flapping
   * from now on.
   */
  mark(fibre: string, now: Instant, wasLit: boolean, age: Duration = ZERO): boolean {
    this.#unseen.add(fibre);
    const until = after(now, ns(Math.max(0, this.#hold - age)));
    const before = this.#until.get(fibre);
    this.#until.set(fibre, before !== undefined && before > until ? before : until);
    return wasLit && this.#damping.failed(fibre, now);
  }

  /** Light was seen on it. True when it was marked. */
  clear(fibre: string): boolean {
    this.#until.delete(fibre);
    return this.#unseen.delete(fibre);
  }

  /** Those that share an SRLG with a marked one, or seem to lie in its cable. */
  suspects(fibres: readonly Fibre[], now: Instant): ReadonlySet<string> {
    const marked = new Set([...this.#until].flatMap(([fibre, until]) => (until > now ? [fibre] : [])));
    if (marked.size === 0) return marked;
    const marks = [...marked].join('\0');
    if (this.#told?.of !== fibres || this.#told.marks !== marks)
      this.#told = { of: fibres, marks, suspects: suspectsOf(fibres, marked) };
    return this.#told.suspects;
  }

  has(fibre: string, now: Instant): boolean {
    const until = this.#until.get(fibre);
    if (until !== undefined && until <= now) this.#until.delete(fibre);
    return (until !== undefined && until > now) || this.#damping.isDamped(fibre, now);
  }
}

function suspectsOf(fibres: readonly Fibre[], marked: ReadonlySet<string>): Set<string> {
  const failed = fibres.filter(({ id }) => marked.has(id));
  const groups = new Set(failed.flatMap(({ srlg }) => srlg ?? []));
  const shares = (fibre: Fibre): boolean =>
    fibre.srlg?.some((group) => groups.has(group)) === true || failed.some((f) => isBeside(f, fibre));
  return new Set(fibres.flatMap((fibre) => (!marked.has(fibre.id) && shares(fibre) ? [fibre.id] : [])));
}

/** Of the shorter: fibres of one cable differ by less, and two cables that take different ways by more. Ours. */
const cableTolerance = 0.01;

/** Between the same two switches, and as long. */
const isBeside = (x: Fibre, y: Fibre): boolean =>
  [x, y].every(({ a, b }) => a.port !== null && b.port !== null) &&
  ((x.a.node === y.a.node && x.b.node === y.b.node) || (x.a.node === y.b.node && x.b.node === y.a.node)) &&
  Math.abs(x.length - y.length) <= cableTolerance * Math.min(x.length, y.length);
