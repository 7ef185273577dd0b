// Time is whole nanoseconds in branded numbers. A span and an instant are different types, and neither is
// the wall clock. Exact up to 2^53 ns (104 days); passing that horizon is a bug and is asserted.

import { assert } from './assert.ts';

/** A point on a machine's monotonic clock, in ns since that clock's origin. */
export type Instant = number & { readonly __brand: 'Instant' };

/** A span of time in ns, never negative. */
export type Duration = number & { readonly __brand: 'Duration' };

/** What a wall clock shows, in ns since 1970-01-01T00:00:00Z. It may jump; never subtract two of them to time a thing. */
export type WallTime = bigint & { readonly __brand: 'WallTime' };

export const EPOCH = 0 as Instant;
export const ZERO = 0 as Duration;

/** `n` whole nanoseconds. Asserts an integer from 0 to 2^53 - 1. */
export function ns(n: number): Duration {
  assert(Number.isSafeInteger(n) && n >= 0, () => `a duration is a whole number of ns within 2^53, got ${n}`);
  return n as Duration;
}

/** `n` microseconds, rounded to the nearest ns. */
export const us = (n: number): Duration => ns(Math.round(n * 1e3));
/** `n` milliseconds, rounded to the nearest ns. */
export const ms = (n: number): Duration => ns(Math.round(n * 1e6));
/** `n` seconds, rounded to the nearest ns. */
export const seconds = (n: number): Duration => ns(Math.round(n * 1e9));

/**
 * What anybody may ask to be waited for, and a scenario may run: 52 days, half of what clocks count to. Who adds such a span to
 * an instant within it does not pass the horizon.
 */
export const LONGEST_SPAN_HOURS = 1250;
export const LONGEST_SPAN = seconds(LONGEST_SPAN_HOURS * 3600);

export const toMs = (d: Duration): number => d / 1e6;
export const toSeconds = (d: Duration): number => d / 1e9;

/** Milliseconds since 1970, exact in a number, for messages and calendars. */
export const wallMs = (at: WallTime): number => Number(at / 1_000_000n);

/** `n` ns after the clock's origin, as an instant. */
export const instant = (n: number): Instant => ns(n) as number as Instant;

export function after(at: Instant, d: Duration): Instant {
  const then = at + d;
  assert(
    then <= Number.MAX_SAFE_INTEGER,
    () => `time passed its horizon of 2^53 ns (104 days): ${at} + ${d}`,
  );
  return then as Instant;
}

/** The span from `from` to `to`. Asserts that `to` is not the earlier one. */
export function between(from: Instant, to: Instant): Duration {
  assert(to >= from, () => `an interval cannot be negative: from ${from} to ${to}`);
  return (to - from) as Duration;
}

/** A duration as people read it: `1.5 s`, `20 ms`, `3 min 4.0 s`. */
export function formatDuration(d: Duration): string {
  if (d < 1e3) return `${d} ns`;
  if (d < 1e6) return `${trim(d / 1e3)} us`;
  if (d < 1e9) return `${trim(d / 1e6)} ms`;
  if (d < 120e9) return `${trim(d / 1e9)} s`;
  const minutes = Math.floor(d / 60e9);
  return `${minutes} min ${((d - minutes * 60e9) / 1e9).toFixed(1)} s`;
}

const trim = (x: number): string => String(Number(x.toPrecision(4)));
