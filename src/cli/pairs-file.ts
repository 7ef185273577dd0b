// A JSON file of node pairs, `[{"from": "A", "to": "B"}]`, as questions or as demands.

import * as v from 'valibot';
import type { NetworkMap } from '../net/maps/network-map.ts';
import { UsageError } from './exit-code.ts';
import { findNode, text } from './map-file.ts';

const pairsFile = v.array(v.strictObject({ from: v.string(), to: v.string() }));

/** The pairs by the ids of the map's nodes. Throws `UsageError`. */
export function readPairs(file: string, map: NetworkMap): { from: string; to: string }[] {
  return parsed(file).map((pair, i) => {
    try {
      return endsOf(map, pair.from, pair.to);
    } catch (error) {
      throw error instanceof UsageError ? new UsageError(`${file}: pair ${i + 1}: ${error.message}`) : error;
    }
  });
}

/** Throws `UsageError` where a word names no node, or both the same. */
export function endsOf(map: NetworkMap, from: string, to: string): { from: string; to: string } {
  const ends = { from: findNode(map, from), to: findNode(map, to) };
  if (ends.from === ends.to) throw new UsageError(`a path from ${ends.from} to itself has no links`);
  return ends;
}

function parsed(file: string): v.InferOutput<typeof pairsFile> {
  const written = text(file);
  try {
    const result = v.safeParse(pairsFile, JSON.parse(written));
    if (result.success) return result.output;
    const [issue] = result.issues;
    const path = v.getDotPath(issue);
    throw new Error(`${path === null ? '' : `at ${path}: `}${issue.message}`);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UsageError(`${file} is not a JSON list of {"from": "A", "to": "B"}: ${reason}`);
  }
}
