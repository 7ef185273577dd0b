// The text lines of a Calient of the S series, and what its commands' words mean. Names, order and sample values:
// cloudshell-L1-calient.

import type { Dbm } from '../src/core/quantity.ts';
import { formatNamed, parseAidList } from '../src/tl1/fields.ts';
import { dbmText } from './calient-lines.ts';
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

/** RTRV-PORT of a FiberConnect: names and order [K], that its input follows the light and the redundancy states are [I]. */
export function fiberConnectLine(aid: string, isLit: boolean): string {
  const side = (name: 'IN' | 'OUT', isUp: boolean): string =>
    `${name}AS=IS,${name}OS=${isUp ? 'IS' : 'OOS'},${name}OC=${isUp ? 'OK' : 'FAIL'},${name}RS=ACT`;
  return `${aid}:WX,NONE,NONE:${side('IN', isLit)},${side('OUT', true)}`;
}

/** NONE where there is no light to measure [K for an absent one]. */
const powerText = (power: Dbm): string => (power <= DARK_POWER ? 'NONE' : dbmText(power));

/** `s&s,d&d` as `s,d` and `s,d`; null where the lists differ in length. */
export function pairsOf(aid: string): string[] | null {
  const [from, to] = aid.split(',').map((list) => parseAidList(list));
  if (from?.kind !== 'aids' || to?.kind !== 'aids' || from.aids.length !== to.aids.length) return null;
  return from.aids.map((source, i) => `${source},${to.aids[i]}`);
}
