// From running totals to rates: the mean over each bin of time, exact at the bins' edges by interpolation.

import type { GoodputSeries } from './run-report.ts';

export interface RatePoint {
  /** The bin's edges, in seconds. */
  readonly from: number;
  readonly to: number;
  /** Bytes per second. */
  readonly rate: number;
}

/** Rates over bins of `width` seconds within [from, to]; nothing before the first sample and after the last. */
export function rateBins(
  series: GoodputSeries,
  from: number,
  to: number,
  width: number,
): readonly RatePoint[] {
  const first = (series.at[0] ?? 0) / 1e9;
  const last = (series.at.at(-1) ?? 0) / 1e9;
  const points: RatePoint[] = [];
  if (series.at.length < 2) return points;
  for (let i = 0; from + i * width < to - width * 1e-6; i++) {
    const start = Math.max(from + i * width, first);
    const end = Math.min(from + (i + 1) * width, to, last);
    if (end - start < width * 1e-6) continue;
    points.push({
      from: start,
      to: end,
      rate: (totalAt(series, end) - totalAt(series, start)) / (end - start),
    });
  }
  return points;
}

/** The running total at a time in seconds, between samples on the straight line. */
function totalAt(series: GoodputSeries, seconds: number): number {
  const at = seconds * 1e9;
  let low = 0;
  let high = series.at.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((series.at[middle] ?? 0) < at) low = middle + 1;
    else high = middle;
  }
  const [t1, b1] = [series.at[low] ?? 0, series.bytes[low] ?? 0];
  const [t0, b0] = [series.at[low - 1] ?? t1, series.bytes[low - 1] ?? b1];
  return t1 === t0 ? b1 : b0 + (b1 - b0) * Math.min(1, Math.max(0, (at - t0) / (t1 - t0)));
}
