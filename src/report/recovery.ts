// How light paths recovered from the cuts of a run, all together: the share with light again, and of those each
// stage and the extra length as a distribution.

import { type Distribution, distribution } from '../core/distribution.ts';
import type { Duration } from '../core/time.ts';
import { formatExtraLength, formatExtraShare, formatStage, NONE } from './format.ts';
import { type CutReport, type RunReport, STAGES, type Stage } from './run-report.ts';
import { STAGE_TITLES, type Table } from './tables.ts';
import { left, right } from './text-table.ts';

export interface Recovery {
  /** Paths in use that cuts hit, each time; and those with light again. */
  readonly hits: number;
  readonly restored: number;
  /** Null where nothing was measured. */
  readonly stages: Readonly<Record<Stage, Distribution | null>>;
  /** Metres, and as a share of the route before. */
  readonly extraLength: Distribution | null;
  readonly extraShare: Distribution | null;
  /** Why not restored, and how often. */
  readonly reasons: ReadonlyMap<string, number>;
}

export function recoveryOf(cuts: readonly CutReport[]): Recovery {
  const hits = cuts.filter((c) => c.path !== null);
  const restored = hits.filter((c) => c.reason === null);
  const of = (value: (cut: CutReport) => number | null): Distribution | null =>
    distribution(restored.flatMap((cut) => value(cut) ?? []));
  const reasons = new Map<string, number>();
  for (const { reason } of hits) if (reason !== null) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  return {
    hits: hits.length,
    restored: restored.length,
    stages: Object.fromEntries(
      STAGES.map((stage) => [stage, of((c) => c.stages[stage])]),
    ) as Recovery['stages'],
    extraLength: of((c) => c.extraLength),
    extraShare: of((c) =>
      c.extraLength === null || c.lengthBefore === 0 ? null : c.extraLength / c.lengthBefore,
    ),
    reasons,
  };
}

const COLUMNS = ['p50', 'p95', 'p99', 'max'] as const;

/** Empty when no cut hit a path. */
export function recoveryTable({ cuts }: RunReport): Table {
  const recovery = recoveryOf(cuts);
  const { hits, restored, stages, extraLength, extraShare } = recovery;
  const row = (title: string, all: Distribution | null, format: (value: number) => string): string[] => [
    title,
    String(all?.count ?? 0),
    ...COLUMNS.map((column) => (all === null ? NONE : format(all[column]))),
  ];
  const rows = [
    ...STAGES.map((stage) => row(STAGE_TITLES[stage], stages[stage], (v) => formatStage(v as Duration))),
    row('extra length', extraLength, formatExtraLength),
    row('extra length, share', extraShare, formatExtraShare),
    ...[...recovery.reasons].map(([reason, count]) => [
      `not restored: ${reason}`,
      String(count),
      ...COLUMNS.map(() => ''),
    ]),
  ];
  const share = hits === 0 ? '' : `, ${((100 * restored) / hits).toFixed(1)} %`;
  // A path that came back from DOWN may well have light at the end of the run.
  const rest = restored === hits ? '' : ' (those that were DOWN first do not count)';
  return {
    title: `Recovery: ${restored} of ${hits} paths hit by cuts have light again${share}${rest}`,
    columns: [left(''), right('values'), ...COLUMNS.map((title) => right(title))],
    rows: hits === 0 ? [] : rows,
  };
}

/** For programs; units last in the names. */
export function recoveryJson(cuts: readonly CutReport[]): object {
  const { hits, restored, reasons } = recoveryOf(cuts);
  return {
    hits,
    restored,
    restored_share: hits === 0 ? null : restored / hits,
    ...Object.fromEntries(recoveryRows(cuts)),
    not_restored: Object.fromEntries(reasons),
  };
}

/** Each distribution by its name, units last. */
export function recoveryRows(cuts: readonly CutReport[]): (readonly [string, Distribution | null])[] {
  const { stages, extraLength, extraShare } = recoveryOf(cuts);
  return [
    ...STAGES.map((stage) => [`${stage}_ms`, scaled(stages[stage], 1e-6)] as const),
    ['extra_length_m', extraLength],
    ['extra_length_share', extraShare],
  ];
}

function scaled(all: Distribution | null, factor: number): Distribution | null {
  if (all === null) return null;
  const { count, ...values } = all;
  const entries = Object.entries(values).map(([key, value]) => [key, value * factor]);
  return { count, ...(Object.fromEntries(entries) as Omit<Distribution, 'count'>) };
}
