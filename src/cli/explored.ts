// What a search has done so far, as its results folder keeps it: the seeds tried, and for each failing one the
// schedule that `lightbed run --faults` plays. A later search of the same folder goes on where it ended.

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import type { Finding } from '../scenario/explore/search.ts';
import { UsageError } from './exit-code.ts';
import { makeResultsFolder, writeWhole } from './results-folder.ts';

const seed = v.pipe(v.number(), v.safeInteger(), v.minValue(1));
const failure = v.object({ seed: v.string(), checker: v.string(), message: v.string(), faults: v.string() });
const exploredFile = v.object({
  scenario: v.string(),
  version: v.string(),
  from: seed,
  next: seed,
  failures: v.array(failure),
});

/** `from` is the first seed, `next` the first that has not been tried. */
export type Explored = v.InferOutput<typeof exploredFile>;

const FILE = 'explored.json';

/** Null where nothing has been explored. */
export function readExplored(folder: string): Explored | null {
  const file = join(folder, FILE);
  if (!existsSync(file)) return null;
  try {
    return v.parse(exploredFile, JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    throw new UsageError(
      `${file} is not what explore wrote: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

export function writeExplored(folder: string, explored: Explored): void {
  makeResultsFolder(folder);
  writeWhole(join(folder, FILE), `${JSON.stringify(explored, null, 2)}\n`);
}

/** Keeps the schedule of a failing seed; returns its file. */
export function writeFaults(folder: string, finding: Finding, replay: (file: string) => string): string {
  makeResultsFolder(folder);
  const file = join(folder, `faults-${finding.seed}.yaml`);
  const words = finding.failure.message.split('\n').map((line) => `#   ${line}`.trimEnd());
  const head = [`# ${finding.failure.checker}:`, ...words, `# again: ${replay(file)}`];
  writeFileSync(file, `${head.join('\n')}\n${finding.schedule}`);
  return file;
}
