// The named connections of a Calient: each is one cross-connect or two. Whatever the mirrors hold when the
// controller starts is taken over, opposite ways as one two-way connection: a real controller keeps the names.

import type { CalientConnection } from './calient-lines.ts';
import { connectionName } from './calient-lines.ts';
import type { Mirrors } from './device/mirrors.ts';
import type { PowerWatch } from './device/power-watch.ts';
import type { PlantSwitch, PortDirection } from './plant-switch.ts';

export class CalientConnections {
  readonly #optics: PlantSwitch;
  readonly #mirrors: Mirrors;
  readonly #watch: PowerWatch;
  /** By name, in the order in which they were made. */
  readonly #connections = new Map<string, CalientConnection>();

  constructor(optics: PlantSwitch, mirrors: Mirrors, watch: PowerWatch) {
    this.#optics = optics;
    this.#mirrors = mirrors;
    this.#watch = watch;
    for (const [source, destination] of optics.crossConnects()) {
      const isTwoWay = optics.outputOf(destination) === source && source !== destination;
      if (!isTwoWay || !this.#connections.has(`${destination}-${source}`))
        this.#add({ source, destination, isTwoWay });
    }
  }

  list(): readonly CalientConnection[] {
    return [...this.#connections.values()];
  }

  named(name: string): CalientConnection | null {
    return this.#connections.get(name) ?? null;
  }

  /** The name of the connection that this side of a port is in, or null. */
  nameAt(port: string, direction: PortDirection): string | null {
    const at = direction === 'in' ? 0 : 1;
    const found = this.list().find((c) => ways(c).some((way) => way[at] === port));
    return found === undefined ? null : connectionName(found);
  }

  /** Null where a port is absent or busy; otherwise resolves when the mirrors have settled. */
  make(c: CalientConnection): Promise<void> | null {
    const areThere = this.#optics.hasPort(c.source) && this.#optics.hasPort(c.destination);
    if (!areThere || (c.isTwoWay && c.source === c.destination)) return null;
    const isFree = ways(c).every(
      ([input, output]) => this.#mirrors.outputOf(input) === null && this.#mirrors.inputOf(output) === null,
    );
    if (!isFree) return null;
    this.#add(c);
    return Promise.all(ways(c).map((way) => this.#connect(way))).then(() => {});
  }

  remove(c: CalientConnection): void {
    this.#connections.delete(connectionName(c));
    for (const [input, output] of ways(c)) {
      this.#mirrors.disconnect(input, output);
      this.#watch.wentOutOfUse(input);
    }
  }

  /** Whether its mirrors stand. */
  isSettled(c: CalientConnection): boolean {
    return ways(c).every(([input, output]) => this.#optics.outputOf(input) === output);
  }

  #add(c: CalientConnection): void {
    this.#connections.set(connectionName(c), c);
  }

  async #connect([input, output]: readonly [string, string]): Promise<void> {
    await this.#mirrors.connect(input, output);
    if (this.#optics.outputOf(input) === output) this.#watch.cameIntoUse(input);
  }
}

const ways = ({ source, destination, isTwoWay }: CalientConnection): [input: string, output: string][] =>
  isTwoWay
    ? [
        [source, destination],
        [destination, source],
      ]
    : [[source, destination]];
