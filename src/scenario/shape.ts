// The grammar's building blocks. A shape reads one kind of value, complains with the place of what is
// wrong, and describes itself as JSON Schema, so that the reader and the editor's schema cannot disagree.
// A bad value is replaced by the shape's fallback: reading goes on, and all mistakes of a file show at once.

import { assert } from '../core/assert.ts';
import { type Dimension, parseQuantity, unitsOf } from '../core/quantity.ts';
import { LONGEST_SPAN_HOURS } from '../core/time.ts';
import type { Complaint, Path, ScenarioSource } from './source.ts';
import { nearMiss } from './suggest.ts';

export type JsonSchema = { readonly [key: string]: unknown };

export interface Shape<T> {
  /** Stands for a value that could not be read; never seen outside a scenario that is rejected. */
  readonly fallback: T;
  readonly json: JsonSchema;
  read(value: unknown, place: Place): T;
}

/** A path into a source. */
export class Place {
  readonly source: ScenarioSource;
  readonly path: Path;

  constructor(source: ScenarioSource, path: Path = []) {
    this.source = source;
    this.path = path;
  }

  child(step: string | number): Place {
    return new Place(this.source, [...this.path, step]);
  }

  complain(complaint: Complaint): void {
    this.source.complain(this.path, complaint);
  }
}

/** A value as an error message shows it. */
export function show(value: unknown): string {
  if (value instanceof Map) return 'a map';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (value === null || value === undefined) return 'nothing';
  if (typeof value === 'string') return `"${value.length > 60 ? `${value.slice(0, 57)}...` : value}"`;
  return `the ${typeof value} ${String(value)}`;
}

/** Any text matching `pattern`; `expected` says what that is. */
export function text(expected: string, pattern: RegExp = /\S/): Shape<string> {
  return {
    fallback: '',
    json: { type: 'string', pattern: pattern.source },
    read: (value, place) => {
      if (typeof value === 'string' && pattern.test(value)) return value.trim();
      place.complain({ found: show(value), expected });
      return '';
    },
  };
}

export const NAME = /^[a-z][a-z0-9-]{0,39}$/;
const NAME_EXPECTED = 'a name: a lower-case letter, then up to 39 lower-case letters, digits or hyphens';
export const name: Shape<string> = text(NAME_EXPECTED, NAME);

export function oneOf<const T extends string>(words: readonly [T, ...T[]]): Shape<T> {
  return {
    fallback: words[0],
    json: { enum: words },
    read: (value, place) => {
      const known = words.find((word) => word === value);
      if (known !== undefined) return known;
      const suggestion = typeof value === 'string' ? nearMiss(value, words) : null;
      place.complain({ found: show(value), expected: `one of ${words.join(', ')}`, suggestion });
      return words[0];
    },
  };
}

export const flag: Shape<boolean> = {
  fallback: false,
  json: { type: 'boolean' },
  read: (value, place) => {
    if (typeof value === 'boolean') return value;
    place.complain({ found: show(value), expected: 'true or false' });
    return false;
  },
};

export function wholeNumber(least: number, most: number): Shape<number> {
  return {
    fallback: least,
    json: { type: 'integer', minimum: least, maximum: most },
    read: (value, place) => {
      if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most)
        return value;
      place.complain({ found: show(value), expected: `a whole number from ${least} to ${most}` });
      return least;
    },
  };
}

/** Bounds of a quantity, as texts with units; `most` narrows its dimension's. */
export interface Bounds {
  /** Absent: 0 is allowed, and nothing below. */
  readonly least?: string;
  readonly most?: string;
  /** Whether it may be as low as the dimension goes, below 0. */
  readonly isSigned?: boolean;
  readonly isAboveZero?: boolean;
}

/**
 * What a quantity may be at most where nothing else is said: far beyond any laboratory, and small enough that sums and
 * products stay exact. What agents are told is no longer than they take.
 */
const MOST: Readonly<Record<Dimension, string>> = {
  time: `${LONGEST_SPAN_HOURS} h`,
  rate: '1000 Tb/s',
  byteRate: '100000 GB/s',
  size: '1000 TB',
  length: '1000000 km',
  power: '1000 dBm',
  ratio: '1000 dB',
  share: '100 %',
};

/** A quantity in its base unit; time and size are rounded to whole ns and bytes. */
export function quantity<T extends number>(dimension: Dimension, bounds: Bounds = {}): Shape<T> {
  return {
    fallback: 1 as T,
    json: { type: 'string', pattern: quantityPattern(dimension, bounds.isSigned === true) },
    read: (value, place) => {
      const result = readQuantity(value, dimension);
      if (typeof result !== 'number') {
        place.complain(result);
        return 1 as T;
      }
      const bound = outsideBounds(result, dimension, bounds);
      if (bound !== null) place.complain({ found: show(value), expected: bound });
      return result as T;
    },
  };
}

/** The quantity in its base unit, or what is wrong with it. */
export function readQuantity(value: unknown, dimension: Dimension): number | Complaint {
  const parsed = typeof value === 'string' ? parseQuantity(value, dimension) : null;
  if (parsed?.kind === 'ok') return dimension === 'size' ? Math.round(parsed.value) : parsed.value;
  const match =
    typeof value === 'string' ? /^\s*([+-]?[\d._ ]*\d(?:e[+-]?\d+)?)\s*(\D\S*)\s*$/i.exec(value) : null;
  const [, number = '', unit = ''] = match ?? [];
  const units = unitsOf(dimension);
  if (units.includes(unit) && number.startsWith('-')) return { found: show(value), expected: 'at least 0' };
  if (units.includes(unit) && Number(number) > Number.MAX_SAFE_INTEGER)
    return { found: show(value), expected: `at most ${MOST[dimension]}` };
  const near = match === null || units.includes(unit) ? null : nearMiss(unit, units);
  const suggestion = near === null ? null : `"${number} ${near}"`;
  return { found: show(value), expected: `a number with one of the units ${units.join(', ')}`, suggestion };
}

function outsideBounds(value: number, dimension: Dimension, bounds: Bounds): string | null {
  const { least, most = MOST[dimension], isSigned = false, isAboveZero = false } = bounds;
  if (isAboveZero && value <= 0) return 'more than 0';
  if (!isSigned && value < 0) return 'at least 0';
  if (least !== undefined && value < inBaseUnit(least, dimension)) return `at least ${least}`;
  return Math.abs(value) > inBaseUnit(most, dimension) ? `at most ${most}` : null;
}

function inBaseUnit(text: string, dimension: Dimension): number {
  const parsed = parseQuantity(text, dimension);
  assert(parsed.kind === 'ok', `${text} is a ${dimension}`);
  return parsed.value;
}

function quantityPattern(dimension: Dimension, isSigned: boolean): string {
  const sign = isSigned ? '[+-]?' : '\\+?';
  return `^\\s*${sign}\\d+([ _]?\\d+)*(\\.\\d+)?([eE][+-]?\\d+)?\\s*(${unitsOf(dimension).join('|')})\\s*$`;
}

export function list<T>(item: Shape<T>, most = Number.POSITIVE_INFINITY): Shape<readonly T[]> {
  return {
    fallback: [],
    json: { type: 'array', items: item.json, ...(Number.isFinite(most) && { maxItems: most }) },
    read: (value, place) => {
      if (Array.isArray(value) && value.length > most) {
        place.complain({ found: `${value.length} of them`, expected: `at most ${most}` });
        return [];
      }
      if (Array.isArray(value)) return value.map((v, i) => item.read(v, place.child(i)));
      place.complain({ found: show(value), expected: 'a list' });
      return [];
    },
  };
}

export function pair<T>(item: Shape<T>): Shape<readonly [T, T]> {
  return {
    fallback: [item.fallback, item.fallback],
    json: { type: 'array', items: item.json, minItems: 2, maxItems: 2 },
    read: (value, place) => {
      if (Array.isArray(value) && value.length === 2)
        return [item.read(value[0], place.child(0)), item.read(value[1], place.child(1))];
      place.complain({ found: show(value), expected: 'a list of two' });
      return [item.fallback, item.fallback];
    },
  };
}

/** A map from names to values, read as an array in the order of the file; each value gets its `name`. */
export function named<T extends { readonly name: string }>(
  item: Shape<Omit<T, 'name'>>,
): Shape<readonly T[]> {
  return {
    fallback: [],
    json: { type: 'object', propertyNames: { pattern: NAME.source }, additionalProperties: item.json },
    read: (value, place) => {
      if (value instanceof Map)
        return [...value].map(
          ([key, v]) => ({ name: readKey(key, place), ...item.read(v, place.child(String(key))) }) as T,
        );
      place.complain({ found: show(value), expected: 'a map from names' });
      return [];
    },
  };
}

function readKey(key: unknown, place: Place): string {
  const isName = typeof key === 'string' && NAME.test(key);
  if (isName) return key;
  place.child(String(key)).complain({ found: show(key), expected: NAME_EXPECTED, isAboutKey: true });
  // What should have had that name is now missing: nobody can say which other name means it.
  place.source.suspect(place.path);
  return '';
}
