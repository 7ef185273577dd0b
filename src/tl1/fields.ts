// The inside of text lines and AID blocks: `AID:a,b,NAME=value,…:c`. Values are found by name wherever a
// device gives names, because the order changes between software releases. Lists are `a&b`, ranges `a&&b`.

import { quote, splitUnquoted, unquote } from './quoting.ts';

export interface Tl1Parameter {
  /** Null for one that its position defines. */
  readonly name: string | null;
  /** Without its quotes; empty = default. */
  readonly value: string;
}

export interface Tl1Fields {
  /** The first block. */
  readonly aid: string;
  readonly blocks: readonly (readonly Tl1Parameter[])[];
}

export type AidList =
  | { readonly kind: 'aids'; readonly aids: readonly string[] }
  | { readonly kind: 'malformed'; readonly reason: string };

const COMMA = 0x2c;
const COLON = 0x3a;
const EQUALS = 0x3d;

/** A range of AIDs larger than this is a mistake: no switch known has more ports. */
export const RANGE_LENGTH_MAX = 65_536;

/** Reads a text line or a payload block; never throws, whatever the text. */
export function parseFields(text: string): Tl1Fields {
  if (!text.includes('"')) return plainFields(text);
  const [aid = '', ...blocks] = splitUnquoted(text, ':');
  return { aid: unquote(aid), blocks: blocks.map(parseParameters) };
}

/** What nearly every text is, one without quotes: read in one pass, since a listing has thousands of fields. */
function plainFields(text: string): Tl1Fields {
  const blocks: Tl1Parameter[][] = [];
  const colon = text.indexOf(':');
  for (let at = colon; at >= 0; ) {
    const next = text.indexOf(':', at + 1);
    blocks.push(plainParameters(text, at + 1, next < 0 ? text.length : next));
    at = next;
  }
  return { aid: colon < 0 ? text : text.slice(0, colon), blocks };
}

function plainParameters(text: string, from: number, to: number): Tl1Parameter[] {
  const parameters: Tl1Parameter[] = [];
  let start = from;
  let equals = -1;
  for (let i = from; i <= to; i++) {
    const code = i < to ? text.charCodeAt(i) : COMMA;
    if (code === EQUALS && equals < 0) equals = i;
    if (code !== COMMA) continue;
    const isNamed = equals > start;
    parameters.push({
      name: isNamed ? text.slice(start, equals) : null,
      value: text.slice(isNamed ? equals + 1 : start, i),
    });
    start = i + 1;
    equals = -1;
  }
  return parameters;
}

export function formatFields(fields: Tl1Fields): string {
  return [formatValue(fields.aid), ...fields.blocks.map(formatParameters)].join(':');
}

/** Reads one block: `a,b,NAME=value`. */
export function parseParameters(block: string): Tl1Parameter[] {
  if (!block.includes('"')) return plainParameters(block, 0, block.length);
  const parameters: Tl1Parameter[] = [];
  for (const text of splitUnquoted(block, ',')) {
    const at = text.indexOf('=');
    const isNamed = at > 0 && text.charCodeAt(0) !== 0x22;
    const name = isNamed ? text.slice(0, at) : null;
    parameters.push({ name, value: unquote(isNamed ? text.slice(at + 1) : text) });
  }
  return parameters;
}

export function formatParameters(parameters: readonly Tl1Parameter[]): string {
  return parameters
    .map(({ name, value }) => (name === null ? formatValue(value) : `${name}=${formatValue(value)}`))
    .join(',');
}

/** The value of `name` in any block, whatever its case; undefined when it is not there. */
export function named(fields: Tl1Fields, name: string): string | undefined {
  for (const block of fields.blocks) for (const p of block) if (p.name === name) return p.value;
  const wanted = name.toUpperCase();
  for (const block of fields.blocks) {
    for (const p of block) if (p.name !== null && p.name.toUpperCase() === wanted) return p.value;
  }
  return undefined;
}

/** What `named(parseFields(text), name)` gives, without reading the other fields: listings are long, and few of their fields are wanted. */
export function fieldIn(text: string, name: string): string | undefined {
  const body = text.indexOf(':');
  if (body >= 0 && !text.includes('"')) {
    for (let at = text.indexOf(name, body); at >= 0; at = text.indexOf(name, at + 1)) {
      const from = at + name.length + 1;
      if (text.charCodeAt(from - 1) === EQUALS && isSeparator(text.charCodeAt(at - 1)))
        return text.slice(from, fieldEnd(text, from));
    }
  }
  return named(parseFields(text), name);
}

const isSeparator = (code: number): boolean => code === COMMA || code === COLON;

function fieldEnd(text: string, from: number): number {
  let i = from;
  while (i < text.length && !isSeparator(text.charCodeAt(i))) i++;
  return i;
}

/** The value at `position` of block `block`, both from 0, when no name stands there. */
export function positional(fields: Tl1Fields, block: number, position: number): string | undefined {
  const parameter = fields.blocks[block]?.[position];
  return parameter?.name === null ? parameter.value : undefined;
}

/** `a=1,b=2` from pairs, in their order: the usual text line of these devices. */
export function formatNamed(aid: string, pairs: readonly (readonly [name: string, value: string])[]): string {
  let text = `${formatValue(aid)}:`;
  let separator = '';
  for (const pair of pairs) {
    text += `${separator}${pair[0]}=${formatValue(pair[1])}`;
    separator = ',';
  }
  return text;
}

/**
 * Opens `10001&&10048&20001`: lists and ranges. A range counts up the number at the end of its first AID;
 * its end may leave off what stands before that number (`1-a-5-1-1&&21`).
 */
export function parseAidList(text: string): AidList {
  const aids: string[] = [];
  // A regular expression that looks about itself is slow, and polls ask for the same few ports again and again.
  const items = text.includes('&&') ? text.split(/(?<!&)&(?!&)/) : text.split('&');
  for (const item of items) {
    const [first = '', last, ...more] = item.split('&&');
    if (first === '' || more.length > 0) return malformed(`"${item}" is not an AID or a range`);
    if (last === undefined) aids.push(first);
    else {
      const range = expandRange(first, last);
      if (range === null) return malformed(`"${item}" is not a range`);
      aids.push(...range);
    }
  }
  return { kind: 'aids', aids };
}

export const formatAidList = (aids: readonly string[]): string => aids.join('&');

const malformed = (reason: string): AidList => ({ kind: 'malformed', reason });

function expandRange(first: string, last: string): string[] | null {
  const from = /^(.*?)(\d{1,9})$/s.exec(first);
  const to = /^(.*?)(\d{1,9})$/s.exec(last);
  if (from === null || to === null) return null;
  const [, prefix = '', low = ''] = from;
  const [, toPrefix = '', high = ''] = to;
  if (toPrefix !== '' && toPrefix !== prefix) return null;
  const length = Number(high) - Number(low) + 1;
  if (length < 1 || length > RANGE_LENGTH_MAX) return null;
  return Array.from({ length }, (_, i) => `${prefix}${String(Number(low) + i).padStart(low.length, '0')}`);
}

/** Quoted only where the text would otherwise be read as something else. */
function formatValue(value: string): string {
  return isPlain(value) || !/[,:;="\\\r\n]|^\s|\s$/.test(value) ? value : quote(value);
}

/** Letters, digits, `.`, `-`, `_`: nearly every value, and told sooner than by an expression. */
function isPlain(value: string): boolean {
  for (let i = 0; i < value.length; i++) {
    const code = value.charCodeAt(i);
    const isLetterOrDigit =
      (code >= 0x30 && code <= 0x39) || (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a);
    if (!isLetterOrDigit && code !== 0x2d && code !== 0x2e && code !== 0x5f) return false;
  }
  return true;
}
