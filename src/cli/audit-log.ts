// The audit log on the disk: JSON lines that are only ever added, each on the disk before the next thing is done.

import { appendFileSync, closeSync, fsyncSync, openSync, readFileSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
import type { Ledger, LedgerEntry } from '../planning/ledger.ts';
import { UsageError } from './exit-code.ts';

export const AUDIT_LOG = 'lightbed-audit.jsonl';

/** Who is at the keyboard, as far as the machine knows. */
export const who = (): string => `${userInfo().username}@${hostname()}`;

/** Throws `UsageError` where the file cannot be read or written, or is not such a log. */
export function openAuditLog(file: string): Ledger {
  const entries = readEntries(file);
  let descriptor: number;
  try {
    // Who changed what when is not everybody's business.
    descriptor = openSync(file, 'a', 0o600);
  } catch (error) {
    throw new UsageError(`--log ${file}: cannot be written: ${messageOf(error)}`);
  }
  process.once('exit', () => closeSync(descriptor));
  return {
    entries: () => entries,
    append: async (entry) => {
      appendFileSync(descriptor, `${JSON.stringify(entry)}\n`);
      fsyncSync(descriptor);
      entries.push(entry);
    },
  };
}

function readEntries(file: string): LedgerEntry[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw new UsageError(`--log ${file}: cannot be read: ${messageOf(error)}`);
  }
  const lines = text.split('\n').filter((line) => line !== '');
  return lines.map((line, i) => {
    try {
      return JSON.parse(line) as LedgerEntry;
    } catch {
      throw new UsageError(`--log ${file}:${i + 1}: not an audit log: not JSON`);
    }
  });
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
