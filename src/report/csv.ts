// The tables of a run for spreadsheets and scripts: units are last in the header, and every row names its run.

import { type Cell, csvText } from './csv-text.ts';
import { recoveryRows } from './recovery.ts';
import { type RunReport, STAGES } from './run-report.ts';

export function cutsCsv(report: RunReport): string {
  const header = ['cut', 'at_s', 'fibre', 'direction', 'path', 'fibres_before', 'fibres_after'];
  const rows = report.cuts.map((c): Cell[] => [
    c.cut,
    c.at / 1e9,
    c.fibre,
    c.direction,
    c.path,
    c.fibresBefore.join(' '),
    c.fibresAfter?.join(' ') ?? null,
    ...STAGES.map((stage) => milliseconds(c.stages[stage])),
    c.extraLength,
    c.reason,
  ]);
  return csv(report, [...header, ...STAGES.map((stage) => `${stage}_ms`), 'extra_length_m', 'reason'], rows);
}

export function transfersCsv(report: RunReport): string {
  const header = ['transfer', 'from', 'to', 'outcome', 'reason', 'size_bytes', 'delivered_bytes', 'files'];
  const more = [
    'verified_files',
    'streams',
    'stream_breaks',
    'lost_bytes',
    'doubled_bytes',
    'duration_s',
    'goodput_bytes_per_s',
  ];
  const rows = report.transfers.map((t): Cell[] => [
    ...[t.name, t.from, t.to, t.outcome, t.reason, t.size, t.delivered, t.files],
    ...[t.verifiedFiles, t.streams, t.streamBreaks, t.lost, t.doubled],
    t.duration === null ? null : t.duration / 1e9,
    t.goodput,
  ]);
  return csv(report, [...header, ...more], rows);
}

/** One row for each stage and the extra length, over all paths and cuts. */
export function recoveryCsv(report: RunReport): string {
  const rows = recoveryRows(report.cuts).map(([of, all]): Cell[] => [
    ...[of, all?.count ?? 0, all?.min ?? null, all?.mean ?? null],
    ...[all?.p50 ?? null, all?.p95 ?? null, all?.p99 ?? null, all?.max ?? null],
  ]);
  return csv(report, ['of', 'values', 'min', 'mean', 'p50', 'p95', 'p99', 'max'], rows);
}

/** Bounds and measured values are in the base unit of `unit`. */
export function expectationsCsv(report: RunReport): string {
  const header = ['metric', 'of', 'bound', 'bound_value', 'measured_value', 'unit', 'is_met', 'reason'];
  const rows = report.expectations.map((e): Cell[] => [
    ...[e.metric, e.of, e.bound.kind, e.bound.value, e.measured, BASE_UNITS[e.dimension]],
    ...[String(e.isMet), e.reason],
  ]);
  return csv(report, header, rows);
}

export function goodputCsv(report: RunReport): string {
  const rows = report.transfers.flatMap((t) =>
    t.series.at.map((at, i): Cell[] => [t.name, at / 1e9, t.series.bytes[i] ?? null]),
  );
  return csv(report, ['transfer', 'at_s', 'delivered_bytes'], rows);
}

/** A row for each change: what the circuit can carry from then on. */
export function circuitsCsv(report: RunReport): string {
  const rows = report.circuits.flatMap(({ name, steps }) =>
    steps.map(({ at, bandwidth }): Cell[] => [name, at / 1e9, bandwidth]),
  );
  return csv(report, ['circuit', 'at_s', 'bandwidth_bps'], rows);
}

export const BASE_UNITS = {
  time: 'ns',
  rate: 'b/s',
  byteRate: 'B/s',
  size: 'B',
  length: 'm',
  power: 'dBm',
  ratio: 'dB',
  share: '1',
  count: '1',
} as const;

export const milliseconds = (ns: number | null): number | null => (ns === null ? null : ns / 1e6);

const csv = (
  { scenario, seed, version, world }: RunReport,
  header: readonly string[],
  rows: readonly (readonly Cell[])[],
): string => csvText({ scenario, seed, version, world }, header, rows);
