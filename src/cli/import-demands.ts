// The demands that `--demands` gives for a map: how many random pairs, or a JSON file of pairs.

import type { NetworkMap } from '../net/maps/network-map.ts';
import { type Demand, drawDemands } from '../scenario/import/demand.ts';
import { UsageError } from './exit-code.ts';
import { readPairs } from './pairs-file.ts';

/** Light paths asked for in one scenario: as many as hosts fit in a large one. */
const demandsMax = 10_000;

/** Throws `UsageError`. */
export function demandsOf(given: string, map: NetworkMap, seed: string): readonly Demand[] {
  if (/^[-+\d.]+$/.test(given) && !/^\d+$/.test(given))
    throw new UsageError('--demands is a whole number, or a JSON file of pairs');
  if (!/^\d+$/.test(given)) return readPairs(given, map);
  if (Number(given) > demandsMax) throw new UsageError(`--demands is at most ${demandsMax}, or a file`);
  return drawDemands(map, Number(given), seed);
}
