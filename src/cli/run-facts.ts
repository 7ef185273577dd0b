// What identifies a run in its summary.json: enough to run it again and to know whether it came out the same.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from './exit-code.ts';

export interface RunFacts {
  readonly scenario: string;
  readonly seed: string;
  readonly version: string;
  readonly world: string;
  /** SHA-256 over trace.jsonl, in hex. */
  readonly trace_sha256: string;
}

const KEYS = ['scenario', 'seed', 'version', 'world', 'trace_sha256'] as const;

/** Throws `UsageError` where the folder holds no summary of a run. */
export function readFacts(folder: string): RunFacts {
  const file = join(folder, 'summary.json');
  if (!existsSync(file)) throw new UsageError(`there is no ${file}: give the folder that a run wrote`);
  const summary = parse(file);
  const missing = KEYS.filter((key) => typeof summary[key] !== 'string');
  if (missing.length > 0)
    throw new UsageError(`${file} has no ${missing.join(', no ')}: it is not the summary of a run`);
  return summary as unknown as RunFacts;
}

function parse(file: string): Record<string, unknown> {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  } catch (error) {
    throw new UsageError(`${file} is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}
