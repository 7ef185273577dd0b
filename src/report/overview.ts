// Several runs in one table: a line for each, with what its cuts cost until light was back.

import { type Distribution, distribution } from '../core/distribution.ts';
import type { Duration } from '../core/time.ts';
import { formatStage } from './format.ts';
import type { RunReport } from './run-report.ts';
import { type Column, left, right, textTable } from './text-table.ts';

const COLUMNS: readonly Column[] = [
  left(''),
  left('scenario'),
  left('what it shows'),
  right('met'),
  right('hit by cuts'),
  right('light back'),
  right('longest'),
];

/** Several lines, without one at the end. */
export const overviewTable = (reports: readonly RunReport[]): string => textTable(COLUMNS, reports.map(row));

function row(report: RunReport): string[] {
  const hits = report.cuts.filter((cut) => cut.path !== null);
  const times = hits.flatMap((cut) => (cut.stages.light === null ? [] : [cut.stages.light]));
  const met = report.expectations.filter((e) => e.isMet).length;
  return [
    report.isPassed ? 'pass' : 'FAIL',
    report.scenario,
    report.title,
    `${met} of ${report.expectations.length}`,
    String(hits.length),
    String(times.length),
    longest(distribution(times)),
  ];
}

const longest = (times: Distribution | null): string =>
  times === null ? '' : formatStage(times.max as Duration);
