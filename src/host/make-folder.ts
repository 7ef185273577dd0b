// A folder and those above it. Node's own way with `recursive` goes on for ever where a file system says ENOENT to a mkdir
// whose parent is there, as /proc does; here each is made once.

import { mkdirSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { codeOf } from './errors.ts';

/** Does nothing where it is there. Throws Node's error: EEXIST or ENOTDIR where a file is in the way. */
export function makeFolder(folder: string, mode = 0o777): void {
  const missing: string[] = [];
  for (let at = resolve(folder); !isFolder(at); at = dirname(at)) {
    missing.push(at);
    if (at === dirname(at)) break;
  }
  for (const each of missing.reverse()) makeOne(each, mode);
}

/** Somebody else may have been faster. */
function makeOne(folder: string, mode: number): void {
  try {
    mkdirSync(folder, { mode });
  } catch (error) {
    if (codeOf(error) !== 'EEXIST' || !isFolder(folder)) throw error;
  }
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch (error) {
    // What may not be looked into is not for us to make.
    if (codeOf(error) === 'EACCES') throw error;
    return false;
  }
}
