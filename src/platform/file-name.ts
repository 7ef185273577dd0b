// What a file's name in a store looks like. A name never leaves the store's folder, in any world.

import { StoreError } from './errors.ts';

/** Throws `StoreError` denied for a name that is empty, absolute, or has an empty, `.` or `..` part, a backslash or a NUL. */
export function assertFileName(name: string): void {
  const isPlain = name.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
  const isSafe = !name.includes('\\') && !name.includes('\0');
  if (!isPlain || !isSafe) throw new StoreError('denied', `file name ${JSON.stringify(name)}`);
}
