// The metrics of a run, measured on its records alone. Each metric is a list of values, one for each path,
// cut or transfer that it speaks of; `metric-names.ts` says what each one means.

import type { TraceRecord } from '../engine/trace.ts';
import { STAGES } from '../report/run-report.ts';
import { numberOf, textOf } from './checkers/checker.ts';
import { type CutStages, cutStages } from './cut-stages.ts';
import { type GoodputSeries, goodputSeries } from './goodput.ts';
import { terminalsOfFibres } from './host-line.ts';
import { circuitValues } from './metric-circuits.ts';
import { daemonValues } from './metric-daemon.ts';
import type { MetricName } from './metric-names.ts';
import { pathValues } from './metric-paths.ts';
import { moveInterruptions } from './move-interruption.ts';
import { protectionOutages } from './protection-outage.ts';
import { RecordIndex } from './record-index.ts';
import type { Scenario } from './schema.ts';

/** A value in the metric's base unit (ns, B/s, B or a count); null where it was to be measured but never came. */
export interface MetricValue {
  readonly metric: MetricName;
  readonly of: string | null;
  /** Which cut, counted from 1; null for metrics that are not about cuts. */
  readonly cut: number | null;
  readonly value: number | null;
}

export interface Measured {
  readonly cuts: readonly CutStages[];
  readonly values: readonly MetricValue[];
}

export function measure(scenario: Scenario, records: readonly TraceRecord[], violations: number): Measured {
  const index = new RecordIndex(records);
  const series = new Map<string, GoodputSeries>();
  const goodputOf = (path: string): GoodputSeries | null => {
    const transfer = transferOver(scenario, path);
    if (transfer === null) return null;
    const known = series.get(transfer) ?? goodputSeries(records, transfer);
    series.set(transfer, known);
    return known;
  };
  const lengths = new Map(scenario.fibres.map(({ name, length }) => [name, length]));
  const cuts = cutStages(index, {
    goodputOf,
    lines: terminalsOfFibres(scenario),
    lengths,
    linksOf: (path) => linksOver(scenario, path),
  });
  const values = [
    ...setUps(scenario, index),
    ...pathValues(scenario, index),
    ...reroutes(scenario, cuts),
    ...protectionOutages(scenario, records),
    ...moveInterruptions(index),
    ...scenario.timeline.flatMap(({ action }) =>
      action.kind === 'transfer' ? transferValues(records, action.name) : [],
    ),
    ...daemonValues(scenario, records),
    ...circuitValues(scenario, records),
    { metric: 'invariants.violations' as const, of: null, cut: null, value: violations },
  ];
  return { cuts, values };
}

/** The data links that ride on the light between the two hosts of a path. */
function linksOver(scenario: Scenario, path: string): readonly string[] {
  const actions = scenario.timeline.map((entry) => entry.action);
  const request = actions.find((a) => a.kind === 'request' && a.path === path);
  if (request?.kind !== 'request') return [];
  const ends = [request.from, request.to];
  return scenario.dataLinks.flatMap(({ name, between, circuit }) =>
    circuit === undefined && between.every((host) => ends.includes(host)) ? [name] : [],
  );
}

/** The first transfer of the scenario between the two hosts of a path, or null. */
export function transferOver(scenario: Scenario, path: string): string | null {
  const actions = scenario.timeline.map((entry) => entry.action);
  const request = actions.find((a) => a.kind === 'request' && a.path === path);
  if (request?.kind !== 'request') return null;
  const hosts = [request.from, request.to];
  const transfer = actions.find(
    (a) => a.kind === 'transfer' && hosts.includes(a.from) && hosts.includes(a.to),
  );
  return transfer?.kind === 'transfer' ? transfer.name : null;
}

function setUps(scenario: Scenario, index: RecordIndex): MetricValue[] {
  return scenario.timeline.flatMap(({ action }) => {
    if (action.kind !== 'request') return [];
    const ofPath = index.ofPath(action.path);
    const asked = ofPath.find((r) => r.kind === 'path.requested');
    const up = ofPath.find((r) => r.kind === 'path.up');
    const value = asked === undefined || up === undefined ? null : up.at - asked.at;
    return [{ metric: 'path.setup' as const, of: action.path, cut: null, value }];
  });
}

function reroutes(scenario: Scenario, cuts: readonly CutStages[]): MetricValue[] {
  const stages = cuts.flatMap((cut) => [
    ...STAGES.map((stage) => ({
      metric: `reroute.${stage}` as const,
      of: cut.path,
      cut: cut.cut,
      value: cut.stages[stage],
    })),
    { metric: 'reroute.extra_length' as const, of: cut.path, cut: cut.cut, value: cut.extraLength },
  ]);
  const own = new Map<string, CutStages[]>();
  for (const cut of cuts) own.set(cut.path, [...(own.get(cut.path) ?? []), cut]);
  const counts = scenario.timeline.flatMap(({ action }) => {
    if (action.kind !== 'request') return [];
    const { path } = action;
    const hits = own.get(path) ?? [];
    const restored = hits.filter(isRestored);
    const moved = restored.filter((cut) => cut.stages.lock !== null).length;
    return [
      { metric: 'reroute.count' as const, of: path, cut: null, value: moved },
      { metric: 'cuts.unrestored' as const, of: path, cut: null, value: hits.length - restored.length },
    ];
  });
  const share = cuts.length === 0 ? null : cuts.filter(isRestored).length / cuts.length;
  const all =
    share === null ? [] : [{ metric: 'restored.share' as const, of: null, cut: null, value: share }];
  return [...stages, ...counts, ...all];
}

const isRestored = (cut: CutStages): boolean => cut.reason === null;

function transferValues(records: readonly TraceRecord[], transfer: string): MetricValue[] {
  const own = records.filter((r) => r.fields['transfer'] === transfer);
  const completed = own.find((r) => r.kind === 'transfer.completed');
  const count = (kind: string): number => own.filter((r) => r.kind === kind).length;
  const field = (name: string): number | null => (completed === undefined ? null : numberOf(completed, name));
  const duration = field('duration_ns');
  const bytes = field('bytes');
  const goodput = duration === null || bytes === null ? null : bytes / (duration / 1e9);
  const rows: readonly (readonly [MetricName, number | null])[] = [
    ['transfer.goodput', goodput],
    ['transfer.duration', duration],
    ['transfer.completed', completed === undefined ? 0 : 1],
    [
      'transfer.verified_files',
      new Set(own.filter((r) => r.kind === 'file.verified').map((r) => textOf(r, 'file'))).size,
    ],
    ['transfer.lost_bytes', field('lost_bytes')],
    ['transfer.doubled_bytes', field('doubled_bytes')],
    ['transfer.stream_breaks', count('stream.broken')],
  ];
  return rows.map(([metric, value]) => ({ metric, of: transfer, cut: null, value }));
}
