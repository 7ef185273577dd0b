// Spans between circuit nodes in the picture of the topology: which are cut at a moment, and what a cut leaves of the
// circuits.

import { formatInstant, formatMeasure } from './format.ts';
import type { RunReport, SpanChange } from './run-report.ts';

/** LCAS takes failed members out of a group in a moment; what is carried is read this much later. */
const SETTLED = 2e9;

/** Spans that are cut at that time, whole or in part, with what to say of each. */
export function spansCutAt({ spanChanges }: RunReport, at: number): Map<string, string> {
  const whole = new Set<string>();
  const failed = new Map<string, Set<number>>();
  for (const { kind, span, slots } of spanChanges.filter((change) => change.at <= at)) {
    const own = failed.get(span) ?? new Set();
    failed.set(span, own);
    if (slots === null) whole[kind === 'cut' ? 'add' : 'delete'](span);
    else for (const slot of slots) own[kind === 'cut' ? 'add' : 'delete'](slot);
  }
  const partly = [...failed].filter(([, slots]) => slots.size > 0);
  return new Map([
    ...partly.map(([span, slots]) => [span, `cut: ${slots.size} slots`] as const),
    ...[...whole].map((span) => [span, 'cut'] as const),
  ]);
}

/** For each span that is cut: when, and the words above and below. */
export const spanCuts = (report: RunReport) =>
  report.spanChanges.flatMap((change, i) =>
    change.kind === 'cut'
      ? [{ at: change.at, title: titleOf(change), subtitle: carriedText(report, settledBy(report, i)) }]
      : [],
  );

const titleOf = ({ at, span, slots }: SpanChange): string =>
  `Span ${span} cut at ${formatInstant(at)}${slots === null ? '' : `: time slots ${slots.join(', ')}`}`;

const settledBy = ({ spanChanges }: RunReport, i: number): number =>
  Math.min((spanChanges[i]?.at ?? 0) + SETTLED, (spanChanges[i + 1]?.at ?? Infinity) - 1);

/** `circuit vc-1 carries 200 Mb/s` */
export function carriedText({ circuits }: RunReport, at: number): string {
  const texts = circuits.map(({ name, steps }) => {
    const bandwidth = steps.findLast((step) => step.at <= at)?.bandwidth ?? 0;
    return `circuit ${name} carries ${bandwidth === 0 ? 'nothing' : formatMeasure(bandwidth, 'rate')}`;
  });
  return texts.join('; ');
}
