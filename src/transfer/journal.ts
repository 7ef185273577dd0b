// What of a partial file is safe, kept in a small file beside it and replaced as a whole each time, so that a crash
// leaves the old one or the new one. A journal that cannot be read means: nothing is safe.

import * as v from 'valibot';
import { isBytes } from '../platform/chunk.ts';
import type { Store } from '../platform/platform.ts';
import type { Range } from './range-set.ts';

export interface JournalEntry {
  /** The transfer that the partial file belongs to. */
  readonly transfer: string;
  readonly size: number;
  /** Bytes that were synced. */
  readonly ranges: readonly Range[];
  /** The block size of the checksum, and the checksum, once the file was verified and goes to its place. */
  readonly verified: { readonly blockSize: number; readonly checksum: string } | null;
}

const natural = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

const schema = v.strictObject({
  version: v.literal(1),
  transfer: v.string(),
  size: natural,
  ranges: v.array(v.strictTuple([natural, natural])),
  verified: v.nullable(v.strictObject({ blockSize: natural, checksum: v.string() })),
});

/** 50,000 ranges fit; more than that is not ours. */
const JOURNAL_BYTES_MAX = 4 * 2 ** 20;

/** Null when there is none that can be read. */
export async function readJournal(store: Store, name: string): Promise<JournalEntry | null> {
  const stat = await store.stat(name);
  if (stat === null || stat.size === 0 || stat.size > JOURNAL_BYTES_MAX) return null;
  const file = await store.open(name, 'read');
  try {
    const content = await file.read(0, stat.size);
    if (!isBytes(content)) return null;
    const { version, ...entry } = v.parse(schema, JSON.parse(new TextDecoder().decode(content)));
    return isOrdered(entry) ? entry : null;
  } catch (error) {
    if (error instanceof SyntaxError || v.isValiError(error)) return null;
    throw error;
  } finally {
    await file.close();
  }
}

/** Durable once resolved. */
export async function writeJournal(store: Store, name: string, entry: JournalEntry): Promise<void> {
  const next = `${name}.new`;
  const file = await store.open(next, 'write');
  try {
    await file.truncate(0);
    await file.write(0, new TextEncoder().encode(JSON.stringify({ version: 1, ...entry })));
    await file.sync();
  } finally {
    await file.close();
  }
  await store.rename(next, name);
}

const isOrdered = (entry: JournalEntry): boolean =>
  entry.ranges.every(([from, to]) => from < to && to <= entry.size);
