// What can go wrong with TL1 itself. A refusal by the device is an outcome, not an error.

import { quote } from './quoting.ts';

/** What came is not TL1, or a message that does not end. `head` shows how it began. */
export class Tl1FramingError extends Error {
  override readonly name = 'Tl1FramingError';
  /** The first 80 characters of what came, unprintable ones as dots. */
  readonly head: string;
  readonly reason: string;

  constructor(reason: string, text: string) {
    const head = printableHead(text);
    super(`${reason}: "${head}"`);
    this.reason = reason;
    this.head = head;
  }
}

/** A command that TL1 has no way to write. Its text is not shown: it may hold a password. */
export class Tl1CommandError extends Error {
  override readonly name = 'Tl1CommandError';
  readonly verb: string;

  constructor(verb: string, reason: string) {
    super(`${verb}: ${reason}`);
    this.verb = verb;
  }
}

/** More than is shown, so that a secret is still whole when it is taken out. */
export const HEAD_LENGTH = 1024;
const SHOWN_LENGTH = 80;

/** The first 80 characters, unprintable ones as dots. */
export function printableHead(text: string): string {
  return text.slice(0, SHOWN_LENGTH).replace(/[^\x20-\x7e]/g, '.');
}

/** The head of the text with stars for each secret, as it is or as TL1 quotes it. */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  let clean = text.slice(0, HEAD_LENGTH);
  for (const secret of secrets) {
    if (secret === '') continue;
    clean = clean.replaceAll(secret, '***').replaceAll(quote(secret).slice(1, -1), '***');
  }
  return clean;
}
