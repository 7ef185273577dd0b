// Where several fibres lie side by side, coordinators that all take the first get in each other's way. So each path has
// an order of its own among them, drawn from its name and theirs (rendezvous hashing, Thaler and Ravishankar 1998):
// the same path chooses alike at every agent, and what is taken meanwhile does not change the order of the rest.

import { defined } from '../core/assert.ts';
import type { Fibre } from './route.ts';

/** By fibre, and with it all that lie beside it. */
type Bundles<F> = ReadonlyMap<string, { readonly fibre: F; readonly beside: readonly F[] }>;

/** Made once for each list, which stays the same while the topology does. */
const known = new WeakMap<readonly Fibre[], Bundles<Fibre>>();

export interface SpreadOptions<F extends Fibre> {
  readonly path: string;
  /** No other will do. */
  readonly isFixed: (fibre: F) => boolean;
  readonly isAsGood: (other: F, fibre: F) => boolean;
  /** The path has it already: what stays need not be switched. */
  readonly isOwn: (fibre: F) => boolean;
}

/** The fibres of a route, each replaced by the path's own choice of those beside it of the same weight, length and kind. */
export function spreadFibres<F extends Fibre>(
  route: readonly string[],
  fibres: readonly F[],
  { path, isFixed, isAsGood, isOwn }: SpreadOptions<F>,
): F[] {
  const bundles = bundlesOf(fibres);
  const seed = hash(`${path}\0`);
  return route.map((id) => {
    const { fibre, beside } = defined(bundles.get(id), `fibre ${id} of the route`);
    if (beside.length === 1 || isFixed(fibre)) return fibre;
    let first = fibre;
    let least = Infinity;
    for (const other of beside) {
      if (!isAsGood(other, fibre)) continue;
      if (isOwn(other)) return other;
      const place = placeOf(other.id, seed);
      if (place >= least) continue;
      first = other;
      least = place;
    }
    return first;
  });
}

/** FNV-1a of what was hashed before and a text. */
function hash(text: string, before = 0x811c9dc5): number {
  let h = before;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return h;
}

/** With the finalizer of MurmurHash3: names that differ in their last letter only come out far apart. */
function placeOf(id: string, seed: number): number {
  let h = hash(id, seed);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

function bundlesOf<F extends Fibre>(fibres: readonly F[]): Bundles<F> {
  const before = known.get(fibres) as Bundles<F> | undefined;
  if (before !== undefined) return before;
  const byKind = new Map<string, F[]>();
  const made = new Map<string, { fibre: F; beside: readonly F[] }>();
  for (const fibre of fibres) {
    const kind = kindOf(fibre);
    const beside = byKind.get(kind) ?? [];
    byKind.set(kind, beside);
    beside.push(fibre);
    made.set(fibre.id, { fibre, beside });
  }
  known.set(fibres, made);
  return made;
}

/** A fibre to a terminal is alone: its other end is not a port. */
const kindOf = ({ id, a, b, weight, length, loss }: Fibre): string =>
  a.port === null || b.port === null
    ? id
    : [...[a, b].map((end) => `${end.node} ${end.type ?? ''}`).toSorted(), weight, length, loss].join('|');
