// The cross-connects of all devices of a site at one moment, as a model that changes are tried on: where light
// goes from an input, and where it comes from at an output.

import type { SwitchFamily } from '../optical/families.ts';
import type { SiteCrossConnect } from './site.ts';

/** One way through a device. */
export interface Link {
  readonly input: string;
  readonly output: string;
}

export interface DeviceLink extends Link {
  readonly device: string;
}

export class Links {
  readonly #outputs = new Map<string, Map<string, string>>();
  readonly #inputs = new Map<string, Map<string, string>>();

  constructor(links: Iterable<DeviceLink> = []) {
    for (const link of links) this.add(link);
  }

  outputOf(device: string, input: string): string | null {
    return this.#outputs.get(device)?.get(input) ?? null;
  }

  inputOf(device: string, output: string): string | null {
    return this.#inputs.get(device)?.get(output) ?? null;
  }

  has({ device, input, output }: DeviceLink): boolean {
    return this.outputOf(device, input) === output;
  }

  /** Whether light of another link passes the port, either way. */
  isInUse(device: string, port: string): boolean {
    return this.outputOf(device, port) !== null || this.inputOf(device, port) !== null;
  }

  /** What holds an end of `link`, other than itself; or null. */
  conflict({ device, input, output }: DeviceLink): DeviceLink | null {
    const to = this.outputOf(device, input);
    if (to !== null && to !== output) return { device, input, output: to };
    const from = this.inputOf(device, output);
    return from === null || from === input ? null : { device, input: from, output };
  }

  add({ device, input, output }: DeviceLink): void {
    mapAt(this.#outputs, device).set(input, output);
    mapAt(this.#inputs, device).set(output, input);
  }

  remove({ device, input, output }: DeviceLink): void {
    this.#outputs.get(device)?.delete(input);
    this.#inputs.get(device)?.delete(output);
  }

  all(): DeviceLink[] {
    return [...this.#outputs].flatMap(([device, outputs]) =>
      [...outputs].map(([input, output]) => ({ device, input, output })),
    );
  }

  copy(): Links {
    return new Links(this.all());
  }
}

export const linkName = ({ device, input, output }: DeviceLink): string => `${device} ${input}→${output}`;

/** Each way by itself. */
export function waysOf({ device, input, output, way }: SiteCrossConnect): DeviceLink[] {
  const there = { device, input, output };
  return way === 'one' || input === output ? [there] : [there, { device, input: output, output: input }];
}

/** Families whose one command makes or removes both ways of a connection; of the others each way is a step of its own, with an undo of its own. */
export const changesBothWays = (family: SwitchFamily): boolean =>
  family === 'calient' || family === 'calient-s';

function mapAt(maps: Map<string, Map<string, string>>, key: string): Map<string, string> {
  const known = maps.get(key) ?? new Map<string, string>();
  maps.set(key, known);
  return known;
}
