// The light of an emulated laboratory, by the names that a person uses: fibres, transceivers and ports. A port
// that no fibre of the description ends at has a lamp of its own, dark until it is asked for, so that power and
// alarms can be tried on any port; the lamp and its fibre have the port's name, `gva/5`.

import { families } from '../../emulators/families.ts';
import { DARK_POWER } from '../../emulators/light.ts';
import { type FibreDirection, Plant, type PlantPoint } from '../../emulators/plant.ts';
import type { PlantSwitch } from '../../emulators/plant-switch.ts';
import { type Dbm, db, dbm, metres } from '../core/quantity.ts';
import { ZERO } from '../core/time.ts';
import type { Clock } from '../platform/platform.ts';
import type { FibreEnd } from '../scenario/schema.ts';
import { nearMiss } from '../scenario/suggest.ts';
import type { LabDescription } from './emulate-file.ts';
import { UsageError } from './exit-code.ts';

/** `in` and `out` are seen from a port, the others from a fibre's first end. */
export const CUT_DIRECTIONS = ['both', 'a-to-b', 'b-to-a', 'in', 'out'] as const;
export type CutDirection = (typeof CUT_DIRECTIONS)[number];

/** About what the lit ports of the transcript of 2016 show (cloudshell-L1-glimmerglass: -3.20). */
const LAMP_POWER = dbm(-3);

export interface FibreState {
  readonly fibre: string;
  readonly ends: readonly [string, string];
  /** What is cut of it. */
  readonly cut: FibreDirection | null;
}

export interface TransmitterState {
  readonly transmitter: string;
  readonly isOn: boolean;
  /** What arrives at its receiver; null for a lamp, which has none. */
  readonly received: Dbm | null;
}

export interface PortPower {
  readonly port: string;
  readonly in: Dbm;
  readonly out: Dbm;
}

interface Fibre {
  readonly name: string;
  readonly a: string;
  readonly b: string;
  readonly isLamp: boolean;
}

export class LabPlant {
  readonly #plant: Plant;
  readonly #switches: readonly PlantSwitch[];
  readonly #fibres = new Map<string, Fibre>();
  readonly #fibreAt = new Map<string, Fibre>();
  /** Transmitters that shine, and those that could. */
  readonly #isOn = new Map<string, boolean>();

  constructor(lab: LabDescription, clock: Pick<Clock, 'now' | 'timer'>) {
    this.#plant = new Plant({ clock });
    this.#switches = lab.switches.map(({ name, family, ports, insertionLoss }) => {
      const { portLabels, insertionLoss: usual } = families[family];
      return this.#plant.addSwitch(name, {
        ports: portLabels(ports),
        insertionLoss: insertionLoss ?? usual,
      });
    });
    for (const { name, transceiver } of lab.hosts) {
      if (transceiver === undefined) continue;
      const { power, sensitivity, powerOn } = transceiver;
      this.#plant.addTerminal(name, { launchPower: power, sensitivity, powerOnDelay: powerOn });
      this.#isOn.set(name, true);
    }
    for (const { name, between, length, loss } of lab.fibres) {
      const [a, b] = [pointOf(between[0]), pointOf(between[1])];
      this.#plant.addFibre(name, { a, b, length, loss });
      this.#know({ name, a: label(a), b: label(b), isLamp: false });
    }
    for (const device of this.#switches) for (const port of device.ports) this.#addLamp(device.name, port);
    for (const { name, lit = [] } of lab.switches) for (const port of lit) this.light(`${name}/${port}`);
  }

  optics(device: string): PlantSwitch {
    return this.#plant.switch(device);
  }

  /** Whether the port, `device/port`, has a lamp of its own. */
  hasLamp(port: string): boolean {
    return this.#fibres.has(port);
  }

  /** Cuts a fibre, or the fibre at a port or host. */
  cut(name: string, direction: CutDirection = 'both'): FibreState {
    const fibre = this.#fibreOf(name);
    this.#plant.cut(fibre.name, { direction: this.#along(fibre, name, direction) });
    return this.#state(fibre);
  }

  repair(name: string, direction: CutDirection = 'both'): FibreState {
    const fibre = this.#fibreOf(name);
    this.#plant.repair(fibre.name, this.#along(fibre, name, direction));
    return this.#state(fibre);
  }

  /** Turns a transmitter on: a host's, or the lamp at a port. */
  light(name: string, power?: Dbm): TransmitterState {
    const transmitter = this.#transmitterOf(name);
    this.#isOn.set(transmitter, true);
    this.#plant.setTransmitter(transmitter, true, power);
    return this.#transmitterState(transmitter);
  }

  dark(name: string): TransmitterState {
    const transmitter = this.#transmitterOf(name);
    this.#isOn.set(transmitter, false);
    this.#plant.setTransmitter(transmitter, false);
    return this.#transmitterState(transmitter);
  }

  /** Of one port, of a device's ports, or of every port that has light. */
  power(name?: string): readonly PortPower[] {
    if (name === undefined) return this.#allPowers().filter((p) => p.in > DARK_POWER || p.out > DARK_POWER);
    const device = this.#switches.find((each) => each.name === name);
    if (device !== undefined) return this.#powersOf(device);
    const port = this.#portOf(name);
    if (port === null) throw this.#unknown('port or device', name, [...this.#devices(), ...this.#ports()]);
    return this.#allPowers().filter((p) => p.port === port);
  }

  /** The fibres of the description, and those of lamps that are cut. */
  fibres(): readonly FibreState[] {
    return [...this.#fibres.values()]
      .map((fibre) => ({ ...this.#state(fibre), isLamp: fibre.isLamp }))
      .filter(({ cut, isLamp }) => !isLamp || cut !== null)
      .map(({ fibre, ends, cut }) => ({ fibre, ends, cut }));
  }

  /** The hosts, and the lamps that shine. */
  transmitters(): readonly TransmitterState[] {
    return [...this.#isOn]
      .filter(([name, isOn]) => isOn || !this.#fibres.has(name))
      .map(([name]) => this.#transmitterState(name));
  }

  #addLamp(device: string, port: string): void {
    const b = { node: device, port };
    const name = label(b);
    if (this.#fibreAt.has(name)) return;
    this.#plant.addTerminal(name, { launchPower: LAMP_POWER, sensitivity: LAMP_POWER, powerOnDelay: ZERO });
    this.#plant.setTransmitter(name, false);
    this.#isOn.set(name, false);
    this.#plant.addFibre(name, { a: { node: name, port: 'line' }, b, length: metres(0), loss: db(0) });
    this.#know({ name, a: 'lamp', b: name, isLamp: true });
  }

  #know(fibre: Fibre): void {
    this.#fibres.set(fibre.name, fibre);
    if (!fibre.isLamp) this.#fibreAt.set(fibre.a, fibre);
    this.#fibreAt.set(fibre.b, fibre);
  }

  #fibreOf(name: string): Fibre {
    const fibre = this.#fibres.get(name) ?? this.#fibreAt.get(this.#portOf(name) ?? name);
    if (fibre === undefined)
      throw this.#unknown('fibre or port', name, [...this.#fibres.keys(), ...this.#ports()]);
    return fibre;
  }

  /** A host, or the lamp at a port, or the host that the port's fibre leads to. */
  #transmitterOf(name: string): string {
    const port = this.#portOf(name);
    if (port === null) {
      if (this.#isOn.has(name)) return name;
      throw this.#unknown('transmitter or port', name, [...this.#isOn.keys(), ...this.#ports()]);
    }
    const fibre = this.#fibreAt.get(port);
    const far = fibre?.a === port ? fibre.b : fibre?.a;
    if (fibre?.isLamp === true) return fibre.name;
    if (far !== undefined && this.#isOn.has(far)) return far;
    throw new UsageError(
      `the light at ${port} comes over fibre ${fibre?.name} from ${far}, not from a transmitter: cut ${fibre?.name} instead`,
    );
  }

  /** In the fibre's own words. */
  #along(fibre: Fibre, name: string, direction: CutDirection): FibreDirection {
    if (direction !== 'in' && direction !== 'out') return direction;
    const port = this.#portOf(name);
    if (port === null)
      throw new UsageError(`${direction} is a direction of a port; fibre ${name} has a-to-b and b-to-a`);
    return (fibre.b === port) === (direction === 'in') ? 'a-to-b' : 'b-to-a';
  }

  /** `device/port`, or the port alone where there is but one device; null where it is neither. */
  #portOf(name: string): string | null {
    const [only, ...others] = this.#switches;
    if (only !== undefined && others.length === 0 && only.hasPort(name)) return `${only.name}/${name}`;
    const [device = '', port = ''] = name.split('/');
    const optics = this.#switches.find((each) => each.name === device);
    return optics?.hasPort(port) === true && name === `${device}/${port}` ? name : null;
  }

  #state({ name, a, b }: Fibre): FibreState {
    return { fibre: name, ends: [a, b], cut: this.#plant.cutDirection(name) };
  }

  #transmitterState(name: string): TransmitterState {
    const received = this.#fibres.get(name)?.isLamp === true ? null : this.#plant.terminal(name).power;
    return { transmitter: name, isOn: this.#isOn.get(name) === true, received };
  }

  #allPowers(): PortPower[] {
    return this.#switches.flatMap((device) => this.#powersOf(device));
  }

  #powersOf(device: PlantSwitch): PortPower[] {
    return device.ports.map((port) => ({
      port: `${device.name}/${port}`,
      in: device.power(port, 'in'),
      out: device.power(port, 'out'),
    }));
  }

  #devices(): readonly string[] {
    return this.#switches.map(({ name }) => name);
  }

  /** Every name that a port goes by. */
  #ports(): readonly string[] {
    const full = this.#allPowers().map(({ port }) => port);
    return this.#switches.length === 1 ? [...(this.#switches[0]?.ports ?? []), ...full] : full;
  }

  #unknown(what: string, name: string, known: readonly string[]): UsageError {
    const meant = nearMiss(name, known);
    const suggestion = meant === null ? '; list shows what there is' : `; did you mean ${meant}?`;
    return new UsageError(`there is no ${what} ${name}${suggestion}`);
  }
}

const label = ({ node, port }: PlantPoint): string => (port === 'line' ? node : `${node}/${port}`);

const pointOf = (end: FibreEnd): PlantPoint =>
  end.kind === 'host' ? { node: end.host, port: 'line' } : { node: end.switchName, port: end.port };
