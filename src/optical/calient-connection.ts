// A connection as a Calient lists it, of either series: named `SRC-DST` or `SRC>DST`, with its ports, its kind
// and its states in fields of which a device may leave some off.

import type { Tl1Alarm } from '../tl1/alarm.ts';
import { named, parseFields, type Tl1Fields } from '../tl1/fields.ts';
import { type Passage, passages } from './assurance.ts';
import { alarmDirection } from './device.ts';
import type { CrossConnect, Direction, PortLabel } from './switch.ts';

export interface CalientConnection {
  readonly name: string;
  /** SYSTEM where the device does not say. */
  readonly group: string;
  readonly passages: readonly Passage[];
  /** False where it is entered and not activated: AS=UMA. */
  readonly isActive: boolean;
  /** False while its mirrors move: OS=RDY or INIT. */
  readonly isReady: boolean;
  readonly isCarrying: boolean | null;
}

/** Nothing that would be read as a list, a range or the name of a connection. */
export const isAid = (label: PortLabel): boolean => /^[A-Za-z0-9.]+$/.test(label);

/** The ways of connections, each with what its connection says of the light. */
export const crossConnects = (connections: readonly CalientConnection[]): CrossConnect[] =>
  connections.flatMap(({ name, passages: ways, isCarrying }) =>
    ways.map((way) => ({ ...way, isCarrying, connection: name })),
  );

/** The port that an alarm of either series means. */
export const alarmPlace = (alarm: Tl1Alarm): { port: PortLabel; direction: Direction } => ({
  port: alarm.aid,
  direction: alarmDirection(alarm),
});

export function readConnection(line: string): CalientConnection | null {
  const fields = parseFields(line);
  const [, first = '', arrow = '', second = ''] = /^([^-<>]+)([-<>])([^-<>]+)$/.exec(fields.aid) ?? [];
  const [from, to] = arrow === '<' ? [second, first] : [first, second];
  const input = named(fields, 'SRCPORT') ?? from;
  const output = named(fields, 'DSTPORT') ?? to;
  if (input === '' || output === '') return null;
  const isTwoWay = (named(fields, 'CONNTYPE') ?? (arrow === '-' ? '2WAY' : '1WAY')).toUpperCase() === '2WAY';
  const name = named(fields, 'CONNNAME') ?? '';
  return {
    name: name === '' ? fields.aid : name,
    group: named(fields, 'GRPNAME') ?? 'SYSTEM',
    passages: passages(input, output, isTwoWay ? 'two' : 'one'),
    isActive: named(fields, 'AS')?.toUpperCase() !== 'UMA',
    isReady: !['RDY', 'INIT'].includes(named(fields, 'OS')?.toUpperCase() ?? ''),
    isCarrying: isCarrying(fields),
  };
}

/** MonALISA counts a connection as good if OC contains OK; one that is entered and not activated has OC=OK and OS=RDY (G2MPLS). */
function isCarrying(fields: Tl1Fields): boolean | null {
  const capability = named(fields, 'OC')?.toUpperCase();
  if (capability === undefined) return null;
  const operation = named(fields, 'OS')?.toUpperCase();
  if (operation === 'RDY' || operation === 'OOS' || operation === 'NOHW' || operation === 'INIT')
    return false;
  if (capability.includes('OK') || capability === 'DEGR') return true;
  return capability === 'FAIL' || capability === 'NOHW' ? false : null;
}
