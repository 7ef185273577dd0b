// The metrics of daemons, from what they recorded of the traffic of their hosts: how soon both ends use a path, how soon
// both have left it when its light goes, and what share of a transfer went over light.

import type { Instant } from '../core/time.ts';
import type { TraceRecord } from '../engine/trace.ts';
import { textOf } from './checkers/checker.ts';
import { goodputSeries } from './goodput.ts';
import { hostOf } from './host-line.ts';
import type { MetricName } from './metric-names.ts';
import type { MetricValue } from './metrics.ts';
import type { Scenario } from './schema.ts';
import type { RequestAction } from './schema-timeline.ts';

export function daemonValues(scenario: Scenario, records: readonly TraceRecord[]): MetricValue[] {
  const daemons = new Set(scenario.hosts.flatMap(({ name, daemon }) => (daemon === undefined ? [] : [name])));
  const actions = scenario.timeline.map(({ action }) => action);
  return [
    ...actions.flatMap((action) =>
      action.kind === 'request' && daemons.has(action.from) ? turnsOf(action, records) : [],
    ),
    ...actions.flatMap((action) =>
      action.kind === 'transfer' && daemons.has(action.from)
        ? [daemonValue('transfer.light_share', action.name, lightShare(action, records))]
        : [],
    ),
  ];
}

const daemonValue = (metric: MetricName, of: string, value: number | null): MetricValue => ({
  metric,
  of,
  cut: null,
  value,
});

/**
 * A path is waited for from its request, and from each loss of light while both hosts use it, until both do. A wait that the
 * path's release ends is none.
 */
function turnsOf({ path, from, to }: RequestAction, records: readonly TraceRecord[]): MetricValue[] {
  const values: MetricValue[] = [];
  const onPath = new Set<string>();
  let asked: Instant | null = null;
  let lost: Instant | null = null;
  for (const { at, kind, fields } of records) {
    const isOwn = isNameOf(path, String(fields['path']));
    if (kind === 'path.requested' && isOwn) asked ??= at;
    else if (kind === 'path.released' && isOwn) [asked, lost] = [null, null];
    else if (
      kind === 'light.lost' &&
      [from, to].includes(hostOf(String(fields['terminal']))) &&
      onPath.size === 2
    )
      asked = lost ??= at;
    else if (kind === 'traffic.steered' && isOwn) {
      onPath.add(String(fields['host']));
      if (onPath.size < 2 || asked === null) continue;
      values.push(daemonValue('daemon.steered', path, at - asked));
      asked = null;
    } else if (kind === 'traffic.routed' && isOwn) {
      onPath.delete(String(fields['host']));
      if (onPath.size > 0 || lost === null) continue;
      values.push(daemonValue('daemon.routed', path, at - lost));
      lost = null;
    }
  }
  if (asked !== null) values.push(daemonValue('daemon.steered', path, null));
  if (lost !== null) values.push(daemonValue('daemon.routed', path, null));
  return values;
}

/** Agents that are asked one after the other know it by a number behind its name. */
const isNameOf = (path: string, name: string): boolean =>
  name === path || (name.startsWith(`${path}.`) && /^\d+$/.test(name.slice(path.length + 1)));

/** By the samples of its goodput: what came between two belongs to the way that had the traffic at the second. */
function lightShare(
  { name, from, to }: { readonly name: string; readonly from: string; readonly to: string },
  records: readonly TraceRecord[],
): number | null {
  const { at, bytes } = goodputSeries(records, name);
  const turns = records.filter(
    (r) =>
      /^traffic\.(steered|routed)$/.test(r.kind) && textOf(r, 'host') === from && textOf(r, 'peer') === to,
  );
  let overLight = 0;
  for (const [i, time] of at.entries()) {
    const way = turns.findLast((turn) => turn.at <= time)?.kind;
    if (way === 'traffic.steered') overLight += (bytes[i] ?? 0) - (bytes[i - 1] ?? 0);
  }
  const all = bytes.at(-1) ?? 0;
  return all === 0 ? null : overLight / all;
}
