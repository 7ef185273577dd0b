// The optics of one switch: mirrors that guide the light of an input to an output, at once and with some
// loss, and a power monitor at every input and output. How long mirrors take to move, and what may be asked of
// them by whom, is the business of the device that owns them. A duplex port has an input and an output.

import type { Db, Dbm } from '../src/core/quantity.ts';
import { PlantError } from './errors.ts';
import { attenuated, DARK, isSameLight, type Light } from './light.ts';

export type PortDirection = 'in' | 'out';
export type PowerListener = (port: string, direction: PortDirection, power: Dbm) => void;

export class PlantSwitch {
  readonly name: string;
  readonly ports: readonly string[];
  readonly #insertionLoss: Db;
  readonly #changed: {
    connected: (i: string, o: string) => void;
    disconnected: (i: string, o: string) => void;
  };
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
    return ((direction === 'in' ? this.#in : this.#out).get(port) ?? DARK).power;
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
    this.#leave(output, attenuated(this.#in.get(input) ?? DARK, this.#insertionLoss));
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
    const before = this.#in.get(port) ?? DARK;
    if (isSameLight(light, before)) return;
    this.#in.set(port, light);
    if (light.power !== before.power) this.#tell(port, 'in', light.power);
    // Looked up after the listeners, who may have moved the mirror.
    const output = this.#outputOf.get(port);
    if (output !== undefined) this.#leave(output, attenuated(light, this.#insertionLoss));
  }

  #leave(port: string, light: Light): void {
    const before = this.#out.get(port) ?? DARK;
    if (isSameLight(light, before)) return;
    this.#out.set(port, light);
    this.#launches.get(port)?.(light);
    if (light.power !== before.power) this.#tell(port, 'out', light.power);
  }

  #tell(port: string, direction: PortDirection, power: Dbm): void {
    for (const listener of [...this.#listeners]) listener(port, direction, power);
  }

  #mustHave(port: string): void {
    if (!this.hasPort(port)) throw new PlantError(`${this.name}:${port}`, 'no such port');
  }
}
