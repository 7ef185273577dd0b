// The text lines of a Calient of the S series, and what its commands' words mean. Names, order and sample values:
// cloudshell-L1-calient.

import type { Dbm } from '../src/core/quantity.ts';
import { formatNamed, formatParameters, parseAidList } from '../src/tl1/fields.ts';
import { type CalientConnection, dbmText } from './calient-lines.ts';
import { DARK_POWER } from './light.ts';

export interface PortSummary {
  readonly aid: string;
  readonly inPower: Dbm;
  readonly outPower: Dbm;
  /** What the input is in, and what the output is in. */
  readonly connections: readonly ({ readonly name: string; readonly isActive: boolean } | null)[];
}

/** RTRV-PORT-SUM. The first connection is that of the input, the second that of the output where it is another [I]. */
export function summaryLine({ aid, inPower, outPower, connections }: PortSummary): string {
  const [first, second] = [...new Set(connections.filter((connection) => connection !== null))];
  // ACT of one that is active [K]; of one that is only entered, PEND [U].
  const state = (c: typeof first): string => (c === undefined ? 'NONE' : c.isActive ? 'ACT' : 'PEND');
  return formatNamed(aid, [
    ['ALIAS', 'NONE'],
    ['INPWR', powerText(inPower)],
    ['OUTPWR', powerText(outPower)],
    ['CONNNAME1', first?.name ?? 'NONE'],
    ['CONNSTATE1', state(first)],
    ['CONNNAME2', second?.name ?? 'NONE'],
    ['CONNSTATE2', state(second)],
  ]);
}

/** RTRV-NE; serial number and package are ours. */
export function elementLine(serialNumber: string): string {
  const pairs = [
    ['SERIALNUMBER', serialNumber],
    ['SWPACKAGE', '5.1'],
    ['STATUS', 'OK'],
    ['CHASSISTYPE', 'S162'],
    ['PLATFORM', 'VERSION2'],
  ] as const;
  return formatParameters(pairs.map(([name, value]) => ({ name, value })));
}

/** NONE where there is no light to measure [K for an absent one]. */
const powerText = (power: Dbm): string => (power <= DARK_POWER ? 'NONE' : dbmText(power));

/** `s,d`, or null. */
export function connectionOf(aid: string, isTwoWay: boolean): CalientConnection | null {
  const [source = '', destination = '', ...more] = aid.split(',');
  return destination === '' || more.length > 0 ? null : { source, destination, isTwoWay };
}

/** `s&s,d&d` as `s,d` and `s,d`; null where the lists differ in length. */
export function pairsOf(aid: string): string[] | null {
  const [from, to] = aid.split(',').map((list) => parseAidList(list));
  if (from?.kind !== 'aids' || to?.kind !== 'aids' || from.aids.length !== to.aids.length) return null;
  return from.aids.map((source, i) => `${source},${to.aids[i]}`);
}

/** Whether it is two-way; null for another word. */
export function wayOf(text: string): boolean | null {
  const way = text.toUpperCase();
  return way === '2WAY' ? true : way === '1WAY' ? false : null;
}
