// A Calient DiamondWave PXC as its clients know it: connections have names, one-way or two-way; power is asked
// port by port; alarms come by themselves. Sources: MonALISA (CalientTelnet, monOSPortsPower), Pynt, the g2mpls
// plugin (alarms). Left out: circuits, GMPLS. The later S series is in calient-s.ts.

import { type Dbm, db, dbm } from '../src/core/quantity.ts';
import { ms } from '../src/core/time.ts';
import type { Platform } from '../src/platform/platform.ts';
import type { Tl1Command } from '../src/tl1/command.ts';
import { SYSTEM_GROUP } from './calient-connections.ts';
import { type EquipmentFields, equipmentLines, thresholdLine } from './calient-equipment.ts';
import {
  type CalientConnection,
  type ConnectionPower,
  connectionLine,
  detailLine,
  elementLine,
  MATRIX,
  type PortState,
  portLine,
  portListLine,
} from './calient-lines.ts';
import { CalientMatrix, type CalientProfile, connectionOf, payload, wayOf } from './calient-matrix.ts';
import { Device } from './device/device.ts';
import { deviceDefaults } from './device/profile.ts';
import { serveThroughRestarts } from './device/restarts.ts';
import { type Answer, completed, type Verb } from './device/verb.ts';
import type { PlantSwitch } from './plant-switch.ts';
import type { SwitchFamily } from './switch-family.ts';

export interface PxcProfile extends CalientProfile {
  /** The matrix that RTRV-CFG-SWC asks after: MATRIXUSED of a sample. */
  readonly matrix: string;
  /** [U] what RTRV-EQPT says of a shelf, a card and a port besides its kind. */
  readonly equipment: EquipmentFields;
}

/** What both series have unless they say otherwise. */
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
  groups: [SYSTEM_GROUP],
});

const pxcDefaults = (machine: string): PxcProfile => ({
  ...calientDefaults(machine),
  matrix: MATRIX,
  equipment: { shelf: [['STATUS', 'OK']], card: [['STATUS', 'OK']], port: [['STATUS', 'OK']] },
  // [K] the verbs (MonALISA); [U] what they say, so nothing here.
  listingsByName: {
    'RTRV-ENV-EQPT': [],
    'RTRV-MEM-EQPT': [],
    'RTRV-CFG-OSPF': [],
    'RTRV-CFG-RSVP': [],
    'RTRV-CTRLCH': [],
    'RTRV-ADJ': [],
    'RTRV-LINK': [],
    'RTRV-CONN': [],
    'RTRV-CFG-CONN': [],
  },
});

/** `10.1a.1` and on: shelf 10, cards 1a, 2a, … of eight ports each (Pynt: 128 ports are 10.1a.1 to 10.16a.8). */
export const calientPortLabels = (n: number): string[] =>
  Array.from({ length: n }, (_, i) => `10.${Math.floor(i / 8) + 1}a.${(i % 8) + 1}`);

const variant = (changes: Partial<PxcProfile>): Partial<PxcProfile> => changes;

export const calient: SwitchFamily = {
  program: (platform, optics, profile) =>
    serveThroughRestarts(platform, { ...pxcDefaults(platform.machine), ...profile }, (boot, full) =>
      new Calient(boot, optics, full).serve(),
    ),
  portLabels: calientPortLabels,
  tcpPort: 3083,
  insertionLoss: db(2.5), // [I] 2 to 3 dB
  defaults: pxcDefaults,
  profiles: {
    groups: variant({ groups: [SYSTEM_GROUP, 'LAMBDA'] }),
    // A login that is not active yet; Pynt waits 0.5 s.
    'login-race': { loginSettling: ms(400) },
    // 73 s for all cross-connects of a PXC (Pynt); for 64 connections of a 128-port box that is 1.14 s a line [I].
    old: { lineTime: ms(1140) },
  },
};

type Command = Required<Tl1Command>;

class Calient {
  readonly #profile: PxcProfile;
  readonly #matrix: CalientMatrix;
  readonly #device: Device;

  constructor(platform: Platform, optics: PlantSwitch, profile: PxcProfile) {
    this.#profile = profile;
    this.#matrix = new CalientMatrix(platform, optics, profile, (said) => this.#device.announce(said));
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
      ['RTRV-GRP-CRS', () => completed(this.#profile.groups)], // [U] the line
      ['RTRV-EQPT', (command) => this.#equipment(command)],
      ['RTRV-NE', () => completed([elementLine(this.#profile.sid)])], // as of the S series [I]
      ['RTRV-CFG-SWC', (command) => this.#thresholds(command)],
      ['RTRV-ALM-ALL', () => completed(this.#matrix.alarms.lines())],
    ]);
  }

  /** `ent-crs::SRC,DST:ctag::[GRP],2way|1way;` */
  async #enter(command: Command): Promise<Answer> {
    const [group, way] = [this.#matrix.group(payload(command, 0)), wayOf(payload(command, 1))];
    if (group === null || way === null) return this.#matrix.deny('parameter');
    const connection = connectionOf(command.aid, way);
    if (connection === null) return this.#matrix.deny('aid');
    const { connections } = this.#matrix;
    const entered = connections.enter(connection, group);
    if (entered === null) return this.#matrix.deny('busy');
    await connections.activate(entered);
    return completed();
  }

  /** `dlt-crs:::ctag::SRC-DST;` or `SRC>DST`: the whole connection by its name. */
  #delete(command: Command): Answer {
    const { connections } = this.#matrix;
    const connection = connections.named(payload(command, 0));
    if (connection === null) return this.#matrix.deny('absent');
    connections.remove(connection);
    return completed();
  }

  /**
   * `rtrv-crs::,:ctag::,,;` `rtrv-crs:::ctag;` and `rtrv-crs:::ctag::ALL;` list all; `::GRP;` those of a group; `::,NAME;`
   * one; `::GRP,NAME;` one with its powers.
   */
  #listConnections(command: Command): Answer {
    const [group, name] = [payload(command, 0), payload(command, 1)];
    const withPower = group !== '' && group.toUpperCase() !== 'ALL' && name !== '';
    const lines = this.#matrix
      .chosen(group, name)
      .map((c) => connectionLine(this.#matrix.state(c), withPower ? this.#power(c) : null));
    return completed(lines);
  }

  #power({ source, destination }: CalientConnection): ConnectionPower {
    const at = (port: string, direction: 'in' | 'out'): Dbm => this.#matrix.optics.power(port, direction);
    return {
      forwardIn: at(source, 'in'),
      forwardOut: at(destination, 'out'),
      reverseIn: at(destination, 'in'),
      reverseOut: at(source, 'out'),
    };
  }

  #equipment(command: Command): Answer {
    const lines = equipmentLines(command.aid, this.#matrix.optics.ports, this.#profile.equipment);
    return lines === null ? this.#matrix.deny('aid') : completed(lines);
  }

  #thresholds({ aid }: Command): Answer {
    const { matrix, criticalPower: critical, degradedPower: degraded } = this.#profile;
    return aid === matrix
      ? completed([thresholdLine(aid, { critical, degraded })])
      : this.#matrix.deny('aid');
  }

  /** One port to a command. */
  #detail(command: Command): Answer {
    if (!this.#matrix.optics.hasPort(command.aid)) return this.#matrix.deny('aid');
    return completed([detailLine(this.#portState(command.aid))]);
  }

  /** A port; a shelf or card with all its ports; `EQPT:ctag::,free` with the ports in no connection. */
  #listPorts(command: Command): Answer {
    const { criticalPower: critical, degradedPower: degraded } = this.#profile;
    if (this.#matrix.optics.hasPort(command.aid))
      return completed([portLine(this.#portState(command.aid), { critical, degraded })]);
    const isFreeOnly = payload(command, 1).toUpperCase() === 'FREE';
    const isEverything = command.aid.toUpperCase() === 'EQPT';
    const states = this.#matrix.optics.ports
      .filter((port) => isEverything || port.startsWith(`${command.aid}.`))
      .map((port) => this.#portState(port))
      .filter((state) => !isFreeOnly || (state.inConnection === null && state.outConnection === null));
    if (states.length === 0 && !isEverything) return this.#matrix.deny('aid');
    return completed(states.map(portListLine));
  }

  #portState(aid: string): PortState {
    return {
      aid,
      inPower: this.#matrix.optics.power(aid, 'in'),
      outPower: this.#matrix.optics.power(aid, 'out'),
      inConnection: this.#matrix.connections.nameAt(aid, 'in'),
      outConnection: this.#matrix.connections.nameAt(aid, 'out'),
      isCritical: !this.#matrix.alarms.watch.isLit(aid),
      isDegraded: this.#matrix.alarms.isDegraded(aid),
    };
  }
}
