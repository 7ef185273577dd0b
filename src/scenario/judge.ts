// Holds what a run measured against what its scenario expects.

import { distribution } from '../core/distribution.ts';
import type { Measured, MetricValue } from './metrics.ts';
import type { Bound, Expectation, Statistic } from './schema.ts';

export interface Verdict {
  readonly expectation: Expectation;
  /** The values that the expectation speaks of; the worst, or the statistic, is what decides. */
  readonly values: readonly MetricValue[];
  readonly worst: number | null;
  readonly isMet: boolean;
  /** Why not, where it is not the measured value that says so. */
  readonly reason: string | null;
}

/** Every value must hold the bound, and there must be at least one; a value that never came holds none. */
export function judge(expectations: readonly Expectation[], measured: Measured): readonly Verdict[] {
  return expectations.map((expectation) => {
    const values = measured.values.filter(
      (v) => v.metric === expectation.metric && (expectation.of === undefined || v.of === expectation.of),
    );
    const { statistic, bound } = expectation;
    const missing = values.filter((v) => v.value === null);
    const worst = statistic === undefined ? worstOf(values, bound) : statisticOf(values, statistic);
    const reason = reasonOf(values, statistic === undefined || worst === null ? missing : []);
    return {
      expectation,
      values,
      worst,
      isMet: reason === null && worst !== null && holds(expectation.bound, worst),
      reason,
    };
  });
}

export function holds(bound: Bound, value: number): boolean {
  if (bound.kind === 'at-most') return value <= bound.value;
  if (bound.kind === 'at-least') return value >= bound.value;
  return value === bound.value;
}

function worstOf(values: readonly MetricValue[], bound: Bound): number | null {
  const numbers = values.flatMap((v) => (v.value === null ? [] : [v.value]));
  if (numbers.length === 0) return null;
  if (bound.kind === 'at-most') return Math.max(...numbers);
  if (bound.kind === 'at-least') return Math.min(...numbers);
  return numbers.find((n) => n !== bound.value) ?? numbers[0] ?? null;
}

function statisticOf(values: readonly MetricValue[], statistic: Statistic): number | null {
  const all = distribution(values.flatMap((v) => (v.value === null ? [] : [v.value])));
  return all === null ? null : all[statistic];
}

function reasonOf(values: readonly MetricValue[], missing: readonly MetricValue[]): string | null {
  if (values.length === 0) return 'nothing was measured: no such cut, path or transfer happened';
  const [first] = missing;
  if (first === undefined) return null;
  const of = [first.of, first.cut === null ? null : `cut ${first.cut}`].filter((x) => x !== null).join(', ');
  return `never happened${of === '' ? '' : ` (${of})`}${missing.length > 1 ? ` and ${missing.length - 1} more` : ''}`;
}
