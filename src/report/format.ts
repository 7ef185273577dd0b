// Values as the report writes them, the same in tables, plots and pages.

import { type Bytes, bitsPerSecond, bytes, formatBytes, formatRate, type Metres } from '../core/quantity.ts';
import { type Duration, formatDuration, type Instant } from '../core/time.ts';
import type { ExpectationReport, MeasureDimension } from './run-report.ts';

/** Stands where there is no value. */
export const NONE = '–';

export const plural = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? '' : 's'}`;

/** `482 ms`, `4.21 s`. */
export function formatStage(d: Duration | null): string {
  if (d === null) return NONE;
  return d < 1e9 ? `${Math.round(d / 1e6)} ms` : `${(d / 1e9).toFixed(2)} s`;
}

/** Seconds since the start: `120.0 s`. */
export const formatInstant = (at: Instant): string => `${(at / 1e9).toFixed(1)} s`;

/** `198.6 MB/s`. */
function formatByteRate(rate: number): string {
  if (rate >= 1e9) return `${(rate / 1e9).toFixed(2)} GB/s`;
  if (rate >= 1e6) return `${(rate / 1e6).toFixed(1)} MB/s`;
  return `${formatBytes(bytes(Math.round(rate)))}/s`;
}

/** `12,240 km`, `100 m`. */
export function formatLength(length: Metres): string {
  if (length < 1000) return `${Math.round(length)} m`;
  const km = length < 100e3 ? Number((length / 1e3).toFixed(1)) : Math.round(length / 1e3);
  return `${String(km).replace(/\B(?=(\d{3})+$)/g, ',')} km`;
}

/** Of what is longer by so much, or shorter: `12 km`, `−3 km`. */
export const formatExtraLength = (metres: number): string =>
  `${metres < 0 ? '−' : ''}${formatLength(Math.abs(metres) as Metres)}`;

/** The same as a share: `24.9 %`, `−3.6 %`. */
export const formatExtraShare = (share: number): string =>
  `${share < 0 ? '−' : ''}${(100 * Math.abs(share)).toFixed(1)} %`;

export function formatMeasure(value: number | null, dimension: MeasureDimension): string {
  if (value === null) return NONE;
  switch (dimension) {
    case 'time':
      return value >= 120e9 ? formatDuration(value as Duration) : formatStage(value as Duration);
    case 'rate':
      return formatRate(bitsPerSecond(value));
    case 'byteRate':
      return formatByteRate(value);
    case 'size':
      return formatBytes(value as Bytes);
    case 'length':
      return formatLength(value as Metres);
    case 'power':
      return `${value.toFixed(1)} dBm`;
    case 'ratio':
      return `${value.toFixed(1)} dB`;
    case 'share':
      return `${(value * 100).toFixed(2)} %`;
    case 'count':
      return String(value);
  }
}

const BOUND_WORDS = { 'at-most': 'at most', 'at-least': 'at least', equals: 'exactly' } as const;

/** `at most 1 s`. */
export const formatBound = (bound: ExpectationReport['bound']): string =>
  `${BOUND_WORDS[bound.kind]} ${bound.text}`;

/** `reroute.light of main`. */
export const formatSubject = (e: ExpectationReport): string =>
  e.of === null ? e.metric : `${e.metric} of ${e.of}`;
