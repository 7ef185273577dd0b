// How long protected light paths left their data without a way: each time that the data link of the path's two
// hosts went down while the path was up, until it was up again. Whatever else went dark was no outage.

import type { TraceRecord } from '../engine/trace.ts';
import { textOf } from './checkers/checker.ts';
import type { MetricValue } from './metrics.ts';
import type { Scenario } from './schema.ts';
import type { RequestAction } from './schema-timeline.ts';

export function protectionOutages(scenario: Scenario, records: readonly TraceRecord[]): MetricValue[] {
  return scenario.timeline.flatMap(({ action }) =>
    action.kind === 'request' && action.protection !== undefined ? outagesOf(scenario, records, action) : [],
  );
}

function outagesOf(
  scenario: Scenario,
  records: readonly TraceRecord[],
  { path, from, to }: RequestAction,
): MetricValue[] {
  const links = scenario.dataLinks
    .filter(({ between }) => between.includes(from) && between.includes(to))
    .map(({ name }) => name);
  const values: MetricValue[] = [];
  let isUp = false;
  let cut = 0;
  for (const [i, record] of records.entries()) {
    if (record.kind === 'fibre.cut') cut++;
    const isOwn = record.fields['path'] === path;
    if (isOwn && record.kind === 'path.up') isUp = true;
    if (isOwn && (record.kind === 'path.down' || record.kind === 'path.released')) isUp = false;
    if (record.kind !== 'link.down' || !isUp || !links.includes(textOf(record, 'link'))) continue;
    const link = textOf(record, 'link');
    const back = records.find((r, j) => j > i && r.kind === 'link.up' && r.fields['link'] === link);
    const value = back === undefined ? null : back.at - record.at;
    values.push({ metric: 'protection.outage', of: path, cut: cut === 0 ? null : cut, value });
  }
  return values;
}
