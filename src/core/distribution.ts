// What many values are like, in a few numbers. A percentile is a value that there is, by the nearest-rank method:
// the least that so many per cent of the values do not exceed.

export interface Distribution {
  readonly count: number;
  readonly min: number;
  readonly mean: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

/** Null of nothing. */
export function distribution(values: readonly number[]): Distribution | null {
  const sorted = Float64Array.from(values).sort();
  const count = sorted.length;
  if (count === 0) return null;
  const rank = (share: number): number => sorted[Math.max(0, Math.ceil(share * count) - 1)] ?? 0;
  const mean = sorted.reduce((sum, value) => sum + value, 0) / count;
  return { count, min: rank(0), mean, p50: rank(0.5), p95: rank(0.95), p99: rank(0.99), max: rank(1) };
}
