// A Calient of the S series as its clients know it: a connection is entered and then activated, deactivated and then
// deleted, and is in a group; power comes in the port summary. Sources: cloudshell-L1-calient, the g2mpls plugin,
// Lawo's driver page. Left out: save and recall, loopback sets, equipment inventory.

import { db } from '../src/core/quantity.ts';
import { type Duration, ms } from '../src/core/time.ts';
import type { Platform } from '../src/platform/platform.ts';
import type { Tl1Command } from '../src/tl1/command.ts';
import { formatNamed } from '../src/tl1/fields.ts';
import { calientDefaults } from './calient.ts';
import type { CalientConnections, NamedConnection } from './calient-connections.ts';
import { connectionFields, elementLine } from './calient-lines.ts';
import { CalientMatrix, type CalientProfile, connectionOf, payload, wayOf } from './calient-matrix.ts';
import { fiberConnectLine, pairsOf, summaryLine } from './calient-s-lines.ts';
import { Device } from './device/device.ts';
import { serveThroughRestarts } from './device/restarts.ts';
import { type Answer, completed, type Verb } from './device/verb.ts';
import type { PlantSwitch } from './plant-switch.ts';
import type { SwitchFamily } from './switch-family.ts';

export interface CalientSProfile extends CalientProfile {
  /** Whether ACT-CRS answers before the mirrors stand: g2mpls asks up to ten times whether they do [I]. */
  readonly answersEarly: boolean;
  /** How long all connections of one ENT-CRS-BULK take together. */
  readonly bulkTime: Duration;
  /** Whether ENT-CRS-BULK takes away what is in its way, instead of being refused [I: S320 guide, "resolves conflicts itself"]. */
  readonly resolvesConflicts: boolean;
}

const defaults = (machine: string): CalientSProfile => ({
  ...calientDefaults(machine),
  switchingTime: ms(40), // [I] 25 to 50 ms
  greetUser: (user) => ({ lines: [`${user}:${user},2`], comments: ['For authorised users only.'] }), // [K] text and a notice; its words are ours
  answersEarly: false, // [U]
  bulkTime: ms(200), // [K] up to 200 ms (S320 guide)
  resolvesConflicts: false, // [U] the default
  // [K] the verbs (Lawo; GG4); [U] what they say, so nothing here.
  listingsByName: { 'RTRV-IP': [], 'RTRV-SAVERECALL': [] },
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
    // [K] up to 500 ms where the switch resolves conflicts itself (S320 guide).
    'resolves-conflicts': variant({ resolvesConflicts: true, bulkTime: ms(500) }),
    'early-answer': variant({ answersEarly: true }),
    'login-race': variant({ loginSettling: ms(400) }),
  },
};

type Command = Required<Tl1Command>;

class CalientS {
  readonly #profile: CalientSProfile;
  readonly #matrix: CalientMatrix;
  readonly #device: Device;

  constructor(platform: Platform, optics: PlantSwitch, profile: CalientSProfile) {
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
      ['ACT-CRS', (command) => this.#activate(command)],
      ['CANC-CRS', (command) => this.#deactivate(command)],
      ['DLT-CRS', (command) => this.#delete(command)],
      ['ENT-CRS-BULK', (command) => this.#enterMany(command)],
      ['DLT-CRS-ALL', (command) => this.#deleteAll(command)],
      ['RTRV-CRS', (command) => this.#listConnections(command)],
      ['RTRV-GRP-CRS', () => completed(this.#profile.groups)], // [U] the line
      ['RTRV-PORT-SUM', (command) => this.#portSummary(command)],
      ['RTRV-PORT', (command) => this.#port(command)],
      ['RTRV-NE', () => completed([elementLine(this.#profile.sid)])],
      ['RTRV-ALM-ALL', () => completed(this.#matrix.alarms.lines())],
    ]);
  }

  /** `ENT-CRS::s,d:ctag::GROUP,2WAY;` — takes the ports, moves nothing. An empty group is SYSTEM (g2mpls leaves it empty). */
  #enter(command: Command): Answer {
    const [group, way] = [this.#matrix.group(payload(command, 0)), wayOf(payload(command, 1))];
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
    const [group, way] = [this.#matrix.group(payload(command, 0)), wayOf(payload(command, 1))];
    if (group === null || way === null) return this.#deny('parameter');
    const pairs = pairsOf(command.aid)?.map((aid) => connectionOf(aid, way)) ?? [];
    const known = pairs.filter((pair) => pair !== null);
    if (known.length === 0 || known.length < pairs.length) return this.#deny('aid');
    const { connections } = this.#matrix;
    if (this.#profile.resolvesConflicts) connections.clear(known);
    const entered = known.map((pair) => connections.enter(pair, group)).filter((made) => made !== null);
    if (entered.length < known.length) {
      for (const made of entered) connections.remove(made);
      return this.#deny('busy');
    }
    await this.#matrix.activateTogether(entered, this.#profile.bulkTime);
    return completed();
  }

  /** The verb is known (GG4); that it takes a group, and all without one, is [I]. */
  #deleteAll(command: Command): Answer {
    const group = payload(command, 0);
    if (group !== '' && this.#matrix.group(group) === null) return this.#deny('parameter');
    const chosen = this.#connections.list().filter((c) => group === '' || c.group === group);
    for (const connection of chosen) this.#connections.remove(connection);
    return completed();
  }

  /** `RTRV-CRS:::ctag::ALL;` and no payload: all; `::GRP;` those of a group; `::GRP,NAME;` one. */
  #listConnections(command: Command): Answer {
    const chosen = this.#matrix.chosen(payload(command, 0), payload(command, 1));
    return completed(chosen.map((c) => formatNamed(c.name, connectionFields(this.#matrix.state(c)))));
  }

  /** `RTRV-PORT::PORT:ctag;` in the form of a FiberConnect (g2mpls). */
  #port({ aid }: Command): Answer {
    if (!this.#optics.hasPort(aid)) return this.#deny('aid');
    return completed([fiberConnectLine(aid, this.#matrix.alarms.watch.isLit(aid))]);
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
    return found !== null && found.group === this.#matrix.group(group) ? found : null;
  }

  get #optics(): PlantSwitch {
    return this.#matrix.optics;
  }

  get #connections(): CalientConnections {
    return this.#matrix.connections;
  }

  #deny(mistake: 'aid' | 'parameter' | 'busy' | 'absent'): Answer {
    return this.#matrix.deny(mistake);
  }
}
