// Rounds of the fuzz, one after another, each decided by the seed and its number alone, so that any can be had again.
// After the first rounds the heap may not grow: what a round leaves behind is a leak.

import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { seededRandom } from '../../src/platform/seeded-random.ts';
import { deviceRound } from './device-round.ts';
import { driverRound } from './driver-round.ts';
import { parserRound } from './parser-round.ts';

const ROUNDS = [parserRound, deviceRound, driverRound, deviceRound, driverRound] as const;
/** By then compiled code and caches have their size. */
const WARM_UP = 50;
/** Ours: far above the noise of a heap of 10 to 20 MB, far below a leak of a world in each round. */
const HEAP_GROWTH_BYTES_MAX = 8 * 1024 * 1024;

export class FuzzError extends Error {
  override readonly name = 'FuzzError';

  constructor(seed: string, round: number, cause: unknown) {
    const why = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
    super(`round ${round}: ${why}\nagain: ${replayCommand(seed, round)}`, { cause });
  }
}

export const replayCommand = (seed: string, round: number): string => `npm run fuzz -- 0 ${seed} ${round}`;

/** Rejects with `FuzzError` at the first round that fails. */
export async function fuzzRound(seed: string, round: number): Promise<void> {
  const play = ROUNDS[round % ROUNDS.length] as (typeof ROUNDS)[number];
  try {
    await play(seededRandom(`${seed}/${round}`));
  } catch (error) {
    throw new FuzzError(seed, round, error);
  }
}

/** From round 0 for as long as `goesOn`. The number of rounds. */
export async function fuzz(seed: string, goesOn: (round: number) => boolean): Promise<number> {
  let usual: number | null = null;
  let round = 0;
  for (; goesOn(round); round++) {
    await fuzzRound(seed, round);
    if (round === WARM_UP) usual = heapBytes();
  }
  const growth = usual === null ? 0 : heapBytes() - usual;
  if (growth > HEAP_GROWTH_BYTES_MAX)
    throw new FuzzError(seed, round, `the heap grew by ${growth} bytes since round ${WARM_UP}`);
  return round;
}

/** What is in use after a collection. */
function heapBytes(): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  return process.memoryUsage().heapUsed;
}
