// Driver of Calient switches of the S series (forms of cloudshell-L1-calient and the g2mpls plugin). A connection is
// entered (ENT-CRS: its ports are taken) and then activated (ACT-CRS: light passes); it goes by CANC-CRS and DLT-CRS. What is
// entered and not activated is no cross-connect and is not listed, but `connect` completes it and `disconnect` removes it.

import { type Duration, seconds } from '../core/time.ts';
import type { Clock } from '../platform/platform.ts';
import { named, parseFields } from '../tl1/fields.ts';
import { type Tl1Outcome, unanswered } from '../tl1/outcome.ts';
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

/** The group of what this driver makes; the default of cloudshell-L1-calient. */
const GROUP = 'SYSTEM';
/** After ACT-CRS, g2mpls asks up to 10 times, once a second, whether the connection is active. */
const LOOKS_MAX = 10;
const LOOK_PAUSE: Duration = seconds(1);
/** For more ports than these, one summary of all is read. Ours. */
const PORTS_ASKED_MAX = 4;

export class CalientSSwitch implements OpticalSwitch {
  readonly name: string;
  /** As of the older series [inferred]. */
  readonly sendsAlarms: boolean;
  readonly #device: SwitchDevice;
  readonly #clock: Pick<Clock, 'sleep'>;

  constructor(options: SwitchOptions) {
    this.name = options.name;
    this.sendsAlarms = options.sendsAlarms ?? true;
    this.#clock = options.clock;
    this.#device = new SwitchDevice(options);
  }

  async listPorts(): Promise<readonly PortLabel[]> {
    return (await this.#summary('0')).map(({ aid }) => aid);
  }

  async listCrossConnects(): Promise<readonly CrossConnect[]> {
    return crossConnects((await this.#connections()).filter(({ isActive }) => isActive));
  }

  connect(input: PortLabel, output: PortLabel, way: Way): Promise<SwitchOutcome> {
    return this.#bringAbout('made', passages(input, output, way));
  }

  disconnect(input: PortLabel, output: PortLabel, way: Way): Promise<SwitchOutcome> {
    return this.#bringAbout('removed', passages(input, output, way));
  }

  async readPower(ports?: readonly PortLabel[]): Promise<readonly PowerReading[]> {
    const asked = ports === undefined || ports.length > PORTS_ASKED_MAX ? ['0'] : ports;
    const readings: PowerReading[] = [];
    for (const aid of asked) {
      for (const fields of await this.#summary(aid)) {
        const port = fields.aid;
        if (ports !== undefined && !ports.includes(port)) continue;
        readings.push({ port, direction: 'in', power: readDbm(named(fields, 'INPWR')) });
        readings.push({ port, direction: 'out', power: readDbm(named(fields, 'OUTPWR')) });
      }
    }
    return readings;
  }

  subscribe(listener: (notification: SwitchNotification) => void): () => void {
    return this.#device.subscribe(alarmPlace, listener);
  }

  close(): Promise<void> {
    return this.#device.close();
  }

  async #summary(aid: string): Promise<ReturnType<typeof parseFields>[]> {
    return (await this.#device.retrieve({ verb: 'RTRV-PORT-SUM', aid })).map(parseFields);
  }

  /** All, activated or not. */
  async #connections(): Promise<CalientConnection[]> {
    const lines = await this.#device.retrieve({ verb: 'RTRV-CRS', payload: ['ALL'] });
    return lines.map(readConnection).filter((connection) => connection !== null);
  }

  #bringAbout(goal: Goal, wanted: readonly Passage[]): Promise<SwitchOutcome> {
    if (goal === 'made')
      return bringAbout(goal, wanted, {
        isLabel: isAid,
        act: (left) => this.#make(left),
        list: () => this.listCrossConnects(),
      });
    return bringAbout(goal, wanted, {
      isLabel: isAid,
      act: (left) => this.#remove(left),
      // Also what is entered and not activated: it takes its ports, and is to go.
      list: async () => crossConnects(await this.#connections()),
    });
  }

  async #make(left: readonly Passage[]): Promise<Tl1Outcome> {
    const [{ input, output } = { input: '', output: '' }] = left;
    const kind = left.length === 1 ? '1WAY' : '2WAY';
    const aid = `${input},${output}`;
    const entered = await this.#device.change({ verb: 'ENT-CRS', aid, payload: [`${GROUP},${kind}`] });
    if (entered.kind === 'unanswered') return entered;
    // Refused, perhaps because an earlier attempt came so far and no further.
    const pending = entered.kind === 'denied' ? await this.#pending(left) : null;
    if (entered.kind === 'denied' && pending === null) return entered;
    const name = pending?.name ?? `${input}${left.length === 1 ? '>' : '-'}${output}`;
    return this.#activate(aid, name, pending?.group ?? GROUP);
  }

  async #activate(aid: string, name: string, group: string): Promise<Tl1Outcome> {
    const activated = await this.#device.change({ verb: 'ACT-CRS', aid, payload: [`${name},${group}`] });
    if (activated.kind === 'completed') return this.#settled(name, group);
    // Not to leave its ports taken for nothing. Whether that works shows in the listing.
    if (activated.kind === 'denied')
      await this.#device.change({ verb: 'DLT-CRS', aid, payload: [`,${group},${name}`] });
    return activated;
  }

  /** Waits until the connection is as active as it says. */
  async #settled(name: string, group: string): Promise<Tl1Outcome> {
    for (let look = 1; look <= LOOKS_MAX; look++) {
      const lines = await this.#device.retrieve({ verb: 'RTRV-CRS', payload: [`${group},${name}`] });
      const connection = lines.map(readConnection).find((found) => found?.name === name);
      if (connection?.isActive === true && connection.isReady) return COMPLETED;
      if (connection === undefined) break;
      await this.#clock.sleep(LOOK_PAUSE);
    }
    return unanswered(`${name} did not become active`);
  }

  async #pending(left: readonly Passage[]): Promise<CalientConnection | null> {
    const isMeant = ({ isActive, passages: own }: CalientConnection): boolean =>
      !isActive && own.length === left.length && own.every((p) => left.some((other) => isSame(p, other)));
    return (await this.#connections()).find(isMeant) ?? null;
  }

  /** Every connection that has one of the ways; the other way of a two-way one is made again, and dark for that moment. */
  async #remove(left: readonly Passage[]): Promise<Tl1Outcome> {
    const isWanted = (passage: Passage): boolean => left.some((other) => isSame(other, passage));
    let worst = COMPLETED;
    for (const connection of await this.#connections()) {
      if (!connection.passages.some(isWanted)) continue;
      let outcome = await this.#delete(connection);
      const spared = connection.passages.filter((passage) => !isWanted(passage));
      if (outcome.kind === 'completed' && spared.length > 0 && connection.isActive)
        outcome = await this.#make(spared);
      if (worst.kind === 'completed') worst = outcome;
    }
    return worst;
  }

  async #delete({ name, group, passages: [first], isActive }: CalientConnection): Promise<Tl1Outcome> {
    const request = { aid: `${first?.input},${first?.output}`, payload: [`,${group},${name}`] };
    if (isActive) {
      const cancelled = await this.#device.change({ verb: 'CANC-CRS', ...request });
      if (cancelled.kind !== 'completed') return cancelled;
    }
    return this.#device.change({ verb: 'DLT-CRS', ...request });
  }
}
