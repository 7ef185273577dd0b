// The audit log on the disk: JSON lines that are only ever added, each on the disk before the next thing is done. A last
// line that was cut off as the machine stopped is left out: what it tells of was never begun.

import {
  appendFileSync,
  closeSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readFileSync,
  writeSync,
} from 'node:fs';
import { hostname, userInfo } from 'node:os';
import * as v from 'valibot';
import type { Ledger, LedgerEntry } from '../planning/ledger.ts';
import { UsageError } from './exit-code.ts';

export const AUDIT_LOG = 'lightbed-audit.jsonl';

/** Who is at the keyboard, as far as the machine knows. */
export const who = (): string => `${userInfo().username}@${hostname()}`;

/** Throws `UsageError` where the file cannot be read or written, or is not such a log. */
export function openAuditLog(file: string): Ledger {
  const { entries, whole, tail } = readLog(file);
  try {
    inLog(file, () => {});
  } catch (error) {
    throw new UsageError(`--log ${file}: cannot be written: ${messageOf(error)}`);
  }
  let unmended = tail;
  return {
    entries: () => entries,
    append: async (entry) => {
      inLog(file, (log) => {
        if (unmended === 'torn') ftruncateSync(log, whole);
        else if (unmended === 'unended') writeSync(log, '\n');
        unmended = 'ended';
        appendFileSync(log, `${JSON.stringify(entry)}\n`);
        fsyncSync(log);
      });
      entries.push(entry);
    },
  };
}

/** Who changed what when is not everybody's business. */
function inLog(file: string, work: (descriptor: number) => void): void {
  const descriptor = openSync(file, 'a', 0o600);
  try {
    work(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** What is in the log already. Throws `UsageError`. */
export const auditEntries = (file: string): readonly LedgerEntry[] => readLog(file).entries;

interface ReadLog {
  readonly entries: LedgerEntry[];
  /** Bytes of the lines that are whole. */
  readonly whole: number;
  readonly tail: 'ended' | 'unended' | 'torn';
}

function readLog(file: string): ReadLog {
  const text = textOf(file);
  const end = text.lastIndexOf('\n') + 1;
  const [lines, tail] = [text.slice(0, end).split('\n'), text.slice(end)];
  const entries = lines.flatMap((line, i) => (line === '' ? [] : [entryOf(file, line, i + 1)]));
  const whole = Buffer.byteLength(text.slice(0, end));
  if (tail === '') return { entries, whole, tail: 'ended' };
  if (isTorn(tail)) return { entries, whole, tail: 'torn' };
  return { entries: [...entries, entryOf(file, tail, lines.length)], whole, tail: 'unended' };
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw new UsageError(`--log ${file}: cannot be read: ${messageOf(error)}`);
  }
}

/** How every line of ours begins: nothing else is taken for the rest of one. */
const BEGINNING = '{"at":"';

function isTorn(tail: string): boolean {
  if (!tail.startsWith(BEGINNING) && !BEGINNING.startsWith(tail)) return false;
  try {
    JSON.parse(tail);
    return false;
  } catch {
    return true;
  }
}

const number = v.pipe(v.number(), v.safeInteger());
/** What an entry needs for anybody to tell from it how far an apply came. */
const entrySchema = v.looseObject({
  at: v.string(),
  who: v.string(),
  plan: v.string(),
  what: v.string(),
  step: v.optional(number),
  pid: v.optional(number),
  in_place: v.optional(v.array(number)),
  is_denied: v.optional(v.boolean()),
  is_foreign: v.optional(v.boolean()),
});

function entryOf(file: string, line: string, at: number): LedgerEntry {
  try {
    return v.parse(entrySchema, JSON.parse(line)) as object as LedgerEntry;
  } catch (error) {
    const why = error instanceof SyntaxError ? 'not JSON' : messageOf(error);
    throw new UsageError(`--log ${file}:${at}: not an audit log: ${why}`);
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
