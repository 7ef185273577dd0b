// A random stream that its seed decides, with forks by name. Both worlds draw from it; only where the seed
// comes from differs. A fork's seed is its path (`7/link/atlantic-1/loss`), so a new consumer shifts no other.

import seedrandom from 'seedrandom';
import { assert } from '../core/assert.ts';
import type { Random } from './platform.ts';

export function seededRandom(seed: string): Random {
  // Many streams are only forked, and a generator costs as much as a hundred numbers of it.
  let generator: (() => number) | null = null;
  const draw = (): number => {
    generator ??= seedrandom(seed);
    return generator();
  };
  return {
    next: draw,
    integer(below) {
      assert(Number.isSafeInteger(below) && below >= 1, () => `a number below ${below} cannot be drawn`);
      return Math.floor(draw() * below);
    },
    fork: (name) => seededRandom(`${seed}/${name}`),
  };
}
