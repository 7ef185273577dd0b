// Which inputs have light, by a threshold with hysteresis, and which cross-connects have had light since they
// were made: what a device's states and alarms are made of.

import type { Db, Dbm } from '../../src/core/quantity.ts';
import type { PlantSwitch } from '../plant-switch.ts';

export class PowerWatch {
  readonly #optics: PlantSwitch;
  readonly #threshold: Dbm;
  readonly #hysteresis: Db;
  #changed: (port: string) => void = () => {};
  readonly #lit = new Set<string>();
  readonly #hasCarried = new Set<string>();

  /** Watches until `until` is aborted: the optics outlive a controller that restarts. */
  constructor(o: { optics: PlantSwitch; threshold: Dbm; hysteresis: Db; until: AbortSignal }) {
    this.#optics = o.optics;
    this.#threshold = o.threshold;
    this.#hysteresis = o.hysteresis;
    for (const port of o.optics.ports) if (o.optics.power(port, 'in') >= o.threshold) this.#lit.add(port);
    for (const [input] of o.optics.crossConnects()) this.cameIntoUse(input);
    const stop = o.optics.onPower((port, direction, power) => {
      if (direction === 'in') this.#measured(port, power);
    });
    o.until.addEventListener('abort', stop, { once: true });
  }

  /** `listener` is called with an input port after its light, or its use, came or went. */
  onChange(listener: (port: string) => void): void {
    this.#changed = listener;
  }

  isLit(port: string): boolean {
    return this.#lit.has(port);
  }

  /** Whether the input's present cross-connect has had light since it was made. */
  hasCarried(port: string): boolean {
    return this.#hasCarried.has(port);
  }

  /** Whether it is in a cross-connect that had light and has none. */
  hasLost(port: string): boolean {
    return this.hasCarried(port) && !this.isLit(port);
  }

  /** To be told of each cross-connect once its mirrors have settled. */
  cameIntoUse(input: string): void {
    if (this.isLit(input)) this.#hasCarried.add(input);
    this.#changed(input);
  }

  wentOutOfUse(input: string): void {
    this.#hasCarried.delete(input);
    this.#changed(input);
  }

  #measured(port: string, power: Dbm): void {
    const isLit = power >= this.#threshold + (this.isLit(port) ? 0 : this.#hysteresis);
    if (isLit === this.isLit(port)) return;
    if (isLit) this.#lit.add(port);
    else this.#lit.delete(port);
    if (isLit && this.#optics.outputOf(port) !== null) this.#hasCarried.add(port);
    this.#changed(port);
  }
}
