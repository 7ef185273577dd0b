// What comes of a request about spans, and how spans and circuits are listed: as text, and as data.

import { bitsPerSecond, formatRate } from '../core/quantity.ts';
import { left, right, textTable } from '../report/text-table.ts';
import type { ControlRequest, Outcome } from './emulate-actions.ts';
import type { CircuitState, SpanState } from './emulate-circuits.ts';
import type { Lab } from './emulate-lab.ts';

type SpanRequest = Extract<ControlRequest, { verb: 'cut' | 'repair' }>;

export function ofSpan({ circuits }: Lab, { verb, name, slots }: SpanRequest): Outcome {
  const state = circuits[verb](name, slots);
  return { text: `span ${name} (${state.ends.join(' – ')}) is ${condition(state)}`, data: spanData(state) };
}

/** Tables of what there is of each. */
export function circuitSections(
  spans: readonly SpanState[],
  circuits: readonly CircuitState[],
): (string | false)[] {
  return [
    spans.length > 0 &&
      textTable(
        [left('span'), left('a'), left('b'), right('time slots'), left('state')],
        spans.map((s) => [s.span, ...s.ends, String(s.slots), condition(s)]),
      ),
    circuits.length > 0 &&
      textTable(
        [left('circuit'), left('a'), left('b'), right('operational')],
        circuits.map((c) => [c.circuit, ...c.ends, formatRate(bitsPerSecond(c.bandwidth))]),
      ),
  ];
}

export const circuitData = (spans: readonly SpanState[], circuits: readonly CircuitState[]) => ({
  spans: spans.map(spanData),
  circuits: circuits.map(({ circuit, ends, bandwidth }) => ({ circuit, ends, bandwidth_bps: bandwidth })),
});

const spanData = ({ span, ends, slots, isCut, failedSlots }: SpanState) => ({
  ...{ span, ends, slots },
  is_cut: isCut,
  failed_slots: failedSlots,
});

function condition({ isCut, failedSlots }: SpanState): string {
  if (isCut) return 'cut';
  return failedSlots.length === 0 ? 'whole' : `without time slots ${failedSlots.join(', ')}`;
}
