// Timing by tinybench: one call, or the median of many, and interleaved repetitions for two that are compared,
// since the other load of a machine changes slower than these alternate.

import { Bench } from 'tinybench';

/** Seconds that one call takes. */
export async function secondsOf(task: () => Promise<void>): Promise<number> {
  return await latency(new Bench({ iterations: 1, time: 0, warmup: false }), task, true);
}

/** Median seconds per call over about half a second, after a warm-up. */
export async function secondsPerCall(task: () => void): Promise<number> {
  return await latency(new Bench({ time: 500, warmupTime: 200 }), task, false);
}

/** The same of a task that is waited for. */
export async function secondsPerWait(task: () => Promise<unknown>): Promise<number> {
  const bench = new Bench({ time: 500, warmupTime: 200 });
  return await latency(bench, async () => void (await task()), true);
}

export interface Comparison {
  readonly value: number;
  readonly reference: number;
  readonly ratio: number;
}

/** Measures both in turn and takes medians; the ratio is the median of the ratios of neighbours. */
export async function compare(
  repetitions: number,
  value: () => Promise<number>,
  reference: () => Promise<number>,
): Promise<Comparison> {
  const values: number[] = [];
  const references: number[] = [];
  const ratios: number[] = [];
  for (let i = 0; i < repetitions; i++) {
    const one = await reference();
    const other = await value();
    references.push(one);
    values.push(other);
    ratios.push(other / one);
  }
  return { value: median(values), reference: median(references), ratio: median(ratios) };
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
}

/** `isAsync` is told to tinybench, which otherwise finds out by one call more that it does not wait for. */
async function latency(bench: Bench, task: () => void | Promise<void>, isAsync: boolean): Promise<number> {
  bench.add('task', task, { async: isAsync });
  const [done] = await bench.run();
  const result = done?.result;
  if (result === undefined || !('latency' in result)) throw new Error(`not measured: ${result?.state}`);
  return result.latency.p50 / 1e3;
}
