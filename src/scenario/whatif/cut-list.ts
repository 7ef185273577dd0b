// The cuts that a study tries, in an order of their own: every cable alone, every two, or every shared-risk group; or
// so many of them, drawn by seed.

import type { Random } from '../../platform/platform.ts';
import type { Cable } from './subject.ts';

export interface StudyCut {
  readonly id: string;
  /** How many things failed: cables, or one group. */
  readonly order: 1 | 2;
  /** What failed, first the first: cables, or the group. */
  readonly parts: readonly CutPart[];
}

export interface CutPart {
  readonly name: string;
  readonly fibres: readonly string[];
}

export type CutKind = '1' | '2' | 'srlg';

export interface CutClass {
  readonly order: 1 | 2;
  /** Of all cuts of the class these are tried. */
  readonly population: number;
  readonly cuts: readonly StudyCut[];
}

export interface CutListOptions {
  readonly cuts: CutKind;
  /** So many of each class; all where absent. */
  readonly sample?: number;
  /** Cuts of two are one after the other: which is first makes a difference. */
  readonly isApart: boolean;
}

/** Two at once come after each alone: availability wants both. */
export function cutClasses(
  cables: readonly Cable[],
  { cuts, sample, isApart }: CutListOptions,
  random: Random,
): CutClass[] {
  const parts: readonly CutPart[] = cuts === 'srlg' ? groupsOf(cables) : cables;
  const n = parts.length;
  const part = (i: number): CutPart => pick(parts, i);
  const singles = drawn(n, sample, random.fork('singles')).map((i) => cutOf([part(i)], cuts));
  const single: CutClass = { order: 1, population: n, cuts: singles };
  if (cuts !== '2') return [single];
  const population = isApart ? n * (n - 1) : (n * (n - 1)) / 2;
  const doubles = drawn(population, sample, random.fork('doubles')).map((k) => {
    const [i, j] = isApart ? orderedPair(k, n) : pair(k, n);
    return cutOf([part(i), part(j)], cuts);
  });
  return [single, { order: 2, population, cuts: doubles }];
}

/** A group fails as a whole. */
export function groupsOf(cables: readonly Cable[]): (CutPart & { readonly length: number })[] {
  const names = [...new Set(cables.flatMap(({ groups }) => groups))];
  return names.map((name) => {
    const members = cables.filter(({ groups }) => groups.includes(name));
    // What they share cannot be longer than the shortest of them.
    const length = Math.min(...members.map((cable) => cable.length));
    return { name, fibres: members.flatMap(({ fibres }) => fibres), length };
  });
}

function cutOf(parts: readonly CutPart[], kind: CutKind): StudyCut {
  const order = parts.length === 2 ? 2 : 1;
  const names = parts.map(({ name }) => name).join('+');
  const bare = parts.map(({ name, fibres }) => ({ name, fibres }));
  return { id: `${kind === 'srlg' ? 'srlg:' : ''}${names}`, order, parts: bare };
}

/** So many different numbers below `population`, in order: each set is as likely as any other (Floyd 1987). */
function drawn(population: number, sample: number | undefined, random: Random): number[] {
  if (sample === undefined || sample >= population) return Array.from({ length: population }, (_, i) => i);
  const taken = new Set<number>();
  for (let top = population - sample; top < population; top++) {
    const k = random.integer(top + 1);
    taken.add(taken.has(k) ? top : k);
  }
  return [...taken].sort((a, b) => a - b);
}

/** The k-th of all (i, j) with i before j. */
function pair(k: number, n: number): [number, number] {
  let i = 0;
  let left = k;
  while (left >= n - 1 - i) left -= n - 1 - i++;
  return [i, i + 1 + left];
}

function orderedPair(k: number, n: number): [number, number] {
  const i = Math.floor(k / (n - 1));
  const j = k % (n - 1);
  return [i, j < i ? j : j + 1];
}

function pick<T>(items: readonly T[], i: number): T {
  const item = items[i];
  if (item === undefined) throw new RangeError(`there is no ${i}`);
  return item;
}
