// A Calient of the S series as its clients know it: a connection is entered and then activated, deactivated and then
// deleted, and is in a group; power comes in the port summary. Sources: cloudshell-L1-calient, the g2mpls plugin,
// Lawo's driver page. Left out: save and recall, loopback sets, equipment inventory.

import { db } from '../src/core/quantity.ts';
import { type Duration, ms } from '../src/core/time.ts';
import type { Platform } from '../src/platform/platform.ts';
import type { Tl1Command } from '../src/tl1/command.ts';
import { formatNamed, parseParameters } from '../src/tl1/fields.ts';
import { CalientAlarms } from './calient-alarms.ts';
import { calientDefaults, type CalientProfile } from './calient.ts';
import { CalientConnections, type NamedConnection, SYSTEM_GROUP } from './calient-connections.ts';
import { connectionFields } from './calient-lines.ts';
import { connectionOf, elementLine, pairsOf, summaryLine, wayOf } from './calient-s-lines.ts';
import { Device } from './device/device.ts';
import { Mirrors } from './device/mirrors.ts';
import { serveThroughRestarts } from './device/restarts.ts';
import { switchingTimes } from './device/spread.ts';
import { type Answer, completed, denied, type Verb } from './device/verb.ts';
import type { PlantSwitch } from './plant-switch.ts';
import type { SwitchFamily } from './switch-family.ts';

export interface CalientSProfile extends CalientProfile {
  /** Connections can be in one of these; how groups are made is not known [U]. */
  readonly groups: readonly string[];
  /** Whether ACT-CRS answers before the mirrors stand: g2mpls asks up to ten times whether they do [I]. */
  readonly answersEarly: boolean;
  /** How long all connections of one ENT-CRS-BULK take together. */
  readonly bulkTime: Duration;
}

const defaults = (machine: string): CalientSProfile => ({
  ...calientDefaults(machine),
  switchingTime: ms(40), // [I] 25 to 50 ms
  greetUser: (user) => ({ lines: [`${user}:${user},2`], comments: ['For authorised users only.'] }), // [K] text and a notice; its words are ours
  groups: [SYSTEM_GROUP],
  answersEarly: false, // [U]
  bulkTime: ms(200), // [K] up to 200 ms, up to 500 ms where the switch resolves conflicts itself (S320 guide)
});

const variant = (changes: Partial<CalientSProfile>): Partial<CalientSProfile> => changes;

/** `1.1.1` and on, to 6.8.8 and beyond: segments of eight fibre blocks of eight ports each. */
const portLabels = (n: number): string[] =>
  Array.from(
    { length: n },
    (_, i) => `${Math.floor(i / 64) + 1}.${(Math.floor(i / 8) % 8) + 1}.${(i % 8) + 1}`,
  );

export const calientS: SwitchFamily = {
  program: (platform, optics, profile) =>
    serveThroughRestarts(platform, { ...defaults(platform.machine), ...profile }, (boot, full) =>
      new CalientS(boot, optics, full).serve(),
    ),
  portLabels,
  tcpPort: 3083,
  insertionLoss: db(2.2), // [I] 1.5 to 3 dB
  defaults,
  profiles: {
    'early-answer': variant({ answersEarly: true }),
    'login-race': variant({ loginSettling: ms(400) }),
  },
};

type Command = Required<Tl1Command>;

class CalientS {
  readonly #optics: PlantSwitch;
  readonly #profile: CalientSProfile;
  readonly #alarms: CalientAlarms;
  readonly #connections: CalientConnections;
  readonly #device: Device;
  #switchingTime: () => Duration;

  constructor(platform: Platform, optics: PlantSwitch, profile: CalientSProfile) {
    this.#optics = optics;
    this.#profile = profile;
    this.#alarms = new CalientAlarms(platform.clock, optics, profile, (said) => this.#device.announce(said));
    this.#switchingTime = switchingTimes(profile, platform.random);
    const mirrors = new Mirrors(platform.clock, optics, () => this.#switchingTime());
    this.#connections = new CalientConnections(optics, mirrors, this.#alarms.watch);
    this.#device = new Device(platform, profile, this.#verbs());
  }

  serve(): Promise<void> {
    return this.#device.serve();
  }

  #verbs(): ReadonlyMap<string, Verb> {
    return new Map<string, Verb>([
      ['ENT-CRS', (command) => this.#enter(command)],
      ['ACT-CRS', (command) => this.#activate(command)],
      ['CANC-CRS', (command) => this.#deactivate(command)],
      ['DLT-CRS', (command) => this.#delete(command)],
      ['ENT-CRS-BULK', (command) => this.#enterMany(command)],
      ['DLT-CRS-ALL', (command) => this.#deleteAll(command)],
      ['RTRV-CRS', (command) => this.#listConnections(command)],
      ['RTRV-GRP-CRS', () => completed(this.#profile.groups)], // [U] the line
      ['RTRV-PORT-SUM', (command) => this.#portSummary(command)],
      ['RTRV-NE', () => completed([elementLine(this.#profile.sid)])],
      ['RTRV-ALM-ALL', () => completed(this.#alarms.lines())],
    ]);
  }

  /** `ENT-CRS::s,d:ctag::GROUP,2WAY;` — takes the ports, moves nothing. An empty group is SYSTEM (g2mpls leaves it empty). */
  #enter(command: Command): Answer {
    const [group, way] = [this.#group(payload(command, 0)), wayOf(payload(command, 1))];
    if (group === null || way === null) return this.#deny('parameter');
    const connection = connectionOf(command.aid, way);
    if (connection === null) return this.#deny('aid');
    return this.#connections.enter(connection, group) === null ? this.#deny('busy') : completed();
  }

  /** `ACT-CRS::s,d:ctag::NAME,GROUP;` */
  async #activate(command: Command): Promise<Answer> {
    const connection = this.#find(payload(command, 0), payload(command, 1));
    if (connection === null || connection.isActive) return this.#deny('absent');
    const done = this.#connections.activate(connection);
    if (!this.#profile.answersEarly) await done;
    return completed();
  }

  /** `CANC-CRS::s,d:ctag::,GROUP,NAME;` */
  #deactivate(command: Command): Answer {
    const connection = this.#find(payload(command, 2), payload(command, 1));
    if (connection === null || !connection.isActive) return this.#deny('absent');
    this.#connections.deactivate(connection);
    return completed();
  }

  /** `DLT-CRS::s,d:ctag::,GROUP,NAME;` — refused while it is active [I]. */
  #delete(command: Command): Answer {
    const connection = this.#find(payload(command, 2), payload(command, 1));
    if (connection === null || connection.isActive) return this.#deny('absent');
    this.#connections.remove(connection);
    return completed();
  }

  /** The verb is known (GG4), its form is not [U]: here `ENT-CRS-BULK::s&s,d&d:ctag::GROUP,2WAY;`, all or none, active at once. */
  async #enterMany(command: Command): Promise<Answer> {
    const [group, way] = [this.#group(payload(command, 0)), wayOf(payload(command, 1))];
    if (group === null || way === null) return this.#deny('parameter');
    const pairs = pairsOf(command.aid)?.map((aid) => connectionOf(aid, way)) ?? [];
    if (pairs.length === 0 || pairs.includes(null)) return this.#deny('aid');
    const entered: NamedConnection[] = [];
    for (const pair of pairs) {
      const made = pair === null ? null : this.#connections.enter(pair, group);
      if (made !== null) entered.push(made);
    }
    if (entered.length < pairs.length) {
      for (const made of entered) this.#connections.remove(made);
      return this.#deny('busy');
    }
    const one = this.#switchingTime;
    this.#switchingTime = () => this.#profile.bulkTime;
    const done = entered.map((made) => this.#connections.activate(made));
    this.#switchingTime = one;
    await Promise.all(done);
    return completed();
  }

  /** The verb is known (GG4); that it takes a group, and all without one, is [I]. */
  #deleteAll(command: Command): Answer {
    const group = payload(command, 0);
    if (group !== '' && this.#group(group) === null) return this.#deny('parameter');
    const chosen = this.#connections.list().filter((c) => group === '' || c.group === group);
    for (const connection of chosen) this.#connections.remove(connection);
    return completed();
  }

  /** `RTRV-CRS:::ctag::ALL;` and no payload: all; `::GRP;` those of a group; `::GRP,NAME;` one. */
  #listConnections(command: Command): Answer {
    const [group, name] = [payload(command, 0), payload(command, 1)];
    const isAny = group === '' || group.toUpperCase() === 'ALL';
    const chosen = this.#connections
      .list()
      .filter((c) => (isAny || c.group === group) && (name === '' || c.name === name));
    return completed(chosen.map((c) => this.#connectionLine(c)));
  }

  #connectionLine(c: NamedConnection): string {
    const inputs = c.isTwoWay ? [c.source, c.destination] : [c.source];
    const isCarrying =
      this.#connections.isSettled(c) && inputs.every((port) => this.#alarms.watch.isLit(port));
    return formatNamed(c.name, connectionFields({ ...c, isCarrying, alarm: this.#alarms.worstAt(inputs) }));
  }

  /** `::PORT;` or `::0;` for all. */
  #portSummary(command: Command): Answer {
    if (command.aid === '0') return completed(this.#optics.ports.map((port) => this.#portLine(port)));
    if (!this.#optics.hasPort(command.aid)) return this.#deny('aid');
    return completed([this.#portLine(command.aid)]);
  }

  #portLine(port: string): string {
    const at = (direction: 'in' | 'out'): NamedConnection | null => {
      const name = this.#connections.nameAt(port, direction);
      return name === null ? null : this.#connections.named(name);
    };
    const [inPower, outPower] = [this.#optics.power(port, 'in'), this.#optics.power(port, 'out')];
    return summaryLine({ aid: port, inPower, outPower, connections: [at('in'), at('out')] });
  }

  #find(name: string, group: string): NamedConnection | null {
    const found = this.#connections.named(name);
    return found !== null && found.group === this.#group(group) ? found : null;
  }

  #group(text: string): string | null {
    const group = text === '' ? SYSTEM_GROUP : text;
    return this.#profile.groups.includes(group) ? group : null;
  }

  #deny(mistake: 'aid' | 'parameter' | 'busy' | 'absent'): Answer {
    const { codes } = this.#profile;
    switch (mistake) {
      case 'aid':
        return denied(codes.invalidAid, 'Input, Invalid Access Identifier');
      case 'parameter':
        return denied(codes.invalidParameter, 'Parameter, Not Valid');
      case 'busy':
        return denied(codes.busyPort, 'Invalid Connection'); // [K] the text (g2mpls)
      case 'absent':
        return denied(codes.noConnection, 'Invalid Connection');
    }
  }
}

/** The parameter at `position` of the first payload block, or the empty text. */
const payload = (command: Command, position: number): string =>
  parseParameters(command.payload[0] ?? '')[position]?.value ?? '';
