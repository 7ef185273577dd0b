// Times of a device as they come: about what its profile says, never exactly.

import { type Duration, ns } from '../../src/core/time.ts';
import type { Random } from '../../src/platform/platform.ts';

/** `time`, up to the share `spread` shorter or longer, evenly. */
export const spreadTime = (time: Duration, spread: number, random: Random): Duration =>
  ns(Math.round(time * (1 + spread * (2 * random.next() - 1))));

/** The time of each next move of the mirrors. */
export function switchingTimes(
  profile: { readonly switchingTime: Duration; readonly timeSpread: number },
  random: Random,
): () => Duration {
  const stream = random.fork('switching times');
  return () => spreadTime(profile.switchingTime, profile.timeSpread, stream);
}
