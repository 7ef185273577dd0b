// Finds the pieces of a block by position, without cutting it into lines first: header, second line, body.
// Devices send hundreds of thousands of these, so this works on character codes.

import { closingQuote, withoutEscapes } from './quoting.ts';

const LF = 0x0a;
const CR = 0x0d;
const BLANK = 0x20;
const QUOTE = 0x22;
const STAR = 0x2a;
const DASH = 0x2d;
const SLASH = 0x2f;
const COLON = 0x3a;
const LETTER_A = 0x41;
const LETTER_M = 0x4d;

export interface BlockHead {
  readonly sid: string;
  readonly date: string;
  readonly time: string;
  /** What the second line begins with: M of a response, A or `*` of a notification, then the next character. */
  readonly mark: string;
  /** The blank-separated words after it. */
  readonly words: readonly string[];
  readonly bodyAt: number;
}

/** The first line that ends with a date and a time and is followed by an `M`, `A` or `*` line; echo and prompts before it are passed over. */
export function scanHead(text: string): BlockHead | null {
  const lineBreak = text.includes('\n') ? '\n' : '\r';
  let from = 0;
  let to = 0;
  for (let at = 0; at < text.length; ) {
    const end = positionOrEnd(text.indexOf(lineBreak, at), text);
    if (to > from && isSecondLine(text.charCodeAt(at))) {
      const head = scanHeader(text, from, to, at, end);
      if (head !== null) return head;
    }
    if (skipBlanks(text, at, end) < end) {
      from = at;
      to = end;
    }
    at = end + 1;
  }
  return null;
}

const isSecondLine = (code: number): boolean => code === LETTER_M || code === LETTER_A || code === STAR;

function skipBlanks(text: string, from: number, to: number): number {
  let i = from;
  while (i < to && text.charCodeAt(i) <= BLANK) i++;
  return i;
}

/** `SID YY-MM-DD HH:MM:SS`. A SID may hold blanks: a Polatis says `( nil )`. A prompt may stand before it. */
function scanHeader(
  text: string,
  from: number,
  to: number,
  secondFrom: number,
  secondTo: number,
): BlockHead | null {
  let timeTo = to;
  while (timeTo > from && text.charCodeAt(timeTo - 1) <= BLANK) timeTo--;
  const timeFrom = timeTo - 8;
  if (text.charCodeAt(timeFrom + 2) !== COLON || text.charCodeAt(timeFrom + 5) !== COLON) return null;
  let dateTo = timeFrom;
  while (dateTo > from && text.charCodeAt(dateTo - 1) === BLANK) dateTo--;
  if (dateTo === timeFrom || text.charCodeAt(dateTo - 3) !== DASH || text.charCodeAt(dateTo - 6) !== DASH)
    return null;
  let dateFrom = dateTo;
  while (dateFrom > from && text.charCodeAt(dateFrom - 1) !== BLANK) dateFrom--;
  if (dateTo - dateFrom > 10 || dateFrom <= from) return null;
  const sid = text.slice(from, dateFrom);
  const prompt = Math.max(sid.lastIndexOf('>'), sid.lastIndexOf('<'));
  // Written out: spreading one object into another costs more than all the rest of this function.
  return {
    sid: sid.slice(prompt + 1).trim(),
    date: text.slice(dateFrom, dateTo),
    time: text.slice(timeFrom, timeTo),
    mark: text.slice(secondFrom, secondFrom + 2),
    words: wordsOf(text, secondFrom + 2, secondTo),
    bodyAt: secondTo,
  };
}

function wordsOf(text: string, from: number, to: number): string[] {
  const words: string[] = [];
  for (let at = skipBlanks(text, from, to); at < to; at = skipBlanks(text, at, to)) {
    const start = at;
    while (at < to && text.charCodeAt(at) > BLANK) at++;
    words.push(text.slice(start, at));
  }
  return words;
}

export interface BlockBody {
  /** Quoted texts and bare lines in order, without quotes. */
  readonly lines: string[];
  readonly comments: string[];
  /** Which of `lines` was the first to stand without quotes; -1 when none did. */
  readonly bareAt: number;
}

export function scanBody(text: string, from: number): BlockBody {
  const lines: string[] = [];
  const comments: string[] = [];
  let bareAt = -1;
  for (let at = from; at < text.length; ) {
    const code = text.charCodeAt(at);
    if (code <= BLANK) at++;
    else if (code === QUOTE) {
      const end = positionOrEnd(closingQuote(text, at), text);
      lines.push(withoutEscapes(text.slice(at + 1, end)));
      at = end + 1;
    } else if (code === SLASH && text.charCodeAt(at + 1) === STAR) {
      const end = positionOrEnd(text.indexOf('*/', at + 2), text);
      comments.push(text.slice(at + 2, end).trim());
      at = end + 2;
    } else {
      const end = bareEnd(text, at);
      if (bareAt < 0) bareAt = lines.length;
      lines.push(text.slice(at, end).trim());
      at = end;
    }
  }
  return { lines, comments, bareAt };
}

const positionOrEnd = (position: number, text: string): number => (position < 0 ? text.length : position);

/** The end of the line, or of what stands before a comment in it. */
function bareEnd(text: string, from: number): number {
  let i = from + 1;
  for (; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === LF || code === CR || (code === SLASH && text.charCodeAt(i + 1) === STAR)) break;
  }
  return i;
}
