// News of a large switch goes in parts, as a line has a length that it must not exceed. What is long in it are names: so many
// ports go together as have no more of them than `namesToldMax`. The parts of an announcement follow each other on one way.

import { LIMITS } from './timings.ts';
import type { AnnouncedPort, Announcement, PortChange } from './topology-messages.ts';

/** No fewer than it has of its own, whatever it says of them. */
export function namesIn(port: AnnouncedPort | PortChange): number {
  const backups = port.backups ?? [];
  return backups.reduce(
    (sum, { risks: { fibres, switches, srlgs } }) => sum + 1 + fibres.length + switches.length + srlgs.length,
    5 + ('srlg' in port ? (port.srlg?.length ?? 0) : 0),
  );
}

/** So many of the first ports as go into one message, one at least. */
export function fitting(ports: readonly (AnnouncedPort | PortChange)[]): number {
  let names = 0;
  const end = ports.findIndex((port, place) => {
    names += namesIn(port);
    return names > LIMITS.namesToldMax && place > 0;
  });
  return end === -1 ? ports.length : end;
}

export function inParts(announcement: Announcement): Announcement[] {
  const parts: AnnouncedPort[][] = [];
  for (let rest = announcement.ports; rest.length > 0; ) {
    const count = fitting(rest);
    parts.push(rest.slice(0, count));
    rest = rest.slice(count);
  }
  if (parts.length <= 1) return [announcement];
  return parts.map((ports, place) => ({ ...announcement, ports, part: [place, parts.length] }));
}

/** What has come of the announcement that each neighbour is at. */
export class PartsInHand {
  readonly #begun = new Map<string, Announcement & { part: [number, number] }>();

  /** The announcement, if that was the last of it that was missing. */
  take(from: string, announcement: Announcement): Announcement | null {
    const { part, ...rest } = announcement;
    if (part === undefined) return announcement;
    const [place, count] = part;
    const begun =
      place === 0 ? { ...rest, ports: [], part: [0, count] as [number, number] } : this.#begun.get(from);
    if (begun === undefined || !isSame(begun, announcement)) return this.drop(from);
    // It comes twice.
    if (place < begun.part[0]) return null;
    const ports = [...begun.ports, ...rest.ports];
    if (place > begun.part[0] || ports.length > LIMITS.portsMax) return this.drop(from);
    if (place + 1 < count) {
      this.#begun.set(from, { ...begun, ports, part: [place + 1, count] });
      return null;
    }
    this.#begun.delete(from);
    return { ...rest, ports };
  }

  drop(from: string): null {
    this.#begun.delete(from);
    return null;
  }
}

const isSame = (x: Announcement, y: Announcement): boolean =>
  x.switchName === y.switchName &&
  x.boot === y.boot &&
  x.sequence === y.sequence &&
  x.part?.[1] === y.part?.[1];
