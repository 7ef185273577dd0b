// The tables of a report, as columns and cells: the terminal and the page show the same ones.

import { formatBytes } from '../core/quantity.ts';
import { formatBound, formatInstant, formatMeasure, formatStage, formatSubject, NONE } from './format.ts';
import { type CutReport, type RunReport, STAGES } from './run-report.ts';
import { type Column, left, right } from './text-table.ts';

export interface Table {
  readonly title: string;
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly string[])[];
}

export const STAGE_TITLES = {
  detect: 'detect',
  decide: 'decide',
  lock: 'lock',
  switch: 'switch',
  light: 'light back',
  data: 'data link',
  tcp: 'TCP at 90 %',
} as const;

/** More rows than these nobody reads; the CSV has all. */
const cutRowsMax = 50;

export const cutsTable = (report: RunReport): Table => ({
  title: `Fibre cuts, and the time from each cut to the end of each stage${report.cuts.length > cutRowsMax ? ` (the first ${cutRowsMax} of ${report.cuts.length})` : ''}`,
  columns: [
    right('cut'),
    right('at'),
    left('fibre'),
    ...(isOnePath(report) ? [] : [left('path')]),
    ...STAGES.map((stage) => right(STAGE_TITLES[stage])),
    left('moved to'),
  ],
  rows: report.cuts
    .slice(0, cutRowsMax)
    .map((c) => [
      String(c.cut),
      formatInstant(c.at),
      c.direction === 'both' ? c.fibre : `${c.fibre} ${c.direction}`,
      ...(isOnePath(report) ? [] : [c.path ?? NONE]),
      ...STAGES.map((stage) => formatStage(c.stages[stage])),
      newFibres(c),
    ]),
});

const isOnePath = ({ paths }: RunReport): boolean => new Set(paths.map((p) => p.path)).size <= 1;

/** The fibres that the path took instead. */
export function newFibres(cut: CutReport): string {
  if (cut.path === null) return 'no path used it';
  if (cut.fibresAfter === null) return cut.reason === null ? 'not moved' : `not restored: ${cut.reason}`;
  return cut.fibresAfter.filter((fibre) => !cut.fibresBefore.includes(fibre)).join(', ') || 'the same fibres';
}

export const transfersTable = (report: RunReport): Table => ({
  title: 'Transfers',
  columns: [
    left('transfer'),
    left('from'),
    left('to'),
    left('outcome'),
    right('delivered'),
    right('of'),
    right('files verified'),
    right('duration'),
    right('goodput'),
    right('lost'),
    right('doubled'),
    right('streams'),
    right('breaks'),
  ],
  rows: report.transfers.map((t) => [
    t.name,
    t.from,
    t.to,
    t.reason === null ? t.outcome : `${t.outcome}: ${t.reason}`,
    formatBytes(t.delivered),
    formatBytes(t.size),
    `${t.verifiedFiles} of ${t.files}`,
    formatMeasure(t.duration, 'time'),
    formatMeasure(t.goodput, 'byteRate'),
    formatMeasure(t.lost, 'size'),
    formatMeasure(t.doubled, 'size'),
    String(t.streams),
    String(t.streamBreaks),
  ]),
});

export const expectationsTable = (report: RunReport): Table => ({
  title: 'Expectations',
  columns: [left(''), left('metric'), left('expected'), right('measured'), left('')],
  rows: report.expectations.map((e) => [
    e.isMet ? 'pass' : 'FAIL',
    formatSubject(e),
    formatBound(e.bound),
    formatMeasure(e.measured, e.dimension),
    e.reason ?? '',
  ]),
});
