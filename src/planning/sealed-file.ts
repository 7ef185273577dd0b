// Files that must not be changed by hand: JSON whose last entry is a SHA-256 over all the others. It finds mistakes,
// not malice: whoever can write the file can write the hash.

import { sha256 } from '@noble/hashes/sha2.js';
import * as v from 'valibot';
import { FileFormatError } from './errors.ts';

/** `content` as text with a line end, sealed. */
export function sealedText(content: object): string {
  return `${JSON.stringify({ ...content, hash: sealOf(content) }, null, 2)}\n`;
}

export const sealOf = (content: object): string =>
  hex(sha256(new TextEncoder().encode(JSON.stringify(content))));

/** What is in the file, without its hash. Throws `FileFormatError`. */
export function openSealed<T>(
  file: string,
  text: string,
  what: string,
  schema: v.GenericSchema<unknown, T>,
): T {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new FileFormatError(`${file}: not ${what}: not JSON`);
  }
  if (typeof value !== 'object' || value === null || !('hash' in value))
    throw new FileFormatError(`${file}: not ${what}: it has no hash`);
  const { hash, ...content } = value;
  if (hash !== sealOf(content))
    throw new FileFormatError(`${file}: changed since it was written: its hash is not that of its content`);
  const parsed = v.safeParse(schema, content);
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  const place = v.getDotPath(issue) ?? 'the file';
  throw new FileFormatError(`${file}: not ${what}: ${place}: ${issue.message}`);
}

const hex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
