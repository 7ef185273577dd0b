// The text lines of a Calient DiamondWave PXC. Names, order and sample values: MonALISA (CalientTelnet,
// monOSPortsPower, its comments on the fields) and Pynt. Values that no source shows are marked.

import type { Dbm } from '../src/core/quantity.ts';
import { formatFields, formatNamed, formatParameters } from '../src/tl1/fields.ts';

export interface CalientConnection {
  readonly source: string;
  readonly destination: string;
  readonly isTwoWay: boolean;
}

export interface ConnectionState extends CalientConnection {
  readonly group: string;
  /** False where it is entered and not activated. */
  readonly isActive: boolean;
  /** Whether light goes through, both ways of a two-way connection. */
  readonly isCarrying: boolean;
  readonly alarm: 'CR' | 'MN' | 'CL';
}

export interface ConnectionPower {
  readonly forwardIn: Dbm;
  readonly forwardOut: Dbm;
  readonly reverseIn: Dbm;
  readonly reverseOut: Dbm;
}

export interface PortState {
  readonly aid: string;
  readonly inPower: Dbm;
  readonly outPower: Dbm;
  /** Names of the connections that the input and the output are in; null where they are free. */
  readonly inConnection: string | null;
  readonly outConnection: string | null;
  /** Below the thresholds for critical and degraded power. */
  readonly isCritical: boolean;
  readonly isDegraded: boolean;
}

export interface Thresholds {
  readonly critical: Dbm;
  readonly degraded: Dbm;
}

/** The matrix of a sample connection. */
export const MATRIX = '31.1';

/** `SRC-DST` two-way, `SRC>DST` one-way. */
export const connectionName = (c: CalientConnection): string =>
  `${c.source}${c.isTwoWay ? '-' : '>'}${c.destination}`;

/** RTRV-CRS, the ten fields that both series have (cloudshell-L1-calient). */
export function connectionFields(c: ConnectionState): [name: string, value: string][] {
  // [K] UMA, RDY, OK when entered, IS, IS, OK when activated (g2mpls); that OS and OC then follow the light is [I].
  const [as, os, oc] = connectionStates(c);
  return [
    ['SRCPORT', c.source],
    ['DSTPORT', c.destination],
    ['GRPNAME', c.group],
    ['CONNNAME', connectionName(c)],
    ['CONNTYPE', c.isTwoWay ? '2WAY' : '1WAY'],
    ['AS', as],
    ['OS', os],
    ['OC', oc],
    ['PS', 'UPR'],
    ['AL', c.alarm],
  ];
}

const connectionStates = ({ isActive, isCarrying }: ConnectionState): [as: string, os: string, oc: string] =>
  !isActive ? ['UMA', 'RDY', 'OK'] : isCarrying ? ['IS', 'IS', 'OK'] : ['IS', 'OOS', 'FAIL'];

/** RTRV-CRS of a PXC: 11 fields, which MonALISA insists on; four powers more when the question names group and connection. */
export function connectionLine(c: ConnectionState, power: ConnectionPower | null): string {
  const pairs = connectionFields(c);
  pairs.push(['MATRIXUSED', MATRIX]);
  if (power !== null) {
    pairs.push(['FORWARDWORKINGPOWERINPUT', dbmText(power.forwardIn)]);
    pairs.push(['FORWARDWORKINGPOWEROUTPUT', dbmText(power.forwardOut)]);
    if (c.isTwoWay) {
      pairs.push(['REVERSEWORKINGPOWERINPUT', dbmText(power.reverseIn)]);
      pairs.push(['REVERSEWORKINGPOWEROUTPUT', dbmText(power.reverseOut)]);
    }
  }
  return formatNamed(connectionName(c), pairs);
}

/** RTRV-DET-EQPT of a port. Card data stand first: MonALISA would not see a power right after the AID. Y and N are [U]. */
export function detailLine(p: PortState): string {
  const yesNo = (is: boolean): string => (is ? 'Y' : 'N');
  return formatNamed(p.aid, [
    ['SWVERSION', '5.0'],
    ['PARTNUM', '300-0001'],
    ['SERIALNUM', '0'],
    ['INCONNECTED', yesNo(p.inConnection !== null)],
    ['INCONNECTIONID', p.inConnection ?? ''],
    ['INCIRCUITID', ''],
    ['INACTIVE', yesNo(p.inConnection !== null)],
    ['INOPTICALPOWER', dbmText(p.inPower)],
    ['INOPTICALPOWERCROSSING', yesNo(p.isCritical)],
    ['INDEGRADEDOPTICALPOWERCROSSING', yesNo(p.isDegraded)],
    ['OUTCONNECTED', yesNo(p.outConnection !== null)],
    ['OUTCONNECTIONID', p.outConnection ?? ''],
    ['OUTCIRCUITID', ''],
    ['OUTACTIVE', yesNo(p.outConnection !== null)],
    ['OUTOPTICALPOWERWORKING', dbmText(p.outPower)],
  ]);
}

/** RTRV-PORT of one port. */
export function portLine(p: PortState, thresholds: Thresholds): string {
  const degraded = dbmText(thresholds.degraded);
  const critical = dbmText(thresholds.critical);
  const status = (isUp: boolean): string => (isUp ? 'OK' : 'FAIL');
  const values: [string, string][] = [
    ['INOPTDEGR', degraded],
    ['INOPTCRIT', critical],
    ['OUTOPTDEGR', degraded],
    ['OUTOPTCRIT', critical],
    ['INOPTHI', '10.00'],
    ['ATTNMODE', 'OFF'],
    ['OUTPOWER', dbmText(p.outPower)],
    ['VARIANT', ''],
    ['ALIAS', ''],
    ['IN_AS', 'IS'],
    ['IN_OS', p.isCritical ? 'OOS' : 'IS'],
    ['IN_OC', status(!p.isCritical)],
    ['OUT_AS', 'IS'],
    ['OUT_OS', 'IS'],
    ['OUT_OC', 'OK'],
  ];
  const named = values.map(([name, value]) => ({ name, value }));
  return formatFields({ aid: p.aid, blocks: [owners(p), named] });
}

/** RTRV-PORT of a shelf or card: Pynt finds no more than the AID of use in it. */
export const portListLine = (p: PortState): string => formatFields({ aid: p.aid, blocks: [owners(p)] });

/** Type and owners: WX and NONE as on a FiberConnect (g2mpls); on a PXC, and the owner's name of a port in use, [I]. */
const owners = (p: PortState): { name: null; value: string }[] =>
  ['WX', p.inConnection === null ? 'NONE' : 'SYSTEM', p.outConnection === null ? 'NONE' : 'SYSTEM'].map(
    (value) => ({ name: null, value }),
  );

export const dbmText = (power: Dbm): string => power.toFixed(2);

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
