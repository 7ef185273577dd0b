// The optics of one switch: mirrors that guide the light of an input to an output, at once and with some
// loss, and a power monitor at every input and output. How long mirrors take to move, and what may be asked of
// them by whom, is the business of the device that owns them. A duplex port has an input and an output.

import type { Db, Dbm } from '../src/core/quantity.ts';
import { PlantError } from './errors.ts';
import { attenuated, DARK, isSameLight, type Light } from './light.ts';

export type PortDirection = 'in' | 'out';
const SIDES: readonly PortDirection[] = ['in', 'out'];

export type PowerListener = (port: string, direction: PortDirection, power: Dbm) => void;

export class PlantSwitch {
  readonly name: string;
  readonly ports: readonly string[];
  readonly #insertionLoss: Db;
  readonly #changed: {
    connected: (i: string, o: string) => void;
    disconnected: (i: string, o: string) => void;
  };
  /** What comes in at an input, whether or not it gets past the connector. */
  readonly #arriving = new Map<string, Light>();
  readonly #obstructed = new Set<string>();
  /** By input. */
  readonly #extraLoss = new Map<string, Db>();
  /** What the monitors show for good, by side and port; null while they measure. */
  #frozen: ReadonlyMap<string, Dbm> | null = null;
  readonly #in: Map<string, Light>;
  readonly #out: Map<string, Light>;
  readonly #outputOf = new Map<string, string>();
  readonly #inputOf = new Map<string, string>();
  readonly #launches = new Map<string, (light: Light) => void>();
  readonly #listeners = new Set<PowerListener>();

  constructor(
    name: string,
    o: { ports: readonly string[]; insertionLoss: Db },
    changed: { connected: (i: string, o: string) => void; disconnected: (i: string, o: string) => void },
  ) {
    this.name = name;
    this.ports = [...o.ports];
    this.#insertionLoss = o.insertionLoss;
    this.#changed = changed;
    this.#in = new Map(o.ports.map((port) => [port, DARK]));
    this.#out = new Map(o.ports.map((port) => [port, DARK]));
    if (this.#in.size !== o.ports.length) throw new PlantError(name, 'has two ports of the same name');
  }

  hasPort(port: string): boolean {
    return this.#in.has(port);
  }

  /** What the monitor at this side of the port shows; -50 dBm in the dark. */
  power(port: string, direction: PortDirection): Dbm {
    this.#mustHave(port);
    return this.#frozen?.get(`${direction} ${port}`) ?? this.#measured(port, direction);
  }

  /** The output that the input's light goes to, or null. */
  outputOf(input: string): string | null {
    this.#mustHave(input);
    return this.#outputOf.get(input) ?? null;
  }

  /** The input whose light leaves at the output, or null. */
  inputOf(output: string): string | null {
    this.#mustHave(output);
    return this.#inputOf.get(output) ?? null;
  }

  /** Guides the light of `input` to `output` from now on. `PlantError` where either is in use with another; again the same does nothing. */
  connect(input: string, output: string): void {
    if (this.outputOf(input) === output) return;
    const busy = this.outputOf(input) !== null ? input : this.inputOf(output) !== null ? output : null;
    if (busy !== null) throw new PlantError(`${this.name}:${busy}`, 'is in another cross-connect');
    this.#outputOf.set(input, output);
    this.#inputOf.set(output, input);
    this.#changed.connected(input, output);
    this.#pass(input, output);
  }

  /** `PlantError` where there is no such cross-connect. */
  disconnect(input: string, output: string): void {
    if (this.outputOf(input) !== output)
      throw new PlantError(`${this.name}:${input}`, `is not connected to ${output}`);
    this.#outputOf.delete(input);
    this.#inputOf.delete(output);
    this.#changed.disconnected(input, output);
    this.#leave(output, DARK);
  }

  /** Input and output of each cross-connect, in the order of the ports. */
  crossConnects(): [input: string, output: string][] {
    return this.ports.flatMap((input) => {
      const output = this.#outputOf.get(input);
      return output === undefined ? [] : [[input, output] as [string, string]];
    });
  }

  /** Called at each change of power at any port, after it. Returns the way to stop that. */
  onPower(listener: PowerListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Plugs a fibre's near end into an output. */
  attach(port: string, launch: (light: Light) => void): void {
    this.#launches.set(port, launch);
    launch(this.#out.get(port) ?? DARK);
  }

  /** Light that enters at an input from now on. */
  receive(port: string, light: Light): void {
    this.#arriving.set(port, light);
    this.#enter(port, this.#obstructed.has(port) ? DARK : light);
  }

  /** An input that is obstructed is dark whatever comes. */
  obstruct(port: string, isObstructed: boolean): void {
    this.#mustHave(port);
    if (isObstructed) this.#obstructed.add(port);
    else this.#obstructed.delete(port);
    this.receive(port, this.#arriving.get(port) ?? DARK);
  }

  /** What the mirrors of this input lose more than others; null for nothing. */
  setExtraLoss(input: string, loss: Db | null): void {
    const output = this.outputOf(input);
    if (loss === null) this.#extraLoss.delete(input);
    else this.#extraLoss.set(input, loss);
    if (output !== null) this.#pass(input, output);
  }

  /** From now on the monitors show what they show now, and tell nobody of changes, until the returned function is called. */
  freezeMonitors(): () => void {
    const shown = new Map<string, Dbm>();
    for (const port of this.ports)
      for (const side of SIDES) shown.set(`${side} ${port}`, this.power(port, side));
    this.#frozen = shown;
    return () => {
      if (this.#frozen !== shown) return;
      this.#frozen = null;
      for (const port of this.ports) {
        for (const side of SIDES) {
          const power = this.#measured(port, side);
          if (power !== shown.get(`${side} ${port}`)) this.#tell(port, side, power);
        }
      }
    };
  }

  #enter(port: string, light: Light): void {
    const before = this.#in.get(port) ?? DARK;
    if (isSameLight(light, before)) return;
    this.#in.set(port, light);
    if (light.power !== before.power) this.#tell(port, 'in', light.power);
    // Looked up after the listeners, who may have moved the mirror.
    const output = this.#outputOf.get(port);
    if (output !== undefined) this.#pass(port, output);
  }

  #pass(input: string, output: string): void {
    const through = attenuated(this.#in.get(input) ?? DARK, this.#insertionLoss);
    const extra = this.#extraLoss.get(input);
    this.#leave(output, extra === undefined ? through : attenuated(through, extra));
  }

  #measured(port: string, direction: PortDirection): Dbm {
    return ((direction === 'in' ? this.#in : this.#out).get(port) ?? DARK).power;
  }

  #leave(port: string, light: Light): void {
    const before = this.#out.get(port) ?? DARK;
    if (isSameLight(light, before)) return;
    this.#out.set(port, light);
    this.#launches.get(port)?.(light);
    if (light.power !== before.power) this.#tell(port, 'out', light.power);
  }

  #tell(port: string, direction: PortDirection, power: Dbm): void {
    if (this.#frozen !== null) return;
    for (const listener of [...this.#listeners]) listener(port, direction, power);
  }

  #mustHave(port: string): void {
    if (!this.hasPort(port)) throw new PlantError(`${this.name}:${port}`, 'no such port');
  }
}
