// A JSON file of node pairs, `[{"from": "A", "to": "B"}]`, as questions or as demands.

import * as v from 'valibot';
import { UsageError } from './exit-code.ts';
import { text } from './map-file.ts';

const pairsFile = v.array(v.strictObject({ from: v.string(), to: v.string() }));

/** Throws `UsageError`. */
export function readPairs(file: string): { from: string; to: string }[] {
  const written = text(file);
  try {
    return v.parse(pairsFile, JSON.parse(written));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UsageError(`${file} is not a JSON list of {"from": "A", "to": "B"}: ${reason}`);
  }
}
