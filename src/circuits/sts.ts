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

/** The lowest `count` slots that are not taken; null when there are fewer. */
export function freeSlots(taken: ReadonlySet<number>, count: number): number[] | null {
  const free: number[] = [];
  for (let slot = 1; slot <= SLOTS_MAX && free.length < count; slot++) if (!taken.has(slot)) free.push(slot);
  return free.length === count ? free : null;
}
