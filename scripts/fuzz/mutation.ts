// What the fuzz makes of good text, and how it cuts a stream: bytes turned, taken out, doubled and put in, with a taste
// for those that mean something to TL1 and to terminals.

import type { Random } from '../../src/platform/platform.ts';
import { encodeLatin1 } from '../../src/tl1/latin1.ts';

/** Pieces that framers, parsers, terminals and paging look for. */
const MEANT = [
  ...[';', '>', '<', ':', ',', '=', '&', '&&', '"', '\\', '\\"', '/*', '*/', '\r\n', '\r', '\n', ' ', '\t'],
  ...[
    '\r\n;',
    '\r\n>',
    '\r\n<',
    '\r\nIP 1\r\n<',
    'M  1 COMPLD\r\n',
    'M  1 DENY\r\n',
    'A  1 REPT ALM EQPT\r\n',
  ],
  ...['COMPLD', 'DENY', 'PRTL', 'RTRV', 'NA', 'all', 'ALL', '::::', '10001&&99999999', '0', '-1', '1e999'],
  ...['NaN', '\x00', '\x1b[', '\xff\xfa', '\xff\xfb\x01', '\xff', '__proto__', '9'.repeat(40)],
];
/** Times that a piece is repeated at most: past the bounds of blocks and commands that the rounds set. */
const REPEATS_MAX = 400;

export const pick = <T>(random: Random, from: readonly T[]): T => from[random.integer(from.length)] as T;

export const chance = (random: Random, share: number): boolean => random.next() < share;

export function noise(random: Random, lengthMax: number): string {
  const length = random.integer(lengthMax + 1);
  return Array.from({ length }, () => String.fromCharCode(random.integer(256))).join('');
}

/** One to four changes. */
export function mutated(random: Random, text: string): string {
  let out = text;
  for (let left = 1 + random.integer(4); left > 0; left--) out = mutatedOnce(random, out);
  return out;
}

function mutatedOnce(random: Random, text: string): string {
  const from = random.integer(text.length + 1);
  const to = Math.min(text.length, from + random.integer(12));
  const [before, middle, after] = [text.slice(0, from), text.slice(from, to), text.slice(to)];
  switch (random.integer(7)) {
    case 0:
      return before + after;
    case 1:
      return before + middle + middle + after;
    case 2:
      return before + pick(random, MEANT) + after;
    case 3:
      return before + pick(random, MEANT) + middle + after;
    case 4:
      return before + noise(random, 8) + after;
    case 5:
      return before + pick(random, MEANT).repeat(random.integer(REPEATS_MAX)) + middle + after;
    default:
      return after + middle + before;
  }
}

/** The bytes in pieces of random length. */
export function pieces(random: Random, text: string): Uint8Array[] {
  const bytes = encodeLatin1(text);
  const cut: Uint8Array[] = [];
  const longest = 1 + random.integer(pick(random, [1, 8, 64, 4096]));
  for (let from = 0; from < bytes.length; ) {
    const to = Math.min(bytes.length, from + 1 + random.integer(longest));
    cut.push(bytes.slice(from, to));
    from = to;
  }
  return cut;
}
