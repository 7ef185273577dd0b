// Watches the light at the ports in use: by alarm where the switch sends them, by polling power otherwise, and
// by a quicker poll while light is awaited. A poll that fails or takes too long says nothing about light.

import type { Dbm } from '../core/quantity.ts';
import { after, between, type Duration, EPOCH, type Instant } from '../core/time.ts';
import type { OpticalSwitch, PowerReading, SwitchNotification } from '../optical/switch.ts';
import { withDeadline } from '../platform/deadline.ts';
import type { Clock } from '../platform/platform.ts';
import type { Detection } from './agent-config.ts';
import type { LightChange, LossDetector } from './loss-detector.ts';
import type { AgentTimings } from './timings.ts';

export interface LightWatchOptions {
  readonly clock: Clock;
  readonly device: OpticalSwitch;
  readonly detector: LossDetector;
  readonly timings: AgentTimings;
  /** Of a switch that sends no alarms, `alarm` is `poll`. */
  readonly detection: Detection;
  readonly changed: (port: string, change: LightChange, power: Dbm | null, by: 'alarm' | 'poll') => void;
  /** Whether anybody waits to hear that light is there. */
  readonly isAwaited: () => boolean;
  /** All ports in use have been read by a poll that began at that instant. */
  readonly polled: (began: Instant) => void;
}

export class LightWatch {
  readonly #o: LightWatchOptions;
  #hurryUntil: Instant = EPOCH;
  #isHurried = false;
  /** Ends the pause before the next poll. */
  #endPause = (): void => {};
  readonly #alarmedAt = new Map<string, Instant>();

  constructor(options: LightWatchOptions) {
    this.#o = options;
    options.device.subscribe((notification) => this.#heard(notification));
  }

  /** Polls quickly for a while from now on, as long as light is awaited. */
  hurry(): void {
    this.#hurryUntil = after(this.#o.clock.now(), this.#o.timings.firstLight);
    this.#isHurried = true;
    this.#endPause();
  }

  async run(): Promise<never> {
    const { clock, detector } = this.#o;
    for (;;) {
      const began = clock.now();
      this.#isHurried = false;
      if (detector.ports.length > 0) await this.#poll(began);
      if (!this.#isHurried) await this.#pause(after(began, this.#period()));
      // A switch that answers at once, polled at a period of nothing, must not stop the clock.
      if (clock.now() === began) await clock.sleep(this.#o.timings.pollPeriodAwaiting);
    }
  }

  /** A timer of its own: an abort signal for each of many short pauses costs more than the poll. */
  #pause(until: Instant): Promise<void> {
    const { clock } = this.#o;
    const now = clock.now();
    if (until <= now) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = clock.timer(between(now, until), resolve);
      this.#endPause = () => {
        timer.cancel();
        resolve();
      };
    });
  }

  #period(): Duration {
    const { clock, device, detector, timings } = this.#o;
    const isHurried = clock.now() < this.#hurryUntil && this.#isAwaited();
    if (isHurried) return timings.pollPeriodAwaiting;
    const isFading = detector.ports.some((port) => detector.state(port) === 'fading');
    if (isFading && timings.holdOff > 0) return timings.holdOff;
    const areAlarmsTold = device.sendsAlarms && this.#o.detection !== 'poll';
    return areAlarmsTold ? timings.pollPeriodWithAlarms : timings.pollPeriod;
  }

  #isAwaited(): boolean {
    const { detector, isAwaited } = this.#o;
    return isAwaited() || detector.ports.some((port) => detector.state(port) === 'awaiting');
  }

  async #poll(began: Instant): Promise<void> {
    const { clock, device, detector, timings } = this.#o;
    const readings = await withDeadline(clock, timings.deviceLimit, 'poll port power', () =>
      device.readPower(detector.ports),
    ).catch(() => null);
    if (readings === null) return;
    for (const reading of readings) this.#take(reading, began);
    this.#o.polled(began);
  }

  #take({ port, direction, power }: PowerReading, began: Instant): void {
    // An alarm that came while the poll was under way is newer than the reading.
    const { detector, device, detection } = this.#o;
    // Where alarms alone count, readings show light, and no loss of it.
    if (detection === 'alarm' && device.sendsAlarms && power < detector.thresholdOf(port)) return;
    if (direction !== 'in' || (this.#alarmedAt.get(port) ?? -1) >= began) return;
    const change = detector.reading(port, power, this.#o.clock.now());
    if (change !== null) this.#o.changed(port, change, power, 'poll');
  }

  /** CR, MJ and MN are loss, CL its end, as in G2MPLS's Calient plug-in; a mere degradation is neither. */
  #heard({ port, direction, severity, condition }: SwitchNotification): void {
    if (this.#o.detection === 'poll') return;
    if (direction !== 'in' || this.#o.detector.state(port) === null || /DEGR/i.test(condition)) return;
    const now = this.#o.clock.now();
    this.#alarmedAt.set(port, now);
    const change = this.#o.detector.alarm(port, severity !== 'CL', now);
    if (change !== null) this.#o.changed(port, change, null, 'alarm');
  }
}
