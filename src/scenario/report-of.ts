// A run's result as the plain data that tables, plots and pictures are made from.

import { bitsPerSecond, bytes, bytesPerSecond } from '../core/quantity.ts';
import type { Duration } from '../core/time.ts';
import type { TraceRecord } from '../engine/trace.ts';
import type {
  CircuitReport,
  CutReport,
  ExpectationReport,
  PathPhase,
  RepairReport,
  RunReport,
  SpanChange,
  TransferReport,
} from '../report/run-report.ts';
import { numberOf, textOf, textsOf } from './checkers/checker.ts';
import { goodputSeries } from './goodput.ts';
import type { Verdict } from './judge.ts';
import { METRICS, type MetricName } from './metric-names.ts';
import type { RunResult } from './run.ts';
import type { TransferAction } from './schema-timeline.ts';
import { topologyOf } from './topology-of.ts';

/** `replay`: the command that makes this run again. */
export function reportOf(result: RunResult, o: { version: string; replay: string }): RunReport {
  const { scenario, records } = result;
  return {
    scenario: scenario.name,
    title: scenario.title,
    description: scenario.description,
    seed: result.seed,
    version: o.version,
    world: result.world,
    traceHash: result.hash,
    replay: o.replay,
    duration: scenario.duration,
    recordCount: records.length,
    isPassed: result.isMet,
    topology: topologyOf(scenario),
    paths: records.flatMap(pathPhase),
    cuts: cutsOf(result),
    repairs: records.flatMap(repairOf),
    circuits: circuitsOf(records),
    spanChanges: records.flatMap(spanChange),
    transfers: transfersOf(result),
    expectations: result.verdicts.map(expectationOf),
    violations: result.violations.map(({ at, checker, message }) => ({ at, checker, text: message })),
  };
}

/** A path that ended has no fibres any more. */
function pathPhase(record: TraceRecord): PathPhase[] {
  const isEnd = record.kind === 'path.down' || record.kind === 'path.released';
  if (!isEnd && record.kind !== 'path.up') return [];
  const fibres = isEnd ? [] : textsOf(record, 'fibres');
  return [{ path: textOf(record, 'path'), at: record.at, fibres }];
}

function repairOf(record: TraceRecord): RepairReport[] {
  if (record.kind !== 'fibre.repaired') return [];
  return [{ at: record.at, fibre: textOf(record, 'fibre'), direction: textOf(record, 'direction') }];
}

/** Cuts that hit a light path as they were measured, and between them, by number, those that hit none. */
function cutsOf(result: RunResult): CutReport[] {
  const all = result.records.filter((r) => r.kind === 'fibre.cut');
  return all.flatMap((record, i): CutReport[] => {
    const hit = result.measured.cuts.filter((c) => c.cut === i + 1);
    if (hit.length > 0) return hit;
    const nothing = { lengthBefore: 0, extraLength: null, reason: null };
    const none = { detect: null, decide: null, lock: null, switch: null, light: null, data: null, tcp: null };
    const { at } = record;
    const cut = { cut: i + 1, at, fibre: textOf(record, 'fibre'), direction: textOf(record, 'direction') };
    return [{ ...cut, path: null, fibresBefore: [], fibresAfter: null, ...nothing, stages: none }];
  });
}

function circuitsOf(records: readonly TraceRecord[]): CircuitReport[] {
  const carried = records.filter((r) => r.kind === 'circuit.carried');
  const names = new Set(carried.map((r) => textOf(r, 'circuit')));
  return [...names].map((name) => ({
    name,
    steps: carried
      .filter((r) => textOf(r, 'circuit') === name)
      .map((r) => ({ at: r.at, bandwidth: bitsPerSecond(numberOf(r, 'bandwidth_bps')) })),
  }));
}

function spanChange({ kind, at, fields }: TraceRecord): SpanChange[] {
  if (kind !== 'span.cut' && kind !== 'span.repaired') return [];
  const slots = Array.isArray(fields['slots']) ? fields['slots'].map(Number) : null;
  const what = kind === 'span.cut' ? 'cut' : 'repaired';
  return [{ kind: what, at, span: String(fields['span']), slots }];
}

function transfersOf(result: RunResult): TransferReport[] {
  return result.scenario.timeline.flatMap(({ action }) =>
    action.kind === 'transfer' ? [transferOf(result, action)] : [],
  );
}

function transferOf(result: RunResult, action: TransferAction): TransferReport {
  const { name, from, to, size, files, streams } = action;
  const value = (metric: MetricName): number | null =>
    result.measured.values.find((v) => v.metric === metric && v.of === name)?.value ?? null;
  const failure = result.records.findLast(
    (r) => r.kind === 'transfer.failed' && r.fields['transfer'] === name,
  );
  const isCompleted = value('transfer.completed') === 1;
  const series = goodputSeries(result.records, name);
  const lost = value('transfer.lost_bytes');
  const doubled = value('transfer.doubled_bytes');
  const goodput = value('transfer.goodput');
  return {
    name,
    from,
    to,
    outcome: isCompleted ? 'completed' : failure === undefined ? 'unfinished' : 'failed',
    reason: failure === undefined || isCompleted ? null : textOf(failure, 'reason'),
    size,
    delivered: bytes(series.bytes.at(-1) ?? 0),
    files,
    verifiedFiles: value('transfer.verified_files') ?? 0,
    streams,
    streamBreaks: value('transfer.stream_breaks') ?? 0,
    lost: lost === null ? null : bytes(lost),
    doubled: doubled === null ? null : bytes(doubled),
    duration: value('transfer.duration') as Duration | null,
    goodput: goodput === null ? null : bytesPerSecond(goodput),
    series,
  };
}

function expectationOf(verdict: Verdict): ExpectationReport {
  const { expectation, worst, isMet, reason } = verdict;
  const metric = METRICS.find((m) => m.name === expectation.metric);
  return {
    metric: expectation.metric,
    meaning: metric?.meaning ?? '',
    dimension: metric?.dimension ?? 'count',
    of: expectation.of ?? null,
    bound: expectation.bound,
    measured: worst,
    isMet,
    reason,
  };
}
