// Instants of the calendar as logs and files write them: ISO 8601 in UTC, to the ms.

import { type WallTime, wallMs } from '../core/time.ts';
import { headerTime } from '../tl1/calendar.ts';

/** Of this century, as a TL1 header has it. */
export function timeText(at: WallTime): string {
  const { date, time } = headerTime(at);
  return `20${date}T${time}.${String(wallMs(at) % 1000).padStart(3, '0')}Z`;
}
