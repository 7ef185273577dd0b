// The alarm of a REPT ALM notification, in the form of GR-833:
// "<aid>:<ntfcncde>,<condtype>,<srveff>,<ocrdat>,<ocrtm>[,<locn>[,<dirn>]]:\"text\"". A Calient leaves locn and dirn off.

import { formatFields, parseFields, positional, type Tl1Parameter } from './fields.ts';
import type { AlarmCode } from './message.ts';
import { quote } from './quoting.ts';

/** Notification code: critical, major, minor, cleared, not alarmed. */
export type AlarmSeverity = 'CR' | 'MJ' | 'MN' | 'CL' | 'NA';

export interface Tl1Alarm {
  readonly aid: string;
  readonly severity: AlarmSeverity;
  /** LOS, for one. */
  readonly condition: string;
  /** SA or NSA: whether it affects service. */
  readonly serviceEffect: string;
  /** MM-DD of its occurrence. */
  readonly date: string;
  /** HH-MM-SS of its occurrence. */
  readonly time: string;
  /** NEND or FEND; empty where the device does not say. */
  readonly location: string;
  /** RCV or TRMT; empty where the device does not say. */
  readonly direction: string;
  readonly text: string;
}

const SEVERITIES: ReadonlySet<string> = new Set(['CR', 'MJ', 'MN', 'CL', 'NA'] satisfies AlarmSeverity[]);

/** The alarm in a text line of REPT ALM, or null when it has another form. */
export function parseAlarm(line: string): Tl1Alarm | null {
  const fields = parseFields(line);
  const at = (position: number): string => positional(fields, 0, position) ?? '';
  const severity = at(0);
  if (!SEVERITIES.has(severity) || at(1) === '') return null;
  const texts = fields.blocks.slice(1).flatMap((block) => block.map(({ value }) => value));
  return {
    aid: fields.aid,
    severity: severity as AlarmSeverity,
    condition: at(1),
    serviceEffect: at(2),
    date: at(3),
    time: at(4),
    location: at(5),
    direction: at(6),
    text: texts.find((text) => text !== '') ?? '',
  };
}

/** The text line, without the outer quotes that `formatNotification` adds. The inner text is always quoted. */
export function formatAlarm(alarm: Tl1Alarm): string {
  const { aid, severity, condition, serviceEffect, date, time, location, direction, text } = alarm;
  const places = direction !== '' ? [location, direction] : location !== '' ? [location] : [];
  const parameters = [severity, condition, serviceEffect, date, time, ...places].map(
    (value): Tl1Parameter => ({ name: null, value }),
  );
  return `${formatFields({ aid, blocks: [parameters] })}:${quote(text)}`;
}

/** The code in the notification's head that goes with a severity; clearing is `A`. */
export const alarmCodeOf = (severity: AlarmSeverity): AlarmCode =>
  severity === 'CL' || severity === 'NA' ? 'A' : severity;
