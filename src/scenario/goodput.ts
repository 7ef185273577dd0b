// Goodput of a transfer as a series of samples: useful bytes, each counted once, as the receiver wrote them.

import type { Duration, Instant } from '../core/time.ts';
import { seconds } from '../core/time.ts';
import type { TraceRecord } from '../engine/trace.ts';
import { numberOf } from './checkers/checker.ts';

/** Samples in order of time; `bytes` is the running total. */
export interface GoodputSeries {
  readonly transfer: string;
  readonly at: readonly Instant[];
  readonly bytes: readonly number[];
}

/** Goodput counts as back when its mean over this long reaches the share. */
const meanAfterCut = seconds(1);

export function goodputSeries(records: readonly TraceRecord[], transfer: string): GoodputSeries {
  const samples = records.filter((r) => r.kind === 'goodput.sampled' && r.fields['transfer'] === transfer);
  return { transfer, at: samples.map((r) => r.at), bytes: samples.map((r) => numberOf(r, 'bytes')) };
}

/** Bytes per second between two instants, by the samples nearest before each, from the first sample on; null where there are none. */
export function meanGoodput(series: GoodputSeries, from: Instant, to: Instant): number | null {
  const i = Math.max(0, indexAt(series, from));
  const j = indexAt(series, to);
  if (j <= i) return null;
  const span = ((series.at[j] ?? 0) - (series.at[i] ?? 0)) / 1e9;
  return ((series.bytes[j] ?? 0) - (series.bytes[i] ?? 0)) / span;
}

/**
 * The first sample, a full second or more after `from`, at which the mean of the last second is back to the share of the
 * mean before the cut. So it is never early, and up to one second late. Null when goodput never came back, or there was none.
 */
export function timeBack(
  series: GoodputSeries,
  o: { cut: Instant; from: Instant; meanBeforeCut: Duration; shareBack: number },
): Instant | null {
  const before = meanGoodput(series, Math.max(0, o.cut - o.meanBeforeCut) as Instant, o.cut);
  if (before === null || before === 0) return null;
  const back = series.at.find((at) => {
    if (at < o.from + meanAfterCut) return false;
    const mean = meanGoodput(series, (at - meanAfterCut) as Instant, at);
    return mean !== null && mean >= o.shareBack * before;
  });
  return back ?? null;
}

/** Index of the last sample at or before `at`, or -1. */
function indexAt(series: GoodputSeries, at: Instant): number {
  let low = 0;
  let high = series.at.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((series.at[middle] ?? 0) <= at) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
