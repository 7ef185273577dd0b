// Driver of Calient PXC switches. A connection has a name: `SRC-DST` goes both ways, `SRC>DST` one way, and it
// is deleted by name (MonALISA CalientTelnet). Power is one command per port, so alarms are the way to hear of loss.

import { named, parseFields } from '../tl1/fields.ts';
import type { Tl1Outcome } from '../tl1/outcome.ts';
import { bringAbout, COMPLETED, type Goal, isSame, type Passage, passages } from './assurance.ts';
import {
  alarmPlace,
  type CalientConnection,
  crossConnects,
  isAid,
  readConnection,
} from './calient-connection.ts';
import { readDbm, SwitchDevice, type SwitchOptions } from './device.ts';
import type {
  CrossConnect,
  OpticalSwitch,
  PortLabel,
  PowerReading,
  SwitchNotification,
  SwitchOutcome,
  Way,
} from './switch.ts';

export interface CalientOptions extends SwitchOptions {
  /** The ports, where they are known; as MonALISA's PortMap file, it spares the slowest retrieve of a PXC. */
  readonly ports?: readonly PortLabel[];
  /** The shelf whose ports are listed otherwise (Pynt: 10 for a PX). */
  readonly shelf?: string;
}

export class CalientSwitch implements OpticalSwitch {
  readonly name: string;
  /** G2MPLS drives its link state from a Calient's REPT ALM. */
  readonly sendsAlarms: boolean;
  readonly #device: SwitchDevice;
  readonly #ports: readonly PortLabel[] | null;
  readonly #shelf: string;
  readonly #inFlightMax: number;

  constructor(options: CalientOptions) {
    this.name = options.name;
    this.sendsAlarms = options.sendsAlarms ?? true;
    this.#ports = options.ports ?? null;
    this.#shelf = options.shelf ?? '10';
    this.#inFlightMax = options.inFlightMax ?? 1;
    this.#device = new SwitchDevice(options);
  }

  async listPorts(): Promise<readonly PortLabel[]> {
    if (this.#ports !== null) return this.#ports;
    const lines = await this.#device.retrieve({ verb: 'rtrv-port', aid: this.#shelf });
    return lines.map((line) => parseFields(line).aid);
  }

  async listCrossConnects(): Promise<readonly CrossConnect[]> {
    return crossConnects(await this.#connections());
  }

  connect(input: PortLabel, output: PortLabel, way: Way): Promise<SwitchOutcome> {
    return this.#bringAbout('made', passages(input, output, way), (left) => this.#make(left));
  }

  disconnect(input: PortLabel, output: PortLabel, way: Way): Promise<SwitchOutcome> {
    return this.#bringAbout('removed', passages(input, output, way), (left) => this.#remove(left));
  }

  async readPower(ports?: readonly PortLabel[]): Promise<readonly PowerReading[]> {
    const wanted = [...(ports ?? (await this.listPorts()))];
    const readings = new Map<PortLabel, readonly PowerReading[]>();
    let next = 0;
    const reader = async (): Promise<void> => {
      for (let port = wanted[next++]; port !== undefined; port = wanted[next++]) {
        readings.set(port, await this.#portPower(port));
      }
    };
    // As many at a time as the session sends: a queue of its own would only spend the commands' time limits.
    await Promise.all(Array.from({ length: this.#inFlightMax }, reader));
    return wanted.flatMap((port) => readings.get(port) ?? []);
  }

  subscribe(listener: (notification: SwitchNotification) => void): () => void {
    return this.#device.subscribe(alarmPlace, listener);
  }

  close(): Promise<void> {
    return this.#device.close();
  }

  async #portPower(port: PortLabel): Promise<readonly PowerReading[]> {
    const [line = ''] = await this.#device.retrieve({ verb: 'rtrv-det-eqpt', aid: port });
    const fields = parseFields(line);
    return [
      { port, direction: 'in', power: readDbm(named(fields, 'INOPTICALPOWER')) },
      { port, direction: 'out', power: readDbm(named(fields, 'OUTOPTICALPOWERWORKING')) },
    ];
  }

  async #connections(): Promise<CalientConnection[]> {
    const lines = await this.#device.retrieve({ verb: 'rtrv-crs', aid: ',', payload: [',,'] });
    return lines.map(readConnection).filter((connection) => connection !== null);
  }

  #bringAbout(
    goal: Goal,
    wanted: readonly Passage[],
    act: (left: readonly Passage[]) => Promise<Tl1Outcome>,
  ): Promise<SwitchOutcome> {
    return bringAbout(goal, wanted, { isLabel: isAid, act, list: () => this.listCrossConnects() });
  }

  #make(left: readonly Passage[]): Promise<Tl1Outcome> {
    const [{ input, output } = { input: '', output: '' }] = left;
    const kind = left.length === 1 ? '1way' : '2way';
    return this.#device.change({ verb: 'ent-crs', aid: `${input},${output}`, payload: [`,${kind}`] });
  }

  /** By the name it has when this side made it; by the names in the listing when the device does not know that one. */
  async #remove(left: readonly Passage[]): Promise<Tl1Outcome> {
    const [{ input, output } = { input: '', output: '' }] = left;
    const outcome = await this.#delete(left.length === 1 ? `${input}>${output}` : `${input}-${output}`);
    return outcome.kind === 'denied' ? this.#removeListed(left, outcome) : outcome;
  }

  async #removeListed(left: readonly Passage[], refusal: Tl1Outcome): Promise<Tl1Outcome> {
    let worst = COMPLETED;
    const isWanted = (passage: Passage): boolean => left.some((other) => isSame(other, passage));
    for (const { name, passages } of await this.#connections()) {
      if (!passages.some(isWanted)) continue;
      const outcome = await this.#delete(name);
      if (outcome.kind === 'completed')
        worst = await this.#restore(
          passages.filter((p) => !isWanted(p)),
          worst,
        );
      else worst = outcome.kind === 'denied' ? refusal : outcome;
    }
    return worst;
  }

  /** Makes again the other way of a two-way connection of which one way was to go; it is dark for that moment. */
  async #restore(spared: readonly Passage[], worst: Tl1Outcome): Promise<Tl1Outcome> {
    if (spared.length === 0) return worst;
    const outcome = await this.#make(spared);
    return worst.kind === 'completed' ? outcome : worst;
  }

  #delete(name: string): Promise<Tl1Outcome> {
    return this.#device.change({ verb: 'dlt-crs', payload: [name] });
  }
}
