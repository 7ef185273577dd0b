// A Polatis matrix switch as its clients know it: ports are plain integers, inputs 1 to N and then outputs N+1
// to 2N, and a patch joins one of each. Source: cloudshell-L1-polatis. Left out: SCPI, attenuators, and whatever may
// switch a shutter, because no source shows its form.

import { type Dbm, db } from '../src/core/quantity.ts';
import { ms } from '../src/core/time.ts';
import type { Platform } from '../src/platform/platform.ts';
import type { Tl1Command } from '../src/tl1/command.ts';
import { parseAidList, parseParameters } from '../src/tl1/fields.ts';
import { Device } from './device/device.ts';
import { Mirrors } from './device/mirrors.ts';
import { deviceDefaults, type SwitchProfile } from './device/profile.ts';
import { serveThroughRestarts } from './device/restarts.ts';
import { switchingTimes } from './device/spread.ts';
import { type Answer, completed, denied, type Verb } from './device/verb.ts';
import type { PlantSwitch, PortDirection } from './plant-switch.ts';
import type { SwitchFamily } from './switch-family.ts';

type Command = Required<Tl1Command>;

interface PortSide {
  readonly port: string;
  readonly direction: PortDirection;
}

const defaults = (machine: string): SwitchProfile => ({
  ...deviceDefaults(machine),
  listeners: [{ tcpPort: 3082, hasEcho: false, prompt: '', greeting: '' }], // [K] the port; [U] no echo, no prompt
  switchingTime: ms(15), // [K] under 20 ms (UCL newsletter); [I] how far under
  sendsAlarms: false, // [U]
  listingsByName: { 'RTRV-PORT-PMON': [] }, // [K] the verb; [U] what it says, so nothing here
  alarmLatency: ms(10), // [U]; only for a profile that sends alarms, which this emulator does not yet
});

export const polatis: SwitchFamily = {
  program: (platform, optics, profile) =>
    serveThroughRestarts(platform, { ...defaults(platform.machine), ...profile }, (boot, full) =>
      new Polatis(boot, optics, full).serve(),
    ),
  portLabels: (n) => Array.from({ length: n }, (_, i) => String(i + 1)),
  tcpPort: 3082,
  insertionLoss: db(1), // [U]
  defaults,
  // [K] a SID may read so.
  profiles: { 'nil-sid': { sid: '( nil )' } },
};

/** Its duplex port p is input p and output N+p. */
class Polatis {
  readonly #optics: PlantSwitch;
  readonly #profile: SwitchProfile;
  readonly #mirrors: Mirrors;
  readonly #device: Device;

  constructor(platform: Platform, optics: PlantSwitch, profile: SwitchProfile) {
    this.#optics = optics;
    this.#profile = profile;
    this.#mirrors = new Mirrors(platform.clock, optics, switchingTimes(profile, platform.random));
    this.#device = new Device(platform, profile, this.#verbs());
  }

  serve(): Promise<void> {
    return this.#device.serve();
  }

  #verbs(): ReadonlyMap<string, Verb> {
    const n = this.#optics.ports.length;
    return new Map<string, Verb>([
      ['ENT-PATCH', (command) => this.#enter(command)],
      ['DLT-PATCH', (command) => this.#delete(command)],
      ['RTRV-PATCH', () => completed(this.#patches())],
      ['RTRV-PORT-POWER', (command) => this.#list(command, (side) => this.#power(side).toFixed(1))],
      ['RTRV-PORT-SHUTTER', (command) => this.#list(command, () => 'open')], // [U] the word
      ['RTRV-NETYPE', () => completed([`Polatis,${n}x${n},OST,6.0`])], // [K] vendor,model,type,version; the values are ours
      ['RTRV-EQPT', (command) => this.#equipment(command)],
    ]);
  }

  /** `ENT-PATCH:"sid":dst,src:ctag:;` — the two numbers say which is which, so either order is taken [I]. */
  async #enter(command: Command): Promise<Answer> {
    const { codes } = this.#profile;
    const sides = command.aid.split(',').map((number) => this.#side(number));
    const input = sides.find((side) => side?.direction === 'in')?.port;
    const output = sides.find((side) => side?.direction === 'out')?.port;
    if (sides.length !== 2 || input === undefined || output === undefined) return this.#invalidAid();
    const isFree = this.#mirrors.outputOf(input) === null && this.#mirrors.inputOf(output) === null;
    if (!isFree) return denied(codes.busyPort, 'Port already patched'); // [U]
    await this.#mirrors.connect(input, output);
    return completed();
  }

  /** `DLT-PATCH:"sid":p&p:ctag:;` — every patch of one of these ports; refused where there is none [U]. */
  #delete(command: Command): Answer {
    const sides = this.#sides(command.aid);
    if (sides === null) return this.#invalidAid();
    const isNamed = (port: string, direction: PortDirection): boolean =>
      sides.some((side) => side.port === port && side.direction === direction);
    const patches = this.#optics.ports.flatMap((input) => {
      const output = this.#mirrors.outputOf(input);
      const isMeant = output !== null && (isNamed(input, 'in') || isNamed(output, 'out'));
      return isMeant ? [{ input, output }] : [];
    });
    if (patches.length === 0) return denied(this.#profile.codes.noConnection, 'No such patch');
    for (const { input, output } of patches) this.#mirrors.disconnect(input, output);
    return completed();
  }

  #patches(): string[] {
    return this.#optics.ports.flatMap((input) => {
      const output = this.#mirrors.outputOf(input);
      return output === null ? [] : [`${input},${this.#number({ port: output, direction: 'out' })}`];
    });
  }

  /** `"1:-12.3"` for each port named. */
  #list(command: Command, value: (side: PortSide) => string): Answer {
    const sides = this.#sides(command.aid);
    if (sides === null) return this.#invalidAid();
    return completed(sides.map((side) => `${this.#number(side)}:${value(side)}`));
  }

  #power({ port, direction }: PortSide): Dbm {
    return this.#optics.power(port, direction);
  }

  /** `RTRV-EQPT:"sid":SYSTEM:ctag:::PARAMETER=SIZE;` → `SYSTEM:SIZE=NxM`; other parameters are not known here. */
  #equipment(command: Command): Answer {
    if (command.aid.toUpperCase() !== 'SYSTEM') return this.#invalidAid();
    const asked = command.payload
      .flatMap(parseParameters)
      .find(({ name }) => name?.toUpperCase() === 'PARAMETER');
    if (asked?.value.toUpperCase() !== 'SIZE')
      return denied(this.#profile.codes.invalidParameter, 'Parameter, Not Valid');
    const n = this.#optics.ports.length;
    return completed([`SYSTEM:SIZE=${n}x${n}`]);
  }

  #sides(aid: string): PortSide[] | null {
    const list = parseAidList(aid);
    if (list.kind === 'malformed') return null;
    const sides = list.aids.map((number) => this.#side(number));
    return sides.every((side) => side !== null) ? sides : null;
  }

  #side(number: string): PortSide | null {
    const n = this.#optics.ports.length;
    const value = /^\d{1,5}$/.test(number) ? Number(number) : 0;
    if (value < 1 || value > 2 * n) return null;
    return value <= n
      ? { port: String(value), direction: 'in' }
      : { port: String(value - n), direction: 'out' };
  }

  #number({ port, direction }: PortSide): number {
    return Number(port) + (direction === 'out' ? this.#optics.ports.length : 0);
  }

  #invalidAid(): Answer {
    return denied(this.#profile.codes.invalidAid, 'Input, Invalid Access Identifier');
  }
}
