// What one agent knows of all switches: its own part by configuration and read-back, the rest by the others'
// announcements, which carry a sequence number and age out. A fibre exists while both its ends say so.

import { after, type Duration, type Instant } from '../core/time.ts';
import type { AnnouncedPort, Announcement } from './messages.ts';
import { type ViewedFibre, ViewedFibres } from './viewed-fibre.ts';

/** `held`: by a path (its name is the holder) or locked; `foreign`: someone else's cross-connect; `unread`: not known yet. */
export type PortState = AnnouncedPort['state'];

export class TopologyView {
  readonly #own: Announcement;
  readonly #life: Duration;
  readonly #others = new Map<string, { announcement: Announcement; ends: Instant }>();
  #sequence = 0;
  #fibres: ViewedFibres | null = null;
  /** When the first of those whose fibres these are will have aged, if nothing more is heard. */
  #fibresEnd: Instant | null = null;

  constructor(own: Announcement, life: Duration) {
    this.#own = own;
    this.#life = life;
  }

  /** True when that changes what others should know. */
  setOwn(
    port: string,
    state: PortState,
    holder: string | null,
    keeper: AnnouncedPort['keeper'] | null = null,
  ): boolean {
    const entry = this.#own.ports.find((p) => p.port === port);
    if (
      entry === undefined ||
      (entry.state === state && entry.holder === holder && isSameKeeper(entry.keeper, keeper))
    )
      return false;
    entry.state = state;
    entry.holder = holder;
    if (keeper === null || keeper === undefined) delete entry.keeper;
    else entry.keeper = keeper;
    return true;
  }

  /** What to tell the others now; each call has the next sequence number. */
  announce(): Announcement {
    this.#sequence++;
    return { ...this.#own, sequence: this.#sequence, ports: this.#own.ports.map((p) => ({ ...p })) };
  }

  /** The boot that the last announcement of a switch came from, or null before the first. */
  bootOf(switchName: string): number | null {
    return this.#others.get(switchName)?.announcement.boot ?? null;
  }

  /** Whether the switch has told all about its ports: none is unread. */
  isRead(switchName: string): boolean {
    const { switchName: own } = this.#own;
    const told = switchName === own ? this.#own : this.#others.get(switchName)?.announcement;
    return told?.ports.every((port) => port.state !== 'unread') ?? false;
  }

  /** Switches whose agents are heard, and have not been able to read them. */
  unread(now: Instant): string[] {
    const names = this.#living(now).map(({ switchName }) => switchName);
    return names.filter((name) => !this.isRead(name));
  }

  /** Switches at the far end of a known fibre, or heard before, that are not heard now. */
  silent(now: Instant): string[] {
    const living = this.#living(now);
    const heard = new Set(living.map(({ switchName }) => switchName));
    const named = living.flatMap(({ ports }) =>
      ports.flatMap(({ far }) => (far.kind === 'switch' ? [far.switchName] : [])),
    );
    const all = new Set([...named, ...this.#others.keys()]);
    return [...all].filter((name) => !heard.has(name)).sort();
  }

  /** The fibres that it says have come free at a switch heard of; null when it brings a switch back that was not. */
  tidingsIn({ switchName, boot, sequence, ports }: Announcement, now: Instant): readonly string[] | null {
    const known = this.#others.get(switchName);
    if (known === undefined || known.ends <= now || known.announcement.boot < boot) return null;
    if (known.announcement.boot > boot || known.announcement.sequence >= sequence) return [];
    const free = new Set(known.announcement.ports.flatMap((p) => (p.state === 'free' ? [p.port] : [])));
    return ports.flatMap((p) => (p.state === 'free' && !free.has(p.port) ? [p.fibre] : []));
  }

  /** Takes an announcement unless a newer one (by boot, then sequence) of that switch is here. */
  accept(announcement: Announcement, now: Instant): boolean {
    const { switchName, boot, sequence } = announcement;
    if (switchName === this.#own.switchName) return false;
    const known = this.#others.get(switchName)?.announcement;
    if (known !== undefined && (known.boot > boot || (known.boot === boot && known.sequence >= sequence)))
      return false;
    if (this.#fibres?.renew(announcement) === false) this.#fibres = null;
    this.#others.set(switchName, { announcement, ends: after(now, this.#life) });
    return true;
  }

  /**
   * All fibres whose ends are known at `now`, in an order that does not depend on when news came. The same list as long
   * as nothing but the states of ports has changed.
   */
  fibres(now: Instant): readonly ViewedFibre[] {
    if (this.#fibres !== null && (this.#fibresEnd === null || now < this.#fibresEnd))
      return this.#fibres.list;
    const living = this.#living(now);
    if (this.#fibres?.isOf(living) !== true) this.#fibres = new ViewedFibres(living);
    const ends = [...this.#others.values()].flatMap((other) => (other.ends > now ? [other.ends] : []));
    this.#fibresEnd = ends.reduce<Instant | null>(
      (first, end) => (first === null || end < first ? end : first),
      null,
    );
    return this.#fibres.list;
  }

  #living(now: Instant): Announcement[] {
    const others = [...this.#others.values()].filter((o) => o.ends > now).map((o) => o.announcement);
    return [this.#own, ...others].sort((x, y) => (x.switchName < y.switchName ? -1 : 1));
  }
}

const isSameKeeper = (x: AnnouncedPort['keeper'], y: AnnouncedPort['keeper'] | null): boolean =>
  x?.coordinator === y?.coordinator && x?.priority === y?.priority;
