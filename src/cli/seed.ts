// A seed is any words; without any there would be no way to give it again.

import { UsageError } from './exit-code.ts';

/** Throws `UsageError`. */
export function checkSeed(seed: string | undefined): void {
  if (seed?.trim() === '') throw new UsageError('--seed: expected a number or a word, got nothing');
}
