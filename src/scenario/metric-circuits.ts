// The metrics of circuits, from what the run recorded of their operational bandwidth. A circuit lives from when it first
// carries traffic until its deletion is asked for, or the run ends; it may do so more than once.

import type { Instant } from '../core/time.ts';
import type { TraceRecord } from '../engine/trace.ts';
import { numberOf } from './checkers/checker.ts';
import type { MetricValue } from './metrics.ts';
import type { Scenario } from './schema.ts';

/** The bandwidth from an instant on. */
interface Step {
  readonly at: Instant;
  readonly bandwidth: number;
}

export function circuitValues(scenario: Scenario, records: readonly TraceRecord[]): MetricValue[] {
  const names = scenario.timeline.flatMap(({ action }) =>
    action.kind === 'create-circuit' ? [action.circuit] : [],
  );
  return [...new Set(names)].flatMap((circuit) => {
    const own = records.filter((r) => r.fields['circuit'] === circuit);
    return valuesOf(circuit, own, scenario.duration as number as Instant);
  });
}

/** Each step of bandwidth between a request and the end of the life that follows from it. */
function lifesOf(
  own: readonly TraceRecord[],
  end: Instant,
): { asked: Instant; steps: Step[]; end: Instant }[] {
  const asked = own.filter((r) => r.kind === 'circuit.requested');
  return asked.map(({ at }, i) => {
    const next = asked[i + 1]?.at ?? end;
    const until = own.find((r) => r.kind === 'circuit.released' && r.at > at)?.at ?? next;
    const carried = own.filter((r) => r.kind === 'circuit.carried' && r.at >= at && r.at < until);
    const steps = carried.map((r) => ({ at: r.at, bandwidth: numberOf(r, 'bandwidth_bps') }));
    const first = steps.findIndex(({ bandwidth }) => bandwidth > 0);
    return { asked: at, steps: first < 0 ? [] : steps.slice(first), end: until };
  });
}

function valuesOf(circuit: string, own: readonly TraceRecord[], end: Instant): MetricValue[] {
  return lifesOf(own, end).flatMap(({ asked, steps, end: until }) => {
    const [first] = steps;
    const value = (
      metric: `circuit.${'setup' | 'bandwidth_mean' | 'bandwidth_least' | 'hits' | 'outage'}`,
      v: number | null,
    ) => ({
      metric,
      of: circuit,
      cut: null,
      value: v,
    });
    if (first === undefined) return [value('circuit.setup', null), value('circuit.bandwidth_mean', 0)];
    const spans = steps.map(({ at, bandwidth }, i) => ({
      bandwidth,
      time: (steps[i + 1]?.at ?? until) - at,
    }));
    const bits = spans.reduce((sum, { bandwidth, time }) => sum + bandwidth * time, 0);
    const dark = spans.filter(({ bandwidth }) => bandwidth === 0);
    return [
      value('circuit.setup', first.at - asked),
      value('circuit.bandwidth_mean', bits / (until - first.at)),
      value('circuit.bandwidth_least', Math.min(...spans.map((s) => s.bandwidth).filter((b) => b > 0))),
      value('circuit.hits', dark.length),
      value(
        'circuit.outage',
        dark.reduce((sum, { time }) => sum + time, 0),
      ),
    ];
  });
}
