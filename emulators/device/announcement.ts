// What a device says of its own accord: a notification without what the device adds to each (SID, time, ATAG).

import type { AlarmCode } from '../../src/tl1/message.ts';

export interface Announcement {
  readonly alarmCode: AlarmCode;
  /** With its modifiers: `REPT ALM EQPT`. */
  readonly verb: string;
  readonly lines: readonly string[];
}
