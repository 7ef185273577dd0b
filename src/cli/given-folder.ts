// A folder that the user named for what a command writes, made before the work begins: a mistake is told then, in one line.

import { accessSync, constants } from 'node:fs';
import { resolve } from 'node:path';
import { makeFolder } from '../host/make-folder.ts';
import { UsageError } from './exit-code.ts';

/** Where it is. Throws `UsageError` where nothing can be written to it; `option` is how the user said it. */
export function givenFolder(option: string, folder: string): string {
  const place = resolve(folder);
  try {
    makeFolder(place);
    accessSync(place, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new UsageError(`${option} ${folder}: files cannot be put there: ${reasonOf(error)}`);
  }
  return place;
}

function reasonOf(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  if (code === 'EEXIST' || code === 'ENOTDIR') return 'there is a file in its place';
  return error instanceof Error ? error.message : String(error);
}
