// VCAT bandwidth in units of STS-1, and time slots by number.

import { type BitsPerSecond, bitsPerSecond } from '../core/quantity.ts';

/** MonALISA monCienaVCG: Mb/s = STS-1 x 9621.5 / 192, so about 50.11. */
const STS1_BPS = 9621.5e6 / 192;

/** Time slots of an OC-192, and of a TTP. */
export const SLOTS_MAX = 192;

export const rateOf = (sts1: number): BitsPerSecond => bitsPerSecond(sts1 * STS1_BPS);

/** The fewest STS-1 that carry the rate. */
export function sts1For(rate: BitsPerSecond): number {
  // A rate that came from `rateOf` needs no slot more because of the last bit of a division.
  return Math.max(1, Math.ceil(rate / STS1_BPS - 1e-9));
}

/** `1&&21&40`: runs of ascending numbers, each with the prefix in front: `1-A-5-1-1&&21&1-A-5-1-40`. */
export function formatSlots(slots: readonly number[], prefix = ''): string {
  const runs: { first: number; last: number }[] = [];
  for (const slot of slots) {
    const run = runs.at(-1);
    if (run !== undefined && run.last + 1 === slot) run.last = slot;
    else runs.push({ first: slot, last: slot });
  }
  return runs.map(({ first, last }) => `${prefix}${first}${first === last ? '' : `&&${last}`}`).join('&');
}

/** The next `count` slots from `first` on that are not taken, round the end, in ascending order; null when there are fewer. */
export function freeSlots(taken: ReadonlySet<number>, count: number, first = 1): number[] | null {
  const free: number[] = [];
  for (let i = 0; i < SLOTS_MAX && free.length < count; i++) {
    const slot = ((first - 1 + i) % SLOTS_MAX) + 1;
    if (!taken.has(slot)) free.push(slot);
  }
  return free.length === count ? free.sort((a, b) => a - b) : null;
}

/** Where to look for free slots when others took those that were chosen: two circuits hardly begin at the same slot. */
export function firstSlot(circuit: string, attempt: number): number {
  if (attempt === 1) return 1;
  let hash = attempt;
  for (const character of circuit) hash = (hash * 31 + character.charCodeAt(0)) % 65_521;
  return (hash % SLOTS_MAX) + 1;
}
