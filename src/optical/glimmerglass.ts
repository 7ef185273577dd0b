// Driver of Glimmerglass switches (System 100 to 600). Fields are read by name: their order has changed between
// releases. Both ways are made in one command and deleted in two, so a delete may succeed half (MonALISA Sys300Telnet).

import { fieldIn, formatAidList, named, parseFields } from '../tl1/fields.ts';
import type { Tl1Outcome } from '../tl1/outcome.ts';
import { bringAbout, COMPLETED, type Goal, type Passage, passages } from './assurance.ts';
import { readDbm, SwitchDevice, type SwitchOptions } from './device.ts';
import { glimmerglassAid, glimmerglassPort } from './glimmerglass-aid.ts';
import type {
  CrossConnect,
  OpticalSwitch,
  PortLabel,
  PowerReading,
  SwitchNotification,
  SwitchOutcome,
  Way,
} from './switch.ts';

/** AIDs in one power command. No limit on a command's length was found in any source; ours. */
const AIDS_MAX = 64;

export class GlimmerglassSwitch implements OpticalSwitch {
  readonly name: string;
  /** No source shows an alarm of a Glimmerglass [unknown], so none is counted on; one that comes is passed on. */
  readonly sendsAlarms: boolean;
  readonly #device: SwitchDevice;

  constructor(options: SwitchOptions) {
    this.name = options.name;
    this.sendsAlarms = options.sendsAlarms ?? false;
    this.#device = new SwitchDevice(options);
  }

  /** Ports that have an input, from the power listing, which every release has; without multicast ports, where they have names. */
  async listPorts(): Promise<readonly PortLabel[]> {
    const lines = await this.#device.retrieve({ verb: 'rtrv-port-power', aid: 'all' });
    return lines.flatMap((line) => {
      const fields = parseFields(line);
      const place = glimmerglassPort(named(fields, 'PORTID'));
      const isMulticast = named(fields, 'PORTNAME')?.startsWith('MC-') === true;
      return place?.direction === 'in' && !isMulticast ? [place.port] : [];
    });
  }

  async listCrossConnects(): Promise<readonly CrossConnect[]> {
    const lines = await this.#device.retrieve({ verb: 'rtrv-crs-fiber', aid: 'all' });
    // A connected pair is listed with its input and again with its output (transcript of a 2016 unit).
    const found = new Map<string, CrossConnect>();
    for (const line of lines) {
      const crossConnect = readCrossConnect(line);
      if (crossConnect === null) continue;
      const pair = `${crossConnect.input} ${crossConnect.output}`;
      if (!found.has(pair)) found.set(pair, crossConnect);
    }
    return [...found.values()];
  }

  connect(input: PortLabel, output: PortLabel, way: Way): Promise<SwitchOutcome> {
    return this.#bringAbout('made', passages(input, output, way), (left) =>
      this.#device.change({
        verb: 'ent-crs-fiber',
        aid: `${formatAidList(left.map(inputAid))},${formatAidList(left.map(outputAid))}`,
      }),
    );
  }

  disconnect(input: PortLabel, output: PortLabel, way: Way): Promise<SwitchOutcome> {
    return this.#bringAbout('removed', passages(input, output, way), (left) => this.#delete(left));
  }

  async readPower(ports?: readonly PortLabel[]): Promise<readonly PowerReading[]> {
    if (ports === undefined) return this.#power('all');
    const aids = ports.flatMap((port) => [glimmerglassAid(port, 'in'), glimmerglassAid(port, 'out')]);
    const known = aids.filter((aid) => aid !== null);
    const readings: PowerReading[] = [];
    for (let i = 0; i < known.length; i += AIDS_MAX) {
      readings.push(...(await this.#power(formatAidList(known.slice(i, i + AIDS_MAX)))));
    }
    return readings;
  }

  subscribe(listener: (notification: SwitchNotification) => void): () => void {
    return this.#device.subscribe((alarm) => glimmerglassPort(alarm.aid), listener);
  }

  close(): Promise<void> {
    return this.#device.close();
  }

  async #power(aid: string): Promise<PowerReading[]> {
    const lines = await this.#device.retrieve({ verb: 'rtrv-port-power', aid });
    const readings: PowerReading[] = [];
    for (const line of lines) {
      const place = glimmerglassPort(fieldIn(line, 'PORTID'));
      if (place === null) continue;
      const power = readDbm(fieldIn(line, 'PORTPOWER'));
      readings.push({ port: place.port, direction: place.direction, power });
    }
    return readings;
  }

  #bringAbout(
    goal: Goal,
    wanted: readonly Passage[],
    act: (left: readonly Passage[]) => Promise<Tl1Outcome>,
  ): Promise<SwitchOutcome> {
    const isLabel = (label: PortLabel): boolean => glimmerglassAid(label, 'in') !== null;
    return bringAbout(goal, wanted, { isLabel, act, list: () => this.listCrossConnects() });
  }

  /** One command for each way; the first outcome that is not complete stands for all. */
  async #delete(left: readonly Passage[]): Promise<Tl1Outcome> {
    let worst = COMPLETED;
    for (const passage of left) {
      const aid = `${inputAid(passage)},${outputAid(passage)}`;
      const outcome = await this.#device.change({ verb: 'dlt-crs-fiber', aid });
      if (worst.kind === 'completed') worst = outcome;
    }
    return worst;
  }
}

const inputAid = ({ input }: Passage): string => glimmerglassAid(input, 'in') ?? '';
const outputAid = ({ output }: Passage): string => glimmerglassAid(output, 'out') ?? '';

function readCrossConnect(line: string): CrossConnect | null {
  const input = glimmerglassPort(fieldIn(line, 'IPORTID'));
  const output = glimmerglassPort(fieldIn(line, 'OPORTID'));
  if (input?.direction !== 'in' || output?.direction !== 'out') return null;
  return { input: input.port, output: output.port, isCarrying: isCarrying(fieldIn(line, 'CONNSTATE')) };
}

/** `fault`: connected, and no light; `single`: not connected. */
function isCarrying(state: string | undefined): boolean | null {
  const known = state?.toLowerCase();
  return known === 'steady' ? true : known === 'fault' ? false : null;
}
