// What one run of a study came to, as plain data: a worker says it, a file keeps it, tables are made from it.

import type { AffectedDemand } from '../../report/study-report.ts';

/** Of a run without a cut: what each demand has before any. */
export interface Baseline {
  readonly kind: 'baseline';
  readonly demands: readonly BaselineDemand[];
  readonly violations: readonly string[];
  /** Of the trace. */
  readonly records: number;
}

export interface BaselineDemand {
  readonly demand: string;
  /** Empty where it did not come up; then why. */
  readonly fibres: readonly string[];
  readonly length: number;
  readonly reason: string;
}

export interface CutOutcome {
  readonly kind: 'cut';
  readonly cut: string;
  /** Demands that the cut hit, or that have no light at the end; in the order of the scenario. */
  readonly affected: readonly AffectedDemand[];
  /** Invariants that did not hold, or why the run could not go on. */
  readonly violations: readonly string[];
  /** Records of the trace, and a hash of it. */
  readonly records: number;
  readonly hash: string;
}

export type Outcome = Baseline | CutOutcome;
