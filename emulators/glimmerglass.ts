// A Glimmerglass optical switch as its clients know it: one command makes both ways of a connection, two take
// them away; power of all ports comes in one listing; long answers come in parts. Sources: MonALISA
// (lia.util.telnet), cloudshell-L1-glimmerglass (a 48-port box, 2016), Pynt. Left out: locks, and names and
// thresholds that can be set.

import { type Dbm, db, dbm } from '../src/core/quantity.ts';
import { after, EPOCH, type Instant, ms, ns, seconds } from '../src/core/time.ts';
import type { Clock, Platform } from '../src/platform/platform.ts';
import type { Tl1Command } from '../src/tl1/command.ts';
import { parseParameters } from '../src/tl1/fields.ts';
import { AlarmBoard } from './device/alarm-board.ts';
import { Device } from './device/device.ts';
import { Mirrors } from './device/mirrors.ts';
import { PowerMeter } from './device/power-meter.ts';
import { PowerWatch } from './device/power-watch.ts';
import { serveThroughRestarts } from './device/restarts.ts';
import { switchingTimes } from './device/spread.ts';
import { type Answer, completed, denied, type Verb } from './device/verb.ts';
import { inputAid, type Pair, type PortSide, parsePairs, parseSides } from './glimmerglass-aid.ts';
import {
  type CrossConnectState,
  configurationLine,
  crossConnectLine,
  powerLine,
  signalLine,
} from './glimmerglass-lines.ts';
import { MulticastPorts } from './glimmerglass-multicast.ts';
import { type GlimmerglassProfile, glimmerglassDefaults } from './glimmerglass-profile.ts';
import type { PlantSwitch, PortDirection } from './plant-switch.ts';
import type { SwitchFamily } from './switch-family.ts';

/** A profile of this family, as one of any. */
const variant = (changes: Partial<GlimmerglassProfile>): Partial<GlimmerglassProfile> => changes;

/** The ports of `optics` are decimal numbers from 1. */
export const glimmerglass: SwitchFamily = {
  program: (platform, optics, profile) =>
    serveThroughRestarts(platform, { ...glimmerglassDefaults(platform.machine), ...profile }, (boot, full) =>
      new Glimmerglass(boot, optics, full).serve(),
    ),
  portLabels: (n) => Array.from({ length: n }, (_, i) => String(i + 1)),
  tcpPort: 10033,
  insertionLoss: db(1.57), // the 2016 samples of cloudshell-L1-glimmerglass
  defaults: glimmerglassDefaults,
  // The cross-connect lines of 2005 (MonALISA), of SC08 (MonALISA) and of 2016 (cloudshell-L1-glimmerglass), the last by default.
  profiles: {
    '2005': variant({ layout: 12 }),
    sc08: variant({ layout: 15 }),
    'initial-timer': variant({ initialConnectionTime: seconds(1) }),
    'power-refresh': variant({ powerRefreshPeriod: ms(200) }),
  },
};

type Command = Required<Tl1Command>;

class Glimmerglass {
  readonly #optics: PlantSwitch;
  readonly #profile: GlimmerglassProfile;
  readonly #mirrors: Mirrors;
  readonly #watch: PowerWatch;
  readonly #meter: PowerMeter;
  readonly #multicast: MulticastPorts;
  readonly #alarms: AlarmBoard;
  readonly #device: Device;
  readonly #clock: Pick<Clock, 'now'>;
  /** When the initial timer of an input's connection expires; one from before a restart has expired. */
  readonly #expiry = new Map<string, Instant>();

  constructor(platform: Platform, optics: PlantSwitch, profile: GlimmerglassProfile) {
    this.#optics = optics;
    this.#profile = profile;
    this.#clock = platform.clock;
    this.#mirrors = new Mirrors(platform.clock, optics, switchingTimes(profile, platform.random));
    this.#meter = new PowerMeter(platform.clock, optics, profile.powerRefreshPeriod, profile.until);
    this.#multicast = new MulticastPorts(optics, profile.multicastPorts);
    this.#device = new Device(platform, profile, this.#verbs());
    this.#alarms = new AlarmBoard({
      clock: platform.clock,
      latency: profile.alarmLatency,
      verb: 'REPT ALM EQPT',
      // [I] the shape is GR-833's, the texts are ours.
      kind: {
        severity: 'CR',
        condition: 'LOS',
        serviceEffect: 'SA',
        location: 'NEND',
        direction: 'RCV',
        text: 'Input loss of light',
      },
      announce: (announcement) => this.#device.announce(announcement),
    });
    this.#watch = new PowerWatch({
      optics,
      threshold: profile.lossThreshold,
      hysteresis: profile.lossHysteresis,
      until: profile.until,
    });
    if (profile.sendsAlarms)
      this.#watch.onChange((port) => this.#alarms.update(inputAid(port), this.#watch.hasLost(port)));
  }

  serve(): Promise<void> {
    return this.#device.serve();
  }

  #verbs(): ReadonlyMap<string, Verb> {
    return new Map<string, Verb>([
      ['ENT-CRS-FIBER', (command) => this.#enter(command)],
      ['DLT-CRS-FIBER', (command) => this.#delete(command)],
      ['RTRV-CRS-FIBER', (command) => this.#list(command, (side) => this.#crossConnectLine(side))],
      ['RTRV-PORT-POWER', (command) => this.#list(command, (side) => this.#powerLine(side))],
      ['RTRV-CFG-FIBER', (command) => this.#list(command, (side) => this.#configurationLine(side))],
      [
        'RTRV-SIGTYPE-FIBER',
        (command) => this.#list(command, (side) => signalLine(side.port, side.direction)),
      ],
      ['ED-PARAM', (command) => this.#setParameter(command)],
      ['RTRV-SYSTEM-INFO', () => completed([this.#systemLine()])],
      ['RTRV-ALM-ALL', () => completed(this.#alarms.lines())],
    ]);
  }

  /** `ent-crs-fiber::I[&I…],O[&O…]:ctag[:::OPMODE=Async|sync];` — grouped AIDs pair up in order; all are made or none. */
  #enter(command: Command): Answer | Promise<Answer> {
    const parsed = parsePairs(command.aid, this.#optics);
    if (parsed.kind !== 'pairs') return this.#deny(parsed.kind);
    const mode = operatingMode(command);
    if (mode === null) return this.#deny('parameter');
    const isFree = ({ input, output }: Pair): boolean =>
      this.#mirrors.outputOf(input) === null && this.#mirrors.inputOf(output) === null;
    if (!parsed.pairs.every(isFree)) return this.#deny('busy');
    const made = Promise.all(parsed.pairs.map((pair) => this.#make(pair)));
    return mode === 'async' ? completed() : made.then(() => completed());
  }

  async #make({ input, output }: Pair): Promise<void> {
    await this.#mirrors.connect(input, output);
    if (this.#optics.outputOf(input) !== output) return;
    this.#expiry.set(input, after(this.#clock.now(), this.#profile.initialConnectionTime));
    this.#watch.cameIntoUse(input);
  }

  /**
   * `::I,O:` one direction; `::I[&I…]:` by input; `::all:` or `::all,all:`. MonALISA takes a two-way connection away with
   * two commands; that a grouped pair is refused is [I].
   */
  #delete(command: Command): Answer {
    const aid = command.aid.toLowerCase();
    if (aid === 'all' || aid === 'all,all') return this.#remove(this.#optics.ports);
    if (!aid.includes(',')) return this.#deleteByInput(aid);
    const parsed = parsePairs(aid, this.#optics);
    if (parsed.kind !== 'pairs') return this.#deny(parsed.kind);
    const [pair, ...more] = parsed.pairs;
    if (pair === undefined || more.length > 0) return this.#deny('misgrouped');
    if (this.#mirrors.outputOf(pair.input) !== pair.output) return this.#deny('absent');
    return this.#remove([pair.input]);
  }

  #deleteByInput(aid: string): Answer {
    const sides = parseSides(aid, this.#optics);
    if (sides === null || sides.some(({ direction }) => direction === 'out')) return this.#deny('invalid');
    if (sides.some(({ port }) => this.#mirrors.outputOf(port) === null)) return this.#deny('absent');
    return this.#remove(sides.map(({ port }) => port));
  }

  #remove(inputs: readonly string[]): Answer {
    for (const input of inputs) {
      const output = this.#mirrors.outputOf(input);
      if (output === null) continue;
      this.#mirrors.disconnect(input, output);
      this.#expiry.delete(input);
      this.#watch.wentOutOfUse(input);
    }
    return completed();
  }

  /** `ED-PARAM:::ctag:::NAME=PowerMonitoringPeriod,VAL=n;` — other parameters are not known. */
  #setParameter(command: Command): Answer {
    const value = parameter(command, 'VAL') ?? '';
    const isKnown = parameter(command, 'NAME')?.toUpperCase() === 'POWERMONITORINGPERIOD';
    if (!isKnown || !/^\d{1,6}$/.test(value)) return this.#deny('parameter');
    this.#meter.setPeriod(ns(Number(value) * this.#profile.powerPeriodUnit));
    return completed();
  }

  #deny(mistake: 'invalid' | 'misgrouped' | 'parameter' | 'busy' | 'absent'): Answer {
    const { codes } = this.#profile;
    switch (mistake) {
      case 'invalid':
        return denied(codes.invalidAid, 'Input, Invalid Access Identifier');
      case 'misgrouped':
        return denied(codes.invalidGrouping, 'Input, Invalid Parameter Grouping');
      case 'parameter':
        return denied(codes.invalidParameter, 'Parameter, Not Valid');
      case 'busy':
        return denied(codes.busyPort, 'Port already connected');
      case 'absent':
        return denied(codes.noConnection, 'Connection does not exist');
    }
  }

  /** One line per side of a port, in the order asked for; `all`: all inputs, then all outputs. */
  #list(command: Command, line: (side: PortSide) => string): Answer {
    const sides = parseSides(command.aid, this.#optics);
    return sides === null ? this.#deny('invalid') : completed(sides.map(line));
  }

  #crossConnectLine({ port, direction }: PortSide): string {
    const input = direction === 'in' ? port : this.#mirrors.inputOf(port);
    const output = direction === 'out' ? port : this.#mirrors.outputOf(port);
    const power = (of: string | null, d: PortDirection): Dbm =>
      of === null ? dbm(0) : this.#meter.read(of, d);
    return crossConnectLine(this.#profile.layout, {
      input,
      output,
      inputName: input === null ? null : this.#multicast.nameOf(input),
      outputName: output === null ? null : this.#multicast.nameOf(output),
      inputPower: power(input, 'in'),
      outputPower: power(output, 'out'),
      ...this.#condition(input, output),
      user: input !== null && output !== null ? (this.#profile.users[0]?.user ?? '') : '',
    });
  }

  /** A connection that has never had light is `fault` by its timer; one that lost it is `fault`, too [I]. */
  #condition(input: string | null, output: string | null): Pick<CrossConnectState, 'state' | 'cause'> {
    if (input === null || output === null) return { state: 'single', cause: 'none' };
    const isThrough = this.#optics.outputOf(input) === output && this.#watch.isLit(input);
    if (isThrough) return { state: 'steady', cause: 'none' };
    if (this.#watch.hasCarried(input)) return { state: 'fault', cause: 'input_loss_of_light' };
    const isRunning = (this.#expiry.get(input) ?? EPOCH) > this.#clock.now();
    return { state: 'fault', cause: isRunning ? 'none' : 'initial_connection_timer_expired' };
  }

  #powerLine({ port, direction }: PortSide): string {
    const name = this.#multicast.nameOf(port);
    return powerLine(this.#profile.layout, port, direction, this.#meter.read(port, direction), name);
  }

  #configurationLine({ port, direction }: PortSide): string {
    return configurationLine(this.#profile.layout, port, direction, this.#multicast.nameOf(port));
  }

  /** Names of the fields: cloudshell-L1-glimmerglass; the values are ours. */
  #systemLine(): string {
    const n = this.#optics.ports.length - this.#profile.multicastPorts;
    return `GGN:LicensedPortMatrix=${n}x${n},SerialNumber=${this.#profile.sid},SystemType=System 300,ChassisType=300,SoftwareActiveVersion=4.1`;
  }
}

/** `OPMODE=Async` answers before the mirrors have settled; that this is what it means is [I]. Null for another word. */
function operatingMode(command: Command): 'sync' | 'async' | null {
  const mode = parameter(command, 'OPMODE')?.toLowerCase() ?? 'sync';
  return mode === 'sync' || mode === 'async' ? mode : null;
}

const parameter = (command: Command, wanted: string): string | undefined =>
  command.payload.flatMap(parseParameters).find(({ name }) => name?.toUpperCase() === wanted)?.value;
