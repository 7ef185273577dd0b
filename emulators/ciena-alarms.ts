// What a CD/CI complains of: a span without signal, a VCG with fewer members than provisioned or with none. Announced
// as REPT ALM in the form of GR-833; RTRV-ALM-ALL lists them in Ciena's own form, with the year.

import type { Duration } from '../src/core/time.ts';
import type { Clock } from '../src/platform/platform.ts';
import { parseAlarm } from '../src/tl1/alarm.ts';
import { headerTime } from '../src/tl1/calendar.ts';
import { quote } from '../src/tl1/quoting.ts';
import type { CienaNetwork } from './ciena-network.ts';
import type { CienaNode } from './ciena-node.ts';
import { AlarmBoard, type AlarmKind } from './device/alarm-board.ts';
import type { Announcement } from './device/announcement.ts';

/** Names of conditions. LOS is what SIGNALST says [K]; the others stand in VCGs' base severities, and that they are conditions is [I]. */
export interface CienaConditions {
  readonly lossOfSignal: string;
  readonly membersLost: string;
  readonly groupFailed: string;
}

export const CIENA_CONDITIONS: CienaConditions = {
  lossOfSignal: 'LOS',
  membersLost: 'EFFI',
  groupFailed: 'VCGFAILURE',
};

export class CienaAlarms {
  readonly #node: CienaNode;
  readonly #network: CienaNetwork;
  readonly #clock: Clock;
  readonly #announce: (announcement: Announcement) => void;
  readonly #spans: AlarmBoard;
  readonly #degraded: AlarmBoard;
  readonly #failed: AlarmBoard;
  /** Lines of RTRV-ALM-ALL by kind and AID, in the order in which they were raised. */
  readonly #standing = new Map<string, string>();

  constructor(o: {
    node: CienaNode;
    network: CienaNetwork;
    clock: Clock;
    latency: Duration;
    conditions: CienaConditions;
    announce: (announcement: Announcement) => void;
  }) {
    this.#node = o.node;
    this.#network = o.network;
    this.#clock = o.clock;
    this.#announce = o.announce;
    const board = (type: string, kind: Pick<AlarmKind, 'severity' | 'condition' | 'text'>): AlarmBoard =>
      new AlarmBoard({
        clock: o.clock,
        latency: o.latency,
        verb: `REPT ALM ${type}`,
        kind: { serviceEffect: 'SA', location: 'NEND', direction: 'RCV', ...kind },
        announce: (announcement) => this.#changed(type, announcement),
      });
    const { lossOfSignal, membersLost, groupFailed } = o.conditions;
    this.#spans = board('OCN', { severity: 'CR', condition: lossOfSignal, text: 'Loss of signal' });
    this.#degraded = board('VCG', { severity: 'MN', condition: membersLost, text: 'Members have failed' });
    this.#failed = board('VCG', { severity: 'CR', condition: groupFailed, text: 'All members have failed' });
  }

  lines(): string[] {
    return [...this.#standing.values()];
  }

  /** Looks at the node anew. A VCG that is not connected, or locked, or on its way back, is no alarm [I]. */
  update(): void {
    for (const port of this.#node.ocPorts.keys())
      this.#spans.update(port, this.#network.spanAt(this.#node, port)?.isCut ?? false);
    for (const { name, ttp, slots, group, isInService } of this.#node.vcgs.values()) {
      const isUsed = isInService && slots.some((slot) => this.#node.passedTo(`${ttp}-${slot}`) !== null);
      const working = group.operational;
      this.#degraded.update(name, isUsed && working > 0 && working < slots.length);
      this.#failed.update(name, isUsed && working === 0 && !group.isJoining);
    }
    for (const name of this.#gone())
      for (const board of [this.#degraded, this.#failed]) board.update(name, false);
  }

  /** VCGs with a standing alarm that were deleted. */
  #gone(): string[] {
    const names = [...this.#standing.keys()]
      .filter((key) => key.startsWith('VCG\t'))
      .map((key) => key.split('\t')[2] ?? '');
    return names.filter((name) => !this.#node.vcgs.has(name));
  }

  #changed(type: string, announcement: Announcement): void {
    const alarm = parseAlarm(announcement.lines[0] ?? '');
    if (alarm === null) return;
    const key = [type, alarm.condition, alarm.aid].join('\t');
    if (alarm.severity === 'CL') this.#standing.delete(key);
    else {
      const { date, time } = headerTime(this.#clock.wall());
      const { aid, severity, condition, serviceEffect, location, direction, text } = alarm;
      const facts = [`${type}:${severity}`, condition, serviceEffect, `20${date}`, time, location, direction];
      this.#standing.set(key, `${aid},${facts.join(',')}:${quote(text)},`);
    }
    this.#announce(announcement);
  }
}
