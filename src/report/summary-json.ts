// The summary of a run for programs: what was run, what was measured, what was expected. Units are last in
// the names; the samples and the topology are left to the tables and pictures.

import { BASE_UNITS, milliseconds } from './csv.ts';
import { recoveryJson } from './recovery.ts';
import { type RunReport, STAGES } from './run-report.ts';

export function summaryJson(r: RunReport): string {
  const summary = {
    scenario: r.scenario,
    title: r.title,
    seed: r.seed,
    version: r.version,
    world: r.world,
    trace_sha256: r.traceHash,
    replay: r.replay,
    duration_s: r.duration / 1e9,
    records: r.recordCount,
    is_passed: r.isPassed,
    expectations: r.expectations.map((e) => ({
      metric: e.metric,
      of: e.of,
      bound: e.bound.kind,
      bound_value: e.bound.value,
      measured_value: e.measured,
      unit: BASE_UNITS[e.dimension],
      is_met: e.isMet,
      reason: e.reason,
    })),
    cuts: r.cuts.map((c) => ({
      cut: c.cut,
      at_s: c.at / 1e9,
      fibre: c.fibre,
      direction: c.direction,
      path: c.path,
      fibres_before: c.fibresBefore,
      fibres_after: c.fibresAfter,
      extra_length_m: c.extraLength,
      reason: c.reason,
      ...Object.fromEntries(STAGES.map((stage) => [`${stage}_ms`, milliseconds(c.stages[stage])])),
    })),
    recovery: recoveryJson(r.cuts),
    transfers: r.transfers.map((t) => ({
      transfer: t.name,
      from: t.from,
      to: t.to,
      outcome: t.outcome,
      reason: t.reason,
      size_bytes: t.size,
      delivered_bytes: t.delivered,
      files: t.files,
      verified_files: t.verifiedFiles,
      streams: t.streams,
      stream_breaks: t.streamBreaks,
      lost_bytes: t.lost,
      doubled_bytes: t.doubled,
      duration_s: t.duration === null ? null : t.duration / 1e9,
      goodput_bytes_per_s: t.goodput,
    })),
    violations: r.violations.map((v) => ({ at_s: v.at / 1e9, checker: v.checker, text: v.text })),
  };
  return `${JSON.stringify(summary, null, 2)}\n`;
}
