// How long planned moves of light paths left their hosts without light: each move by itself, from its beginning until
// the path is up again.

import type { TraceRecord } from '../engine/trace.ts';
import { numberOf, textOf } from './checkers/checker.ts';
import type { MetricValue } from './metrics.ts';
import type { RecordIndex } from './record-index.ts';

export function moveInterruptions(index: RecordIndex): readonly MetricValue[] {
  return index.records
    .filter((record) => record.kind === 'operator.moved')
    .map((moved) => {
      const path = textOf(moved, 'path');
      return { metric: 'move.interruption', of: path, cut: null, value: darkDuring(index, moved, path) };
    });
}

/** The longest time that one of the hosts was dark; null when the path did not come up. */
function darkDuring(index: RecordIndex, moved: TraceRecord, path: string): number | null {
  const ofPath = index.ofPath(path);
  const revision = numberOf(moved, 'revision');
  const isOwn = (record: TraceRecord): boolean => record.fields['revision'] === revision;
  const began = ofPath.find((r) => r.kind === 'reroute.started' && isOwn(r));
  const up = ofPath.find((r) => r.kind === 'path.up' && isOwn(r));
  const asked = ofPath.find((r) => r.kind === 'path.requested');
  if (began === undefined || up === undefined || asked === undefined) return null;
  const from = index.records.indexOf(began);
  const until = index.records.indexOf(up);
  let longest = 0;
  for (const terminal of [textOf(asked, 'from'), textOf(asked, 'to')]) {
    let lost: number | null = null;
    for (const { kind, at } of index.ofTerminals([terminal], from, until)) {
      if (kind === 'light.lost') lost ??= at;
      if (kind !== 'light.restored' || lost === null) continue;
      longest = Math.max(longest, at - lost);
      lost = null;
    }
    if (lost !== null) longest = Math.max(longest, up.at - lost);
  }
  return longest;
}
