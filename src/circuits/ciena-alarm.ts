// A CD/CI's alarms in both their forms: REPT ALM as GR-833 has it, and the lines of RTRV-ALM-ALL,
// "aid,aidType:aisnc,condType,[srveff],YYYY-MM-DD,HH:MM:SS,[loc],[dir]:\"desc\",[aidDet]" (perfSONAR, MonALISA).

import { parseAlarm } from '../tl1/alarm.ts';
import type { Tl1Notification } from '../tl1/message.ts';
import { unquote } from '../tl1/quoting.ts';
import type { CircuitAlarm } from './circuit-service.ts';

export type CienaAlarm = Omit<CircuitAlarm, 'node' | 'circuit'>;

/** Alarms of other notifications, and those that are not alarmed (NA, NR, WN), are left out. */
export function alarmsOf(notification: Tl1Notification): CienaAlarm[] {
  if (!notification.verb.startsWith('REPT ALM')) return [];
  return notification.lines.flatMap((line) => {
    const alarm = parseAlarm(line);
    if (alarm === null || alarm.severity === 'NA') return [];
    const { aid, severity, condition, text } = alarm;
    return [{ object: aid, severity, condition, text }];
  });
}

const STANDING =
  /^(.*?),(\w*):(CR|MJ|MN),([^,]*),[^,]*,\d{4}-\d\d-\d\d,\d\d:\d\d:\d\d,[^,]*,[^,]*:(".*"),?.*$/s;

/** A line of RTRV-ALM-ALL, or null when it is of another form or not alarmed. */
export function parseStandingAlarm(line: string): CienaAlarm | null {
  const [, object = '', , severity = '', condition = '', text = ''] = STANDING.exec(line) ?? [];
  if (severity === '') return null;
  return { object, severity: severity as 'CR' | 'MJ' | 'MN', condition, text: unquote(text) };
}
