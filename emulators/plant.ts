// The plant: the physics that neither drivers nor agents know. Transmitters send light into fibres, switches
// guide it, receivers take it; a change is followed from port to port, through each fibre with its propagation
// delay, so that light and darkness arrive late and in order. Left out: wavelengths, dispersion, amplifiers,
// reflections and noise; a power monitor shows exactly what is there.

import type { Db, Dbm, Metres } from '../src/core/quantity.ts';
import type { Clock } from '../src/platform/platform.ts';
import { PlantError } from './errors.ts';
import type { Light } from './light.ts';
import { PlantSwitch } from './plant-switch.ts';
import { Strand } from './strand.ts';
import { Terminal, type TerminalOptions } from './terminal.ts';

/** A port of a switch, or `line` of a terminal. */
export interface PlantPoint {
  readonly node: string;
  readonly port: string;
}

export type FibreDirection = 'a-to-b' | 'b-to-a' | 'both';

/** Told of each change, after it. It sees what no program of the testbed may see. */
export interface PlantObserver {
  /** `direction` holds only what was not cut before. */
  fibreCut(fibre: string, direction: FibreDirection): void;
  /** `direction` holds only what was cut before. */
  fibreRepaired(fibre: string, direction: FibreDirection): void;
  crossConnected(switchName: string, input: string, output: string): void;
  disconnected(switchName: string, input: string, output: string): void;
  /** The terminal's receiver, once lit, has no usable light any more. */
  lightLost(terminal: string): void;
  /** Enough light of `from`, over `length` of fibre, has been steady for the receiver's power-on delay. */
  lightRestored(terminal: string, from: string, length: Metres): void;
}

interface Fibre {
  readonly name: string;
  readonly aToB: Strand;
  readonly bToA: Strand;
}

export class Plant {
  readonly #clock: Pick<Clock, 'now' | 'timer'>;
  readonly #observer: Partial<PlantObserver>;
  readonly #nodes = new Map<string, PlantSwitch | Terminal>();
  readonly #fibres = new Map<string, Fibre>();
  readonly #fibreAt = new Map<string, string>();

  constructor(o: { clock: Pick<Clock, 'now' | 'timer'>; observer?: Partial<PlantObserver> }) {
    this.#clock = o.clock;
    this.#observer = o.observer ?? {};
  }

  addSwitch(name: string, o: { ports: readonly string[]; insertionLoss: Db }): PlantSwitch {
    return this.#addNode(
      name,
      new PlantSwitch(name, o, {
        connected: (input, output) => this.#observer.crossConnected?.(name, input, output),
        disconnected: (input, output) => this.#observer.disconnected?.(name, input, output),
      }),
    );
  }

  /** Its transmitter is on from the start. */
  addTerminal(name: string, o: TerminalOptions): Terminal {
    return this.#addNode(
      name,
      new Terminal(name, o, this.#clock, {
        lost: () => this.#observer.lightLost?.(name),
        restored: (from, length) => this.#observer.lightRestored?.(name, from, length),
      }),
    );
  }

  /** A pair of strands, one each way. `PlantError` where a point does not exist or has a fibre already. */
  addFibre(name: string, o: { a: PlantPoint; b: PlantPoint; length: Metres; loss: Db }): void {
    if (this.#fibres.has(name)) throw new PlantError(name, 'there is a fibre of this name already');
    if (isSamePoint(o.a, o.b)) throw new PlantError(name, `both ends are at ${pointName(o.a)}`);
    for (const point of [o.a, o.b]) this.#mustBeFree(point, name);
    const strand = (to: PlantPoint): Strand =>
      new Strand({ clock: this.#clock, length: o.length, loss: o.loss, deliver: this.#inlet(to) });
    const fibre: Fibre = { name, aToB: strand(o.b), bToA: strand(o.a) };
    for (const point of [o.a, o.b]) this.#fibreAt.set(pointName(point), name);
    this.#fibres.set(name, fibre);
    this.#attach(o.a, fibre.aToB);
    this.#attach(o.b, fibre.bToA);
  }

  /** Cuts both directions, or one, at a share of the length from end a (the middle, if not said). What is cut stays so. */
  cut(fibre: string, o: { direction?: FibreDirection; at?: number } = {}): void {
    const { aToB, bToA } = this.#fibre(fibre);
    const at = o.at ?? 0.5;
    if (!(at >= 0 && at <= 1))
      throw new PlantError(fibre, `a cut lies at a share of 0 to 1 of the length, not ${at}`);
    const changed = each(o.direction ?? 'both', {
      'a-to-b': () => aToB.cut(at),
      'b-to-a': () => bToA.cut(1 - at),
    });
    if (changed !== null) this.#observer.fibreCut?.(fibre, changed);
  }

  /** What is whole stays so. */
  repair(fibre: string, direction: FibreDirection = 'both'): void {
    const { aToB, bToA } = this.#fibre(fibre);
    const changed = each(direction, { 'a-to-b': () => aToB.repair(), 'b-to-a': () => bToA.repair() });
    if (changed !== null) this.#observer.fibreRepaired?.(fibre, changed);
  }

  /** Which directions are cut now, or null. */
  cutDirection(fibre: string): FibreDirection | null {
    const { aToB, bToA } = this.#fibre(fibre);
    return each('both', { 'a-to-b': () => aToB.isCut, 'b-to-a': () => bToA.isCut });
  }

  setTransmitter(terminal: string, isOn: boolean, launchPower?: Dbm): void {
    this.terminal(terminal).setTransmitter(isOn, launchPower);
  }

  terminal(name: string): Terminal {
    const node = this.#nodes.get(name);
    if (!(node instanceof Terminal)) throw new PlantError(name, 'no such terminal');
    return node;
  }

  switch(name: string): PlantSwitch {
    const node = this.#nodes.get(name);
    if (!(node instanceof PlantSwitch)) throw new PlantError(name, 'no such switch');
    return node;
  }

  #addNode<T extends PlantSwitch | Terminal>(name: string, node: T): T {
    if (this.#nodes.has(name))
      throw new PlantError(name, 'there is a switch or terminal of this name already');
    this.#nodes.set(name, node);
    return node;
  }

  #fibre(name: string): Fibre {
    const fibre = this.#fibres.get(name);
    if (fibre === undefined) throw new PlantError(name, 'no such fibre');
    return fibre;
  }

  #mustBeFree(point: PlantPoint, fibre: string): void {
    const node = this.#nodes.get(point.node);
    if (node === undefined)
      throw new PlantError(pointName(point), `fibre ${fibre} ends at an unknown switch or terminal`);
    const hasPort = node instanceof Terminal ? point.port === 'line' : node.hasPort(point.port);
    if (!hasPort) throw new PlantError(pointName(point), `fibre ${fibre} ends at an unknown port`);
    const other = this.#fibreAt.get(pointName(point));
    if (other !== undefined)
      throw new PlantError(pointName(point), `both fibre ${other} and fibre ${fibre} end here`);
  }

  #inlet(point: PlantPoint): (light: Light) => void {
    const node = this.#nodes.get(point.node);
    if (node instanceof Terminal) return (light) => node.receive(light);
    return (light) => node?.receive(point.port, light);
  }

  #attach(point: PlantPoint, strand: Strand): void {
    const node = this.#nodes.get(point.node);
    const launch = (light: Light): void => strand.launch(light);
    if (node instanceof Terminal) node.attach(launch);
    else node?.attach(point.port, launch);
  }
}

const pointName = (point: PlantPoint): string => `${point.node}:${point.port}`;
const isSamePoint = (a: PlantPoint, b: PlantPoint): boolean => a.node === b.node && a.port === b.port;

/** Acts on each direction that is meant; the directions for which that said true, or null. */
function each(
  direction: FibreDirection,
  act: Record<'a-to-b' | 'b-to-a', () => boolean>,
): FibreDirection | null {
  const forth = direction !== 'b-to-a' && act['a-to-b']();
  const back = direction !== 'a-to-b' && act['b-to-a']();
  if (forth && back) return 'both';
  return forth ? 'a-to-b' : back ? 'b-to-a' : null;
}
