// With whom an agent keeps a connection, so that news gets about: with all while there are few. Of many, with those at
// the far ends of its own fibres, as they have most to say to each other, and with the next living ones in the ring of all
// names: so those that live are connected whatever the fibres are and whoever dies.

export interface NeighbourLimits {
  /** Up to so many agents, each is everybody's neighbour. */
  readonly meshMax: number;
  /** At the far ends of own fibres. */
  readonly fibreNeighboursMax: number;
  /** Living ones that follow in the ring. */
  readonly ringNeighbours: number;
  /** Dialled in the ring at once, when many do not answer. */
  readonly ringTriesMax: number;
}

/** Ours: a mesh costs each piece of news one message an agent and no delay; two ways onward survive the death of one. */
export const DEFAULT_NEIGHBOUR_LIMITS: NeighbourLimits = {
  meshMax: 16,
  fibreNeighboursMax: 32,
  ringNeighbours: 2,
  ringTriesMax: 16,
};

export interface Surroundings {
  readonly own: string;
  /** All others that can be dialled, in the order of their names. */
  readonly known: readonly string[];
  readonly fibreNeighbours: ReadonlySet<string>;
  /** It was dialled last in vain. */
  readonly isFailing: (name: string) => boolean;
  /** And nobody has heard of it for long. */
  readonly isGone: (name: string) => boolean;
}

export function neighbourhood(s: Surroundings, limits: NeighbourLimits): ReadonlySet<string> {
  if (s.known.length < limits.meshMax) return new Set(s.known);
  const atFibres = s.known.filter((name) => s.fibreNeighbours.has(name));
  return new Set([...atFibres.slice(0, limits.fibreNeighboursMax), ...nextInRing(s, limits)]);
}

/** The very next are always dialled, so that two halves of a partition find each other again. */
function nextInRing({ own, known, isFailing, isGone }: Surroundings, limits: NeighbourLimits): string[] {
  const first = known.findIndex((name) => name > own);
  const ring = first === -1 ? known : [...known.slice(first), ...known.slice(0, first)];
  const chosen: string[] = [];
  let living = 0;
  for (const [place, name] of ring.entries()) {
    if (living >= limits.ringNeighbours || chosen.length >= limits.ringTriesMax) break;
    if (place >= limits.ringNeighbours && isGone(name)) continue;
    chosen.push(name);
    if (!isFailing(name)) living++;
  }
  return chosen;
}
