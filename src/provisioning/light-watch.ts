// Watches the light at the ports in use: by alarm where the switch sends them, by polling power otherwise, and
// by a quicker poll while light is awaited, of the awaited ports alone where alarms tell of the others: some switches
// are asked port by port. A poll that fails or takes too long says nothing about light.

import type { Dbm } from '../core/quantity.ts';
import { after, between, type Duration, EPOCH, type Instant } from '../core/time.ts';
import type { OpticalSwitch, PowerReading, SwitchNotification } from '../optical/switch.ts';
import type { Clock } from '../platform/platform.ts';
import type { Detection } from './agent-config.ts';
import type { LightChange, LossDetector } from './loss-detector.ts';
import type { AgentTimings } from './timings.ts';

export interface LightWatchOptions {
  readonly clock: Clock;
  readonly device: Pick<OpticalSwitch, 'sendsAlarms' | 'subscribe'>;
  /** Rejects when it takes too long, or cannot be read. */
  readonly power: (ports: readonly string[]) => Promise<readonly PowerReading[]>;
  readonly detector: LossDetector;
  readonly timings: AgentTimings;
  /** Of a switch that sends no alarms, `alarm` is `poll`. */
  readonly detection: Detection;
  readonly changed: (port: string, change: LightChange, power: Dbm | null, by: 'alarm' | 'poll') => void;
  /** The ports at which somebody waits to hear that light is there, path by path, who waits longest first. */
  readonly awaited: () => readonly (readonly string[])[];
  /** These ports have been read by a poll that began at that instant. */
  readonly polled: (ports: readonly string[], began: Instant) => void;
}

export class LightWatch {
  readonly #o: LightWatchOptions;
  #hurryUntil: Instant = EPOCH;
  #isHurried = false;
  /** Ends the pause before the next poll. */
  #endPause = (): void => {};
  /** Of each port: when the alarm came, or the poll began, that was its last word. */
  readonly #heardAt = new Map<string, Instant>();

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

  run(): Promise<never> {
    return this.#areAlarmsTold
      ? Promise.race([this.#pollAwaitedForEver(), this.#pollAllForEver()])
      : this.#pollForEver();
  }

  /** Without alarms every poll is of all ports, and comes the sooner while light is awaited. */
  async #pollForEver(): Promise<never> {
    const { clock, detector, timings } = this.#o;
    for (;;) {
      const began = clock.now();
      this.#isHurried = false;
      await this.#poll(detector.ports, began);
      const isAwaiting = this.#isInHurry() && this.#isAwaited();
      const period = isAwaiting ? timings.pollPeriodAwaiting : (this.#fading() ?? timings.pollPeriod);
      if (!this.#isHurried) await this.#pause(after(began, period));
      await this.#letTimePass(began);
    }
  }

  async #pollAllForEver(): Promise<never> {
    const { clock, detector, timings } = this.#o;
    for (;;) {
      const began = clock.now();
      await this.#poll(detector.ports, began);
      const until = after(began, this.#fading() ?? timings.pollPeriodWithAlarms);
      if (until > clock.now()) await clock.sleep(between(clock.now(), until));
      await this.#letTimePass(began);
    }
  }

  async #pollAwaitedForEver(): Promise<never> {
    const { clock, timings } = this.#o;
    for (;;) {
      const began = clock.now();
      this.#isHurried = false;
      if (this.#isInHurry()) await this.#pollAwaited();
      const isAwaiting = this.#isInHurry() && this.#isAwaited();
      const period = isAwaiting ? timings.pollPeriodAwaiting : timings.pollPeriodWithAlarms;
      if (!this.#isHurried) await this.#pause(after(began, period));
      await this.#letTimePass(began);
    }
  }

  /** A switch that answers at once, polled at a period of nothing, must not stop the clock. */
  async #letTimePass(since: Instant): Promise<void> {
    const { clock, timings } = this.#o;
    if (clock.now() === since) await clock.sleep(timings.pollPeriodAwaiting);
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

  get #areAlarmsTold(): boolean {
    return this.#o.device.sendsAlarms && this.#o.detection !== 'poll';
  }

  #isInHurry(): boolean {
    return this.#o.clock.now() < this.#hurryUntil;
  }

  /** The pause before ports that seem to lose their light are read again, if there are any. */
  #fading(): Duration | null {
    const { detector, timings } = this.#o;
    const isFading = detector.ports.some((port) => detector.state(port) === 'fading');
    return isFading && timings.holdOff > 0 ? timings.holdOff : null;
  }

  #isAwaited(): boolean {
    return this.#o.awaited().length > 0 || this.#dark().length > 0;
  }

  #dark(): string[] {
    const { detector } = this.#o;
    return detector.ports.filter((port) => detector.state(port) === 'awaiting');
  }

  /** A poll for each path, so that none waits until many others have been asked about; those that join are asked, too. */
  async #pollAwaited(): Promise<void> {
    const { clock, awaited } = this.#o;
    const asked = new Set<string>();
    const isAsked = (port: string): boolean => asked.has(port);
    for (;;) {
      const ports = awaited().find((of) => !of.every(isAsked)) ?? this.#dark().filter((p) => !isAsked(p));
      if (ports.length === 0) return;
      for (const port of ports) asked.add(port);
      await this.#poll(ports, clock.now());
    }
  }

  async #poll(ports: readonly string[], began: Instant): Promise<void> {
    if (ports.length === 0) return;
    const readings = await this.#o.power(ports).catch(() => null);
    if (readings === null) return;
    for (const reading of readings) this.#take(reading, began);
    this.#o.polled(ports, began);
  }

  #take({ port, direction, power }: PowerReading, began: Instant): void {
    // An alarm, or another poll, that came while this one was under way is newer than the reading.
    const { detector, device, detection } = this.#o;
    // Where alarms alone count, readings show light, and no loss of it.
    if (detection === 'alarm' && device.sendsAlarms && power < detector.thresholdOf(port)) return;
    if (direction !== 'in' || (this.#heardAt.get(port) ?? -1) >= began) return;
    this.#heardAt.set(port, began);
    const change = detector.reading(port, power, this.#o.clock.now());
    if (change !== null) this.#o.changed(port, change, power, 'poll');
  }

  /** CR, MJ and MN are loss, CL its end, as in G2MPLS's Calient plug-in; a mere degradation is neither. */
  #heard({ port, direction, severity, condition }: SwitchNotification): void {
    if (this.#o.detection === 'poll') return;
    if (direction !== 'in' || this.#o.detector.state(port) === null || /DEGR/i.test(condition)) return;
    const now = this.#o.clock.now();
    this.#heardAt.set(port, now);
    const change = this.#o.detector.alarm(port, severity !== 'CL', now);
    if (change !== null) this.#o.changed(port, change, null, 'alarm');
  }
}
