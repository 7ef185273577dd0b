// Quantities of the field, as branded numbers in their base unit, and the one parser of quantities with
// units that scenarios and the command line share. A number without a unit is never accepted.

import { type Duration, ns } from './time.ts';

export type BitsPerSecond = number & { readonly __brand: 'BitsPerSecond' };
export type BytesPerSecond = number & { readonly __brand: 'BytesPerSecond' };
export type Bytes = number & { readonly __brand: 'Bytes' };
export type Metres = number & { readonly __brand: 'Metres' };
/** Optical power relative to 1 mW. */
export type Dbm = number & { readonly __brand: 'Dbm' };
/** A ratio of powers: a loss is positive. */
export type Db = number & { readonly __brand: 'Db' };

export const bitsPerSecond = (n: number): BitsPerSecond => n as BitsPerSecond;
export const bytesPerSecond = (n: number): BytesPerSecond => n as BytesPerSecond;
export const bytes = (n: number): Bytes => n as Bytes;
export const metres = (n: number): Metres => n as Metres;
export const dbm = (n: number): Dbm => n as Dbm;
export const db = (n: number): Db => n as Db;

/**
 * Speed of light in fibre: 204,000 km/s, so a group index of about 1.47.
 * Every propagation delay in the project comes from this figure unless a scenario gives the delay itself.
 */
export const LIGHT_IN_FIBRE_METRES_PER_SECOND = 204e6;

/** One-way propagation delay of `length` of fibre, rounded to the nearest ns. */
export const propagationDelay = (length: Metres): Duration =>
  ns(Math.round((length / LIGHT_IN_FIBRE_METRES_PER_SECOND) * 1e9));

export type Dimension = 'time' | 'rate' | 'byteRate' | 'size' | 'length' | 'power' | 'ratio' | 'share';

/** For each dimension, its units and the factor to the base unit (ns, bit/s, B/s, B, m, dBm, dB, 1). */
const UNITS: Record<Dimension, Readonly<Record<string, number>>> = {
  time: { ns: 1, us: 1e3, ms: 1e6, s: 1e9, min: 60e9, h: 3600e9 },
  rate: { 'b/s': 1, 'kb/s': 1e3, 'Mb/s': 1e6, 'Gb/s': 1e9, 'Tb/s': 1e12 },
  byteRate: { 'B/s': 1, 'kB/s': 1e3, 'MB/s': 1e6, 'GB/s': 1e9 },
  size: { B: 1, kB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30, TiB: 2 ** 40 },
  length: { m: 1, km: 1e3 },
  power: { dBm: 1 },
  ratio: { dB: 1 },
  share: { '%': 0.01 },
};

/** The units of a dimension, smallest first. */
export const unitsOf = (dimension: Dimension): readonly string[] => Object.keys(UNITS[dimension]);

export type ParsedQuantity = { kind: 'ok'; value: number } | { kind: 'bad'; expected: string };

/** Reads `10 Gb/s`, `25 ms`, `-18.5 dBm`. Units are exact and case-sensitive: `Mb/s` is bits, `MB/s` is bytes. */
export function parseQuantity(text: string, dimension: Dimension): ParsedQuantity {
  const units = UNITS[dimension];
  const expected = `a number with one of the units ${Object.keys(units).join(', ')}`;
  const match = /^\s*([+-]?\d+(?:[ _]?\d+)*(?:\.\d+)?(?:e[+-]?\d+)?)\s*(\S+)\s*$/i.exec(text);
  const factor = match?.[2] === undefined ? undefined : units[match[2]];
  if (match === null || factor === undefined) return { kind: 'bad', expected };
  const digits = (match[1] ?? '').replace(/[ _]/g, '');
  const value = dimension === 'time' ? Math.round(Number(digits) * factor) : scaled(digits, factor);
  if (!Number.isFinite(value) || (dimension === 'time' && value < 0)) return { kind: 'bad', expected };
  return { kind: 'ok', value };
}

/** By a power of ten without the error of a product: 1026.833 km are 1026833 m, and not 1026833.0000000001. */
function scaled(digits: string, factor: number): number {
  const power = Math.log10(factor);
  const isPlain = Number.isInteger(power) && power > 0 && !/e/i.test(digits);
  return isPlain ? Number(`${digits}e${power}`) : Number(digits) * factor;
}

/** A rate as people read it: `9.42 Gb/s`. */
export function formatRate(rate: BitsPerSecond): string {
  for (const [unit, factor] of [
    ['Tb/s', 1e12],
    ['Gb/s', 1e9],
    ['Mb/s', 1e6],
    ['kb/s', 1e3],
  ] as const) {
    if (rate >= factor) return `${Number((rate / factor).toPrecision(3))} ${unit}`;
  }
  return `${Math.round(rate)} b/s`;
}

/** A size as people read it, in decimal units: `126 GB`. */
export function formatBytes(size: Bytes): string {
  for (const [unit, factor] of [
    ['TB', 1e12],
    ['GB', 1e9],
    ['MB', 1e6],
    ['kB', 1e3],
  ] as const) {
    if (size >= factor) return `${Number((size / factor).toPrecision(4))} ${unit}`;
  }
  return `${size} B`;
}
