// The named connections of a Calient: each is one cross-connect or two, in a group. It is entered, which takes its
// ports, and activated, which moves its mirrors; a PXC does both at once. Whatever the mirrors hold when the controller
// starts is taken over, opposite ways as one two-way connection: a real controller keeps the names.

import type { CalientConnection } from './calient-lines.ts';
import { connectionName } from './calient-lines.ts';
import type { Mirrors } from './device/mirrors.ts';
import type { PowerWatch } from './device/power-watch.ts';
import type { PlantSwitch, PortDirection } from './plant-switch.ts';

/** The group that a connection is in unless its maker says otherwise (Pynt, cloudshell-L1-calient). */
export const SYSTEM_GROUP = 'SYSTEM';

export interface NamedConnection extends CalientConnection {
  readonly name: string;
  readonly group: string;
  isActive: boolean;
}

export class CalientConnections {
  readonly #optics: PlantSwitch;
  readonly #mirrors: Mirrors;
  readonly #watch: PowerWatch;
  /** By name, in the order in which they were made. */
  readonly #connections = new Map<string, NamedConnection>();
  /** By input, and by output. */
  readonly #users: Readonly<Record<PortDirection, Map<string, NamedConnection>>> = {
    in: new Map(),
    out: new Map(),
  };

  constructor(optics: PlantSwitch, mirrors: Mirrors, watch: PowerWatch) {
    this.#optics = optics;
    this.#mirrors = mirrors;
    this.#watch = watch;
    for (const [source, destination] of optics.crossConnects()) {
      const isTwoWay = optics.outputOf(destination) === source && source !== destination;
      if (!isTwoWay || !this.#connections.has(`${destination}-${source}`))
        this.#add({ source, destination, isTwoWay }, SYSTEM_GROUP).isActive = true;
    }
  }

  list(): readonly NamedConnection[] {
    return [...this.#connections.values()];
  }

  named(name: string): NamedConnection | null {
    return this.#connections.get(name) ?? null;
  }

  /** The name of the connection that this side of a port is in, or null. */
  nameAt(port: string, direction: PortDirection): string | null {
    return this.#users[direction].get(port)?.name ?? null;
  }

  /** Takes the ports. Null where one is absent or busy. */
  enter(c: CalientConnection, group: string): NamedConnection | null {
    const areThere = this.#optics.hasPort(c.source) && this.#optics.hasPort(c.destination);
    if (!areThere || (c.isTwoWay && c.source === c.destination)) return null;
    const isFree = ways(c).every(
      ([input, output]) => !this.#users.in.has(input) && !this.#users.out.has(output),
    );
    return isFree ? this.#add(c, group) : null;
  }

  /** Removes whatever holds a port that these want. */
  clear(wanted: readonly CalientConnection[]): void {
    for (const [input, output] of wanted.flatMap(ways)) {
      const holders = [this.#users.in.get(input), this.#users.out.get(output)];
      for (const holder of new Set(holders)) if (holder !== undefined) this.remove(holder);
    }
  }

  /** Moves the mirrors; resolves when they have settled. It must not be active. */
  async activate(c: NamedConnection): Promise<void> {
    c.isActive = true;
    await Promise.all(ways(c).map((way) => this.#connect(way)));
  }

  /** Darkens it, and keeps its ports. */
  deactivate(c: NamedConnection): void {
    if (!c.isActive) return;
    c.isActive = false;
    for (const [input, output] of ways(c)) {
      this.#mirrors.disconnect(input, output);
      this.#watch.wentOutOfUse(input);
    }
  }

  remove(c: NamedConnection): void {
    this.deactivate(c);
    this.#connections.delete(c.name);
    for (const [input, output] of ways(c)) {
      this.#users.in.delete(input);
      this.#users.out.delete(output);
    }
  }

  /** Whether it is active and its mirrors stand. */
  isSettled(c: CalientConnection): boolean {
    return ways(c).every(([input, output]) => this.#optics.outputOf(input) === output);
  }

  #add(c: CalientConnection, group: string): NamedConnection {
    const { source, destination, isTwoWay } = c;
    const made = { source, destination, isTwoWay, name: connectionName(c), group, isActive: false };
    this.#connections.set(made.name, made);
    for (const [input, output] of ways(c)) {
      this.#users.in.set(input, made);
      this.#users.out.set(output, made);
    }
    return made;
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
