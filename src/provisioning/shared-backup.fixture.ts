// Two pairs of terminals with a way of their own each, and one fibre in the middle for whoever needs it.

import { ms } from '../core/time.ts';
import { Bed } from './bed.fixture.ts';
import { granted } from './line.fixture.ts';

const MAP = {
  a1: 'T1 S1 1',
  a2: 'S1 S2 300',
  a3: 'S2 T2 1',
  b1: 'T3 S3 1',
  b2: 'S3 S4 300',
  b3: 'S4 T4 1',
  u: 'S1 S5 200',
  v: 'S3 S5 200',
  m: 'S5 S6 200',
  w: 'S6 S2 200',
  x: 'S6 S4 200',
};
export const terms = { protection: { kind: 'shared', disjoint: 'edge' } } as const;
export const P = { path: 'p', from: 'T1', to: 'T2', terms };
export const Q = { path: 'q', from: 'T3', to: 'T4', terms };
export const P_BACKUP = ['a1', 'u', 'm', 'w', 'a3'];
export const Q_BACKUP = ['b1', 'v', 'm', 'x', 'b3'];
export const SWITCHES = ['S1', 'S2', 'S3', 'S4', 'S5', 'S6'];

export const bed = (more: Record<string, string> = {}): Bed =>
  new Bed({ fibres: { ...MAP, ...more }, delay: ms(20), alarms: SWITCHES });

export const fibresNow = (b: Bed, path: string): unknown =>
  b.records('path.up').findLast((r) => r.fields['path'] === path)?.fields['fibres'];

export const last = (b: Bed, path: string): string | undefined =>
  b.trace.records.findLast(
    (r) =>
      ['path.up', 'path.down', 'path.protected', 'path.unprotected'].includes(r.kind) &&
      r.fields['path'] === path,
  )?.kind;

/** Both are up, each with a backup over the middle; from agents that differ. */
export async function both(b: Bed, more: object = {}): Promise<void> {
  granted(await b.newClient('S1').request({ ...P, terms: { ...terms, ...more } }), b);
  granted(await b.newClient('S3').request({ ...Q, terms: { ...terms, ...more } }), b);
  await b.until('path.protected', 2);
}
