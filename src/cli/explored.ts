// What a search has done so far, as its results folder keeps it: the seeds tried, and for each failing one the
// schedule that `lightbed run --faults` plays. A later search of the same folder goes on where it ended.

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolder } from '../host/make-folder.ts';
import type { Finding } from '../scenario/explore/search.ts';
import { UsageError } from './exit-code.ts';

export interface Explored {
  readonly scenario: string;
  readonly version: string;
  /** The first seed, and the first that has not been tried. */
  readonly from: number;
  next: number;
  readonly failures: { seed: string; checker: string; message: string; faults: string }[];
}

const FILE = 'explored.json';

/** Null where nothing has been explored. */
export function readExplored(folder: string): Explored | null {
  const file = join(folder, FILE);
  if (!existsSync(file)) return null;
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Explored;
  } catch (error) {
    throw new UsageError(`${file} is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

export function writeExplored(folder: string, explored: Explored): void {
  makeFolder(folder);
  writeFileSync(join(folder, FILE), `${JSON.stringify(explored, null, 2)}\n`);
}

/** Keeps the schedule of a failing seed; returns its file. */
export function writeFaults(folder: string, finding: Finding, replay: (file: string) => string): string {
  makeFolder(folder);
  const file = join(folder, `faults-${finding.seed}.yaml`);
  const words = finding.failure.message.split('\n').map((line) => `#   ${line}`.trimEnd());
  const head = [`# ${finding.failure.checker}:`, ...words, `# again: ${replay(file)}`];
  writeFileSync(file, `${head.join('\n')}\n${finding.schedule}`);
  return file;
}
