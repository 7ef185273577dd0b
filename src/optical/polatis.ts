// Driver of Polatis matrix switches (forms of cloudshell-L1-polatis). Their ports are plain integers: inputs 1
// to N, then outputs N+1 to N+M. A duplex port p is input p and output N+p, and both must exist; N is asked of
// the device once. A patch goes one way, so both ways are two patches. The device does not say whether a patch carries light.

import { named, parseFields, positional } from '../tl1/fields.ts';
import type { Tl1Request } from '../tl1/link.ts';
import type { Tl1Outcome } from '../tl1/outcome.ts';
import { quote } from '../tl1/quoting.ts';
import { bringAbout, COMPLETED, type Goal, isSame, type Passage, passages } from './assurance.ts';
import { readDbm, SwitchDevice, type SwitchOptions } from './device.ts';
import { SwitchError } from './errors.ts';
import type {
  CrossConnect,
  Direction,
  OpticalSwitch,
  PortLabel,
  PowerReading,
  SwitchNotification,
  SwitchOutcome,
  Way,
} from './switch.ts';

interface Size {
  readonly inputs: number;
  readonly outputs: number;
}

export class PolatisSwitch implements OpticalSwitch {
  readonly name: string;
  /** No source shows an alarm of a Polatis [unknown]. */
  readonly sendsAlarms: boolean;
  readonly #device: SwitchDevice;
  readonly #tid: string;
  #size: Size | null = null;

  /** A TID is put in quotes, as its clients do; one that reads `( nil )` needs them. The login goes without. */
  constructor({ tid = '', ...options }: SwitchOptions) {
    this.name = options.name;
    this.sendsAlarms = options.sendsAlarms ?? false;
    this.#tid = tid === '' ? '' : quote(tid);
    this.#device = new SwitchDevice(options);
  }

  async listPorts(): Promise<readonly PortLabel[]> {
    const { inputs, outputs } = await this.#dimensions();
    return Array.from({ length: Math.min(inputs, outputs) }, (_, i) => String(i + 1));
  }

  async listCrossConnects(): Promise<readonly CrossConnect[]> {
    const { inputs } = await this.#dimensions();
    const lines = await this.#retrieve({ verb: 'RTRV-PATCH' });
    return lines.flatMap((line) => {
      const numbers = line.split(',').map(Number);
      const input = numbers.find((number) => number >= 1 && number <= inputs);
      const output = numbers.find((number) => number > inputs);
      if (numbers.length !== 2 || input === undefined || output === undefined) return [];
      return [{ input: String(input), output: String(output - inputs), isCarrying: null }];
    });
  }

  connect(input: PortLabel, output: PortLabel, way: Way): Promise<SwitchOutcome> {
    return this.#bringAbout('made', passages(input, output, way), (left) => this.#make(left));
  }

  disconnect(input: PortLabel, output: PortLabel, way: Way): Promise<SwitchOutcome> {
    return this.#bringAbout('removed', passages(input, output, way), (left) => this.#remove(left));
  }

  async readPower(ports?: readonly PortLabel[]): Promise<readonly PowerReading[]> {
    const size = await this.#dimensions();
    const all = `1&&${size.inputs + size.outputs}`;
    const known = ports?.filter(isLabel);
    if (known?.length === 0) return [];
    const aid = known?.flatMap((port) => [port, String(Number(port) + size.inputs)]).join('&') ?? all;
    const lines = await this.#retrieve({ verb: 'RTRV-PORT-POWER', aid });
    const readings: PowerReading[] = [];
    for (const line of lines) {
      const fields = parseFields(line);
      const place = placeOf(Number(fields.aid), size);
      if (place === null) continue;
      const power = readDbm(positional(fields, 0, 0));
      readings.push({ port: place.port, direction: place.direction, power });
    }
    return readings;
  }

  subscribe(listener: (notification: SwitchNotification) => void): () => void {
    return this.#device.subscribe(
      ({ aid }) => (this.#size === null ? null : placeOf(Number(aid), this.#size)),
      listener,
    );
  }

  close(): Promise<void> {
    return this.#device.close();
  }

  async #dimensions(): Promise<Size> {
    if (this.#size !== null) return this.#size;
    const request = { verb: 'RTRV-EQPT', aid: 'SYSTEM', payload: ['', 'PARAMETER=SIZE'] };
    const lines = await this.#retrieve(request);
    const size = lines.map((line) => named(parseFields(line), 'SIZE')).find((text) => text !== undefined);
    const [, inputs, outputs] = /^(\d+)x(\d+)$/i.exec(size ?? '') ?? [];
    if (inputs === undefined || outputs === undefined) {
      const answered = {
        kind: 'unanswered',
        reason: `no size in "${lines.join(' ')}"`,
        isSent: true,
      } as const;
      throw new SwitchError(this.name, request.verb, answered);
    }
    this.#size = { inputs: Number(inputs), outputs: Number(outputs) };
    return this.#size;
  }

  /** One command for each way, until one is not complete. The output stands first (cloudshell-L1-polatis: destination, source). */
  async #make(left: readonly Passage[]): Promise<Tl1Outcome> {
    return this.#each(left, 'ENT-PATCH', ([input, output]) => `${output},${input}`);
  }

  /** Deletes by ports, so a patch that is not the one meant must not be asked for. */
  async #remove(left: readonly Passage[]): Promise<Tl1Outcome> {
    const present = await this.listCrossConnects();
    const there = left.filter((passage) => present.some((other) => isSame(other, passage)));
    return this.#each(there, 'DLT-PATCH', ([input, output]) => `${input}&${output}`);
  }

  async #each(
    left: readonly Passage[],
    verb: string,
    aid: (ports: [input: number, output: number]) => string,
  ): Promise<Tl1Outcome> {
    const { inputs, outputs } = await this.#dimensions();
    // A number beyond the inputs would mean an output.
    if (left.some(({ input, output }) => Number(input) > inputs || Number(output) > outputs))
      return NO_SUCH_PORT;
    let outcome = COMPLETED;
    for (const { input, output } of left) {
      const ports: [number, number] = [Number(input), Number(output) + inputs];
      outcome = await this.#device.change(this.#addressed({ verb, aid: aid(ports), general: '' }));
      if (outcome.kind !== 'completed') break;
    }
    return outcome;
  }

  #bringAbout(
    goal: Goal,
    wanted: readonly Passage[],
    act: (left: readonly Passage[]) => Promise<Tl1Outcome>,
  ): Promise<SwitchOutcome> {
    return bringAbout(goal, wanted, { isLabel, act, list: () => this.listCrossConnects() });
  }

  #retrieve(request: Tl1Request): Promise<readonly string[]> {
    return this.#device.retrieve(this.#addressed(request));
  }

  #addressed(request: Tl1Request): Tl1Request {
    return { tid: this.#tid, ...request };
  }
}

const NO_SUCH_PORT: Tl1Outcome = { kind: 'denied', errorCode: 'IIAC', comments: ['no such port'] };

const isLabel = (label: PortLabel): boolean => /^[1-9]\d{0,4}$/.test(label);

function placeOf(number: number, { inputs }: Size): { port: PortLabel; direction: Direction } | null {
  if (!Number.isInteger(number) || number < 1) return null;
  return number <= inputs
    ? { port: String(number), direction: 'in' }
    : { port: String(number - inputs), direction: 'out' };
}
