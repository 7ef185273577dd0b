// A Calient DiamondWave PXC as its clients know it: connections have names, one-way or two-way; power is asked
// port by port; alarms come by themselves. Sources: MonALISA (CalientTelnet, monOSPortsPower), Pynt, the g2mpls
// plugin (alarms). Left out: groups other than SYSTEM, circuits, equipment inventory, GMPLS. The later S series is in calient-s.ts.

import { type Dbm, db, dbm } from '../src/core/quantity.ts';
import { ms } from '../src/core/time.ts';
import type { Platform } from '../src/platform/platform.ts';
import type { Tl1Command } from '../src/tl1/command.ts';
import { parseParameters } from '../src/tl1/fields.ts';
import { CalientAlarms, type CalientThresholds } from './calient-alarms.ts';
import { CalientConnections, type NamedConnection, SYSTEM_GROUP } from './calient-connections.ts';
import {
  type CalientConnection,
  type ConnectionPower,
  connectionLine,
  detailLine,
  type PortState,
  portLine,
  portListLine,
} from './calient-lines.ts';
import { Device } from './device/device.ts';
import { Mirrors } from './device/mirrors.ts';
import { deviceDefaults, type SwitchProfile } from './device/profile.ts';
import { serveThroughRestarts } from './device/restarts.ts';
import { switchingTimes } from './device/spread.ts';
import { type Answer, completed, denied, type Verb } from './device/verb.ts';
import type { PlantSwitch } from './plant-switch.ts';
import type { SwitchFamily } from './switch-family.ts';

export interface CalientProfile extends SwitchProfile, CalientThresholds {}

export const calientDefaults = (machine: string): CalientProfile => ({
  ...deviceDefaults(machine),
  // 3083 with a prompt (MonALISA, cloudshell-L1-calient), 3082 raw (Pynt). No source shows an echo [U].
  listeners: [
    { tcpPort: 3083, hasEcho: false, prompt: '\r\nagent> ', greeting: '' },
    { tcpPort: 3082, hasEcho: false, prompt: '', greeting: '' },
  ],
  commandTime: ms(10), // [U] on a modern controller; an old PXC took 73 s for all its cross-connects (Pynt)
  switchingTime: ms(50), // [I] general knowledge: under 50 ms
  criticalPower: dbm(-18), // Pynt's sample INOPTCRIT=-18.0
  degradedPower: dbm(-15), // Pynt's sample INOPTDEGR=-15.00
  hysteresis: db(1), // [U]
  sendsAlarms: true, // [K] the g2mpls plugin follows link state by REPT ALM
  alarmLatency: ms(10), // [I]
});

/** `10.1a.1` and on: shelf 10, cards 1a, 2a, … of eight ports each (Pynt: 128 ports are 10.1a.1 to 10.16a.8). */
export const calientPortLabels = (n: number): string[] =>
  Array.from({ length: n }, (_, i) => `10.${Math.floor(i / 8) + 1}a.${(i % 8) + 1}`);

export const calient: SwitchFamily = {
  program: (platform, optics, profile) =>
    serveThroughRestarts(platform, { ...calientDefaults(platform.machine), ...profile }, (boot, full) =>
      new Calient(boot, optics, full).serve(),
    ),
  portLabels: calientPortLabels,
  tcpPort: 3083,
  insertionLoss: db(2.5), // [I] 2 to 3 dB
  defaults: calientDefaults,
  profiles: {
    // A login that is not active yet; Pynt waits 0.5 s.
    'login-race': { loginSettling: ms(400) },
    // 73 s for all cross-connects of a PXC (Pynt); for 64 connections of a 128-port box that is 1.14 s a line [I].
    old: { lineTime: ms(1140) },
  },
};

type Command = Required<Tl1Command>;

class Calient {
  readonly #optics: PlantSwitch;
  readonly #profile: CalientProfile;
  readonly #connections: CalientConnections;
  readonly #alarms: CalientAlarms;
  readonly #device: Device;

  constructor(platform: Platform, optics: PlantSwitch, profile: CalientProfile) {
    this.#optics = optics;
    this.#profile = profile;
    this.#alarms = new CalientAlarms(platform.clock, optics, profile, (said) => this.#device.announce(said));
    const mirrors = new Mirrors(platform.clock, optics, switchingTimes(profile, platform.random));
    this.#connections = new CalientConnections(optics, mirrors, this.#alarms.watch);
    this.#device = new Device(platform, profile, this.#verbs());
  }

  serve(): Promise<void> {
    return this.#device.serve();
  }

  #verbs(): ReadonlyMap<string, Verb> {
    return new Map<string, Verb>([
      ['ENT-CRS', (command) => this.#enter(command)],
      ['DLT-CRS', (command) => this.#delete(command)],
      ['RTRV-CRS', (command) => this.#listConnections(command)],
      ['RTRV-DET-EQPT', (command) => this.#detail(command)],
      ['RTRV-PORT', (command) => this.#listPorts(command)],
      ['RTRV-ALM-ALL', () => completed(this.#alarms.lines())],
    ]);
  }

  /** `ent-crs::SRC,DST:ctag::[GRP],2way|1way;` */
  async #enter(command: Command): Promise<Answer> {
    const [source = '', destination = '', ...more] = command.aid.split(',');
    const way = payload(command, 1).toUpperCase();
    if (more.length > 0 || destination === '') return this.#invalidAid();
    if (way !== '1WAY' && way !== '2WAY')
      return denied(this.#profile.codes.invalidParameter, 'Parameter, Not Valid');
    const connection: CalientConnection = { source, destination, isTwoWay: way === '2WAY' };
    const entered = this.#connections.enter(connection, SYSTEM_GROUP);
    // [K] the text, for a busy port and for an absent one (g2mpls); [U] the code.
    if (entered === null) return denied(this.#profile.codes.busyPort, 'Invalid Connection');
    await this.#connections.activate(entered);
    return completed();
  }

  /** `dlt-crs:::ctag::SRC-DST;` or `SRC>DST`: the whole connection by its name. */
  #delete(command: Command): Answer {
    const connection = this.#connections.named(payload(command, 0));
    if (connection === null) return denied(this.#profile.codes.noConnection, 'Invalid Connection');
    this.#connections.remove(connection);
    return completed();
  }

  /**
   * `rtrv-crs::,:ctag::,,;` `rtrv-crs:::ctag;` and `rtrv-crs:::ctag::ALL;` list all; `::GRP;` those of a group; `::,NAME;`
   * one; `::GRP,NAME;` one with its powers. A name that is not there gives an empty list [I].
   */
  #listConnections(command: Command): Answer {
    const [group, name] = [payload(command, 0), payload(command, 1)];
    const isAll = group.toUpperCase() === 'ALL';
    const isGroup = group === '' || isAll || group.toUpperCase() === SYSTEM_GROUP;
    const chosen = this.#connections.list().filter((c) => isGroup && (name === '' || c.name === name));
    const withPower = group !== '' && !isAll && name !== '';
    return completed(chosen.map((c) => this.#connectionLine(c, withPower)));
  }

  #connectionLine(c: NamedConnection, withPower: boolean): string {
    const { source, destination } = c;
    const at = (port: string, direction: 'in' | 'out'): Dbm => this.#optics.power(port, direction);
    const power: ConnectionPower = {
      forwardIn: at(source, 'in'),
      forwardOut: at(destination, 'out'),
      reverseIn: at(destination, 'in'),
      reverseOut: at(source, 'out'),
    };
    const inputs = c.isTwoWay ? [source, destination] : [source];
    const state = {
      ...c,
      isCarrying: this.#connections.isSettled(c) && inputs.every((port) => this.#alarms.watch.isLit(port)),
      alarm: this.#alarms.worstAt(inputs),
    };
    return connectionLine(state, withPower ? power : null);
  }

  /** One port to a command. */
  #detail(command: Command): Answer {
    if (!this.#optics.hasPort(command.aid)) return this.#invalidAid();
    return completed([detailLine(this.#portState(command.aid))]);
  }

  /** A port; a shelf or card with all its ports; `EQPT:ctag::,free` with the ports in no connection. */
  #listPorts(command: Command): Answer {
    const { criticalPower: critical, degradedPower: degraded } = this.#profile;
    if (this.#optics.hasPort(command.aid))
      return completed([portLine(this.#portState(command.aid), { critical, degraded })]);
    const isFreeOnly = payload(command, 1).toUpperCase() === 'FREE';
    const isEverything = command.aid.toUpperCase() === 'EQPT';
    const states = this.#optics.ports
      .filter((port) => isEverything || port.startsWith(`${command.aid}.`))
      .map((port) => this.#portState(port))
      .filter((state) => !isFreeOnly || (state.inConnection === null && state.outConnection === null));
    if (states.length === 0 && !isEverything) return this.#invalidAid();
    return completed(states.map(portListLine));
  }

  #portState(aid: string): PortState {
    return {
      aid,
      inPower: this.#optics.power(aid, 'in'),
      outPower: this.#optics.power(aid, 'out'),
      inConnection: this.#connections.nameAt(aid, 'in'),
      outConnection: this.#connections.nameAt(aid, 'out'),
      isCritical: !this.#alarms.watch.isLit(aid),
      isDegraded: this.#alarms.isDegraded(aid),
    };
  }

  #invalidAid(): Answer {
    return denied(this.#profile.codes.invalidAid, 'Input, Invalid Access Identifier');
  }
}

/** The parameter at `position` of the first payload block, or the empty text. */
const payload = (command: Command, position: number): string =>
  parseParameters(command.payload[0] ?? '')[position]?.value ?? '';
