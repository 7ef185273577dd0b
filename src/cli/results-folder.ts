// A place for results: made before the work begins, so that what took an hour has one, and files that are there whole or
// not at all, so that a killed command can go on.

import { renameSync, writeFileSync } from 'node:fs';
import { makeFolder } from '../host/make-folder.ts';
import { UsageError } from './exit-code.ts';

/** Throws `UsageError` where it cannot be made. */
export function makeResultsFolder(folder: string): void {
  try {
    if (folder === '') throw new Error('it has no name');
    makeFolder(folder);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UsageError(`results cannot be written to "${folder}": ${reason}`);
  }
}

/** In place of what was there, at one instant. */
export function writeWhole(file: string, text: string): void {
  writeFileSync(`${file}.new`, text);
  renameSync(`${file}.new`, file);
}
