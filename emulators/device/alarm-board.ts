// The standing alarms of a device: a condition of a port becomes an alarm, or stops being one, when it has
// lasted for the alarm latency; each change is announced once, a clearing with CL.

import type { Duration, WallTime } from '../../src/core/time.ts';
import type { Clock, Timer } from '../../src/platform/platform.ts';
import { alarmCodeOf, formatAlarm, type Tl1Alarm } from '../../src/tl1/alarm.ts';
import { headerTime } from '../../src/tl1/calendar.ts';
import type { Announcement } from './announcement.ts';

export type AlarmKind = Pick<
  Tl1Alarm,
  'severity' | 'condition' | 'serviceEffect' | 'location' | 'direction' | 'text'
>;

export class AlarmBoard {
  readonly #clock: Pick<Clock, 'timer' | 'wall'>;
  readonly #latency: Duration;
  readonly #verb: string;
  readonly #kind: AlarmKind;
  readonly #announce: (announcement: Announcement) => void;
  /** By AID, in the order in which they were raised. */
  readonly #standing = new Map<string, Tl1Alarm>();
  readonly #pending = new Map<string, Timer>();

  constructor(o: {
    clock: Pick<Clock, 'timer' | 'wall'>;
    latency: Duration;
    /** `REPT ALM EQPT` */
    verb: string;
    kind: AlarmKind;
    announce: (announcement: Announcement) => void;
  }) {
    this.#clock = o.clock;
    this.#latency = o.latency;
    this.#verb = o.verb;
    this.#kind = o.kind;
    this.#announce = o.announce;
  }

  isStanding(aid: string): boolean {
    return this.#standing.has(aid);
  }

  /** As RTRV-ALM-ALL lists them. */
  lines(): string[] {
    return [...this.#standing.values()].map(formatAlarm);
  }

  /** The condition of `aid` from now on. */
  update(aid: string, isAlarmed: boolean): void {
    const isSettled = isAlarmed === this.isStanding(aid);
    const pending = this.#pending.get(aid);
    if (isSettled) {
      pending?.cancel();
      this.#pending.delete(aid);
    } else if (pending === undefined) {
      this.#pending.set(
        aid,
        this.#clock.timer(this.#latency, () => this.#change(aid, isAlarmed)),
      );
    }
  }

  #change(aid: string, isAlarmed: boolean): void {
    this.#pending.delete(aid);
    const alarm: Tl1Alarm = { aid, ...this.#kind, ...occurrence(this.#clock.wall()) };
    if (isAlarmed) this.#standing.set(aid, alarm);
    else this.#standing.delete(aid);
    const told: Tl1Alarm = isAlarmed ? alarm : { ...alarm, severity: 'CL' };
    this.#announce({ alarmCode: alarmCodeOf(told.severity), verb: this.#verb, lines: [formatAlarm(told)] });
  }
}

/** `MM-DD` and `HH-MM-SS`, as GR-833 writes them. */
function occurrence(wall: WallTime): { date: string; time: string } {
  const { date, time } = headerTime(wall);
  return { date: date.slice(3), time: time.replaceAll(':', '-') };
}
