// A Calient DiamondWave PXC as its clients know it: connections have names, one-way or two-way; power is asked
// port by port; alarms come by themselves. Sources: MonALISA (CalientTelnet, monOSPortsPower), Pynt, the g2mpls
// plugin (alarms). Left out: the two steps of the later S series, groups, circuits, equipment inventory, GMPLS.

import { type Db, type Dbm, db, dbm } from '../src/core/quantity.ts';
import { ms } from '../src/core/time.ts';
import type { Platform } from '../src/platform/platform.ts';
import type { Tl1Command } from '../src/tl1/command.ts';
import { parseParameters } from '../src/tl1/fields.ts';
import { CalientConnections } from './calient-connections.ts';
import {
  type CalientConnection,
  type ConnectionPower,
  connectionLine,
  connectionName,
  detailLine,
  type PortState,
  portLine,
  portListLine,
} from './calient-lines.ts';
import { AlarmBoard } from './device/alarm-board.ts';
import { Device } from './device/device.ts';
import { Mirrors } from './device/mirrors.ts';
import { PowerWatch } from './device/power-watch.ts';
import { deviceDefaults, type SwitchProfile } from './device/profile.ts';
import { switchingTimes } from './device/spread.ts';
import { type Answer, completed, denied, type Verb } from './device/verb.ts';
import type { PlantSwitch } from './plant-switch.ts';
import type { SwitchFamily } from './switch-family.ts';

export interface CalientProfile extends SwitchProfile {
  /** INOPTCRIT: below this a port in use raises its alarm. */
  readonly criticalPower: Dbm;
  /** INOPTDEGR: only shown. */
  readonly degradedPower: Dbm;
  /** How far above the threshold light must come back. */
  readonly hysteresis: Db;
}

/** The group that a connection is in unless its maker says otherwise (Pynt: "nearly always SYSTEM"). */
const GROUP = 'SYSTEM';

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
  program: (platform, optics, profile) => calientEmulator(platform, optics, profile),
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

/** Ends when the profile's `until` is aborted. The ports of `optics` have AIDs for names. */
export async function calientEmulator(
  platform: Platform,
  optics: PlantSwitch,
  profile: Partial<CalientProfile> = {},
): Promise<void> {
  await new Calient(platform, optics, { ...calientDefaults(platform.machine), ...profile }).serve();
}

type Command = Required<Tl1Command>;

class Calient {
  readonly #optics: PlantSwitch;
  readonly #profile: CalientProfile;
  readonly #connections: CalientConnections;
  readonly #watch: PowerWatch;
  readonly #alarms: AlarmBoard;
  readonly #device: Device;

  constructor(platform: Platform, optics: PlantSwitch, profile: CalientProfile) {
    this.#optics = optics;
    this.#profile = profile;
    this.#watch = new PowerWatch({
      optics,
      threshold: profile.criticalPower,
      hysteresis: profile.hysteresis,
    });
    const mirrors = new Mirrors(platform.clock, optics, switchingTimes(profile, platform.random));
    this.#connections = new CalientConnections(optics, mirrors, this.#watch);
    this.#device = new Device(platform, profile, this.#verbs());
    this.#alarms = new AlarmBoard({
      clock: platform.clock,
      latency: profile.alarmLatency,
      verb: 'REPT ALM EQPT', // [I]
      // [K] a Calient leaves locn and dirn off; [I] the name of the condition and the text.
      kind: {
        severity: 'CR',
        condition: 'LOS',
        serviceEffect: 'SA',
        location: '',
        direction: '',
        text: 'Input optical power below critical threshold',
      },
      announce: (announcement) => this.#device.announce(announcement),
    });
    if (profile.sendsAlarms)
      this.#watch.onChange((port) => this.#alarms.update(port, this.#watch.hasLost(port)));
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
    const made = this.#connections.make(connection);
    // [K] the text, for a busy port and for an absent one (g2mpls); [U] the code.
    if (made === null) return denied(this.#profile.codes.busyPort, 'Invalid Connection');
    await made;
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
    const isGroup = group === '' || isAll || group.toUpperCase() === GROUP;
    const chosen = this.#connections
      .list()
      .filter((c) => isGroup && (name === '' || connectionName(c) === name));
    const withPower = group !== '' && !isAll && name !== '';
    return completed(chosen.map((c) => this.#connectionLine(c, withPower)));
  }

  #connectionLine(c: CalientConnection, withPower: boolean): string {
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
      group: GROUP,
      isCarrying: this.#connections.isSettled(c) && inputs.every((port) => this.#watch.isLit(port)),
      hasAlarm: inputs.some((port) => this.#alarms.isStanding(port)),
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
    const inPower = this.#optics.power(aid, 'in');
    return {
      aid,
      inPower,
      outPower: this.#optics.power(aid, 'out'),
      inConnection: this.#connections.nameAt(aid, 'in'),
      outConnection: this.#connections.nameAt(aid, 'out'),
      isCritical: !this.#watch.isLit(aid),
      isDegraded: inPower < this.#profile.degradedPower,
    };
  }

  #invalidAid(): Answer {
    return denied(this.#profile.codes.invalidAid, 'Input, Invalid Access Identifier');
  }
}

/** The parameter at `position` of the first payload block, or the empty text. */
const payload = (command: Command, position: number): string =>
  parseParameters(command.payload[0] ?? '')[position]?.value ?? '';
