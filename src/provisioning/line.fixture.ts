// The smallest bed in which much can fail: three switches in a line between two terminals, what a client is told,
// and the invariant that every failure must leave whole.

import { assert } from '../../scripts/testing/suite.ts';
import { ms } from '../core/time.ts';
import { Bed } from './bed.fixture.ts';
import type { PathAnswer, PathGrant, PathRefusal } from './path-answer.ts';

export const LINE = { aa: 'T1 S1 1', ab: 'S1 S2 700', bc: 'S2 S3 300', cc: 'S3 T2 1' };
export const REQUEST = { path: 'p', from: 'T1', to: 'T2' };

export const line = (): Bed => new Bed({ fibres: LINE, delay: ms(20) });

export function granted(answer: PathAnswer, bed: Bed): PathGrant {
  if (answer.kind !== 'granted')
    throw new Error(
      `${answer.kind === 'refused' ? answer.reason : 'reserved'}\n${bed.trace.tail(40).join('\n')}`,
    );
  return answer;
}

export function refused(answer: PathGrant | PathRefusal): string {
  assert.is(answer.kind, 'refused');
  return answer.kind === 'refused' ? answer.reason : '';
}

/** How each participant of a transaction ended: never both ways. */
export function assertAgreement(bed: Bed): void {
  const ends = new Map<unknown, Set<string>>();
  for (const r of bed.trace.records) {
    if (r.kind !== 'participant.committed' && r.kind !== 'participant.aborted') continue;
    const set = ends.get(r.fields['transaction']) ?? new Set();
    ends.set(r.fields['transaction'], set.add(r.kind));
  }
  for (const [transaction, set] of ends) assert.is(set.size, 1, `${transaction}: ${[...set].join(' and ')}`);
}
