// What a device's power listing shows: the light as it is, or as it was when the device last looked. With a
// refresh period P a reading is that of the last whole multiple of P. Keeps one value per port that changed; needs no timer.

import type { Dbm } from '../../src/core/quantity.ts';
import type { Duration } from '../../src/core/time.ts';
import type { Clock } from '../../src/platform/platform.ts';
import type { PlantSwitch, PortDirection } from '../plant-switch.ts';

export class PowerMeter {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #optics: PlantSwitch;
  #period = 0;
  #stop: () => void = () => {};
  /** By side and port: the latest power, and what it was at the last look before it changed. */
  readonly #latest = new Map<string, Dbm>();
  readonly #atLook = new Map<string, { readonly look: number; readonly power: Dbm }>();

  /** Looks until `until` is aborted: the optics outlive a controller that restarts. */
  constructor(clock: Pick<Clock, 'now'>, optics: PlantSwitch, period: Duration, until: AbortSignal) {
    this.#clock = clock;
    this.#optics = optics;
    this.setPeriod(period);
    until.addEventListener('abort', () => this.#stop(), { once: true });
  }

  /** Zero: readings are never old. */
  setPeriod(period: Duration): void {
    this.#stop();
    this.#period = period;
    this.#atLook.clear();
    if (period === 0) return;
    for (const port of this.#optics.ports)
      for (const side of ['in', 'out'] as const)
        this.#latest.set(`${side} ${port}`, this.#optics.power(port, side));
    this.#stop = this.#optics.onPower((port, side, power) => this.#changed(`${side} ${port}`, power));
  }

  read(port: string, direction: PortDirection): Dbm {
    const known = this.#period === 0 ? undefined : this.#atLook.get(`${direction} ${port}`);
    return known?.look === this.#look() ? known.power : this.#optics.power(port, direction);
  }

  #changed(key: string, power: Dbm): void {
    const look = this.#look();
    const before = this.#latest.get(key);
    if (before !== undefined && this.#atLook.get(key)?.look !== look)
      this.#atLook.set(key, { look, power: before });
    this.#latest.set(key, power);
  }

  #look(): number {
    return Math.floor(this.#clock.now() / this.#period);
  }
}
