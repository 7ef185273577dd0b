// The summary that a run prints: cuts and their stages, transfers, expectations, and what the run was.

import { formatDuration } from '../core/time.ts';
import { formatInstant, plural } from './format.ts';
import { recoveryTable } from './recovery.ts';
import type { RunReport } from './run-report.ts';
import { cutsTable, expectationsTable, type Table, transfersTable } from './tables.ts';
import { textTable } from './text-table.ts';

/** Several lines, without one at the end. */
export function summaryTable(report: RunReport): string {
  const tables = [
    cutsTable(report),
    recoveryTable(report),
    transfersTable(report),
    expectationsTable(report),
  ];
  const sections = tables.filter((table) => table.rows.length > 0).map(section);
  const head = `${report.title}\n${runLine(report)}`;
  return [head, ...sections, ...violations(report), verdict(report)].join('\n\n');
}

/** What was run: scenario, seed, version, world, length. */
export const runLine = (r: RunReport): string =>
  `scenario ${r.scenario} · seed ${r.seed} · version ${r.version} · world ${r.world} · ${formatDuration(r.duration)}`;

const section = ({ title, columns, rows }: Table): string =>
  `${title}\n\n${indent(textTable(columns, rows))}`;

const indent = (text: string): string => text.replace(/^(?=.)/gm, '  ');

function violations({ violations }: RunReport): string[] {
  if (violations.length === 0) return [];
  const lines = violations.map((v) => `  ${formatInstant(v.at)}  ${v.checker}: ${v.text}`);
  return [`${plural(violations.length, 'broken invariant')}\n\n${lines.join('\n')}`];
}

function verdict(report: RunReport): string {
  const met = report.expectations.filter((e) => e.isMet).length;
  const of = `${met} of ${plural(report.expectations.length, 'expectation')} met`;
  return `${report.isPassed ? 'PASSED' : 'FAILED'}: ${of}\ntrace ${report.traceHash}\nreplay: ${report.replay}`;
}
