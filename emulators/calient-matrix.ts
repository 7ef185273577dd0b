// What both series of Calient have behind their commands: mirrors, named connections in groups, alarms by thresholds,
// and the words of a refusal. How a connection is made and listed is each series' own.

import type { Duration } from '../src/core/time.ts';
import type { Platform } from '../src/platform/platform.ts';
import type { Tl1Command } from '../src/tl1/command.ts';
import { parseParameters } from '../src/tl1/fields.ts';
import { CalientAlarms, type CalientThresholds } from './calient-alarms.ts';
import { CalientConnections, type NamedConnection, SYSTEM_GROUP } from './calient-connections.ts';
import type { CalientConnection, ConnectionState } from './calient-lines.ts';
import type { Announcement } from './device/announcement.ts';
import { Mirrors } from './device/mirrors.ts';
import type { SwitchProfile } from './device/profile.ts';
import { switchingTimes } from './device/spread.ts';
import { type Answer, denied } from './device/verb.ts';
import type { PlantSwitch } from './plant-switch.ts';

export interface CalientProfile extends SwitchProfile, CalientThresholds {
  /** Connections can be in one of these; how groups are made is not known [U]. */
  readonly groups: readonly string[];
}

export class CalientMatrix {
  readonly optics: PlantSwitch;
  readonly alarms: CalientAlarms;
  readonly connections: CalientConnections;
  readonly #profile: CalientProfile;
  readonly #oneSwitchingTime: () => Duration;
  #switchingTime: () => Duration;

  constructor(
    { clock, random }: Pick<Platform, 'clock' | 'random'>,
    optics: PlantSwitch,
    profile: CalientProfile,
    announce: (announcement: Announcement) => void,
  ) {
    this.optics = optics;
    this.#profile = profile;
    this.alarms = new CalientAlarms(clock, optics, profile, announce);
    this.#oneSwitchingTime = switchingTimes(profile, random);
    this.#switchingTime = this.#oneSwitchingTime;
    const mirrors = new Mirrors(clock, optics, () => this.#switchingTime());
    this.connections = new CalientConnections(optics, mirrors, this.alarms.watch);
  }

  /** Moves the mirrors of all of them at once, and takes so long; resolves when they stand. */
  async activateTogether(all: readonly NamedConnection[], time: Duration): Promise<void> {
    this.#switchingTime = () => time;
    const moved = all.map((connection) => this.connections.activate(connection));
    this.#switchingTime = this.#oneSwitchingTime;
    await Promise.all(moved);
  }

  /** Light, and the worst alarm at its inputs. */
  state(c: NamedConnection): ConnectionState {
    const inputs = c.isTwoWay ? [c.source, c.destination] : [c.source];
    const isCarrying = this.connections.isSettled(c) && inputs.every((port) => this.alarms.watch.isLit(port));
    return { ...c, isCarrying, alarm: this.alarms.worstAt(inputs) };
  }

  /** The group of this name, SYSTEM where none is named (g2mpls leaves it empty), or null. */
  group(name: string): string | null {
    const group = name === '' ? SYSTEM_GROUP : name;
    return this.#profile.groups.includes(group) ? group : null;
  }

  /** All for `ALL` and for neither group nor name; those of a group; one by its name. A name that is not there gives none [I]. */
  chosen(group: string, name: string): readonly NamedConnection[] {
    const isAny = group === '' || group.toUpperCase() === 'ALL';
    return this.connections
      .list()
      .filter((c) => (isAny || c.group === group) && (name === '' || c.name === name));
  }

  deny(mistake: 'aid' | 'parameter' | 'busy' | 'absent'): Answer {
    const { codes } = this.#profile;
    switch (mistake) {
      case 'aid':
        return denied(codes.invalidAid, 'Input, Invalid Access Identifier');
      case 'parameter':
        return denied(codes.invalidParameter, 'Parameter, Not Valid');
      case 'busy':
        return denied(codes.busyPort, 'Invalid Connection'); // [K] the text, for a busy port and for an absent one (g2mpls)
      case 'absent':
        return denied(codes.noConnection, 'Invalid Connection');
    }
  }
}

/** `s,d`, or null. */
export function connectionOf(aid: string, isTwoWay: boolean): CalientConnection | null {
  const [source = '', destination = '', ...more] = aid.split(',');
  return destination === '' || more.length > 0 ? null : { source, destination, isTwoWay };
}

/** Whether it is two-way; null for another word. */
export function wayOf(text: string): boolean | null {
  const way = text.toUpperCase();
  return way === '2WAY' ? true : way === '1WAY' ? false : null;
}

/** The parameter at `position` of the first payload block, or the empty text. */
export const payload = (command: Required<Tl1Command>, position: number): string =>
  parseParameters(command.payload[0] ?? '')[position]?.value ?? '';
