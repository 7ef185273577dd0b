// What one agent knows of all switches: its own part by configuration and read-back, the rest by the others'
// announcements, which carry a sequence number and age out. A fibre exists while both its ends say so.

import { after, between, type Duration, type Instant, ns } from '../core/time.ts';
import { fitting } from './announcement-parts.ts';
import type { AnnouncedPort, Announcement, PortChange, PortChanges } from './topology-messages.ts';
import { type ViewedFibre, ViewedFibres } from './viewed-fibre.ts';

/** `held`: by a path (its name is the holder) or locked; `foreign`: someone else's cross-connect; `unread`: not known yet. */
export type PortState = AnnouncedPort['state'];

export class TopologyView {
  readonly #own: Announcement;
  readonly #life: Duration;
  readonly #ownPorts: ReadonlyMap<string, AnnouncedPort>;
  /** Where each stands among them. */
  readonly #ownPlaces: ReadonlyMap<string, number>;
  readonly #others = new Map<string, Other>();
  /** The number of what the others were told last, and the own ports that have changed since. */
  #sequence: number;
  readonly #untold = new Set<AnnouncedPort>();
  /** How each own port was told last. */
  readonly #told: Map<string, PortChange>;
  #fibres: ViewedFibres | null = null;
  /** When the first of those whose fibres these are will have aged, if nothing more is heard. */
  #fibresEnd: Instant | null = null;

  constructor(own: Announcement, life: Duration) {
    this.#own = own;
    this.#sequence = own.sequence + 1;
    this.#ownPorts = new Map(own.ports.map((port) => [port.port, port]));
    this.#ownPlaces = new Map(own.ports.map(({ port }, place) => [port, place]));
    this.#told = new Map(own.ports.map((port) => [port.port, changeOf(port)]));
    this.#life = life;
  }

  /** True when that changes what others should know. */
  setOwn(
    port: string,
    state: PortState,
    holder: string | null,
    keeper: AnnouncedPort['keeper'] | null = null,
    backups: AnnouncedPort['backups'] = [],
    isBackup: boolean = false,
  ): boolean {
    const entry = this.#ownPorts.get(port);
    if (
      entry === undefined ||
      (entry.state === state &&
        entry.holder === holder &&
        (entry.isBackup === true) === isBackup &&
        isSameKeeper(entry.keeper, keeper) &&
        isSameBackups(entry.backups, backups))
    )
      return false;
    entry.state = state;
    entry.holder = holder;
    if (isBackup) entry.isBackup = true;
    else delete entry.isBackup;
    if (keeper === null || keeper === undefined) delete entry.keeper;
    else entry.keeper = keeper;
    if (backups.length === 0) delete entry.backups;
    else entry.backups = backups;
    this.#changedHere(entry);
    return true;
  }

  /** Whether the port is in maintenance. True when that changes what others should know. */
  setOut(port: string, isOut: boolean): boolean {
    const entry = this.#ownPorts.get(port);
    if (entry === undefined || (entry.isOut === true) === isOut) return false;
    if (isOut) entry.isOut = true;
    else delete entry.isOut;
    this.#changedHere(entry);
    return true;
  }

  #changedHere(port: AnnouncedPort): void {
    this.#untold.add(port);
    this.#fibres?.renewPort(this.#own.switchName, this.#ownPlaces.get(port.port) ?? 0, port);
  }

  /** All that has been told, for one who knows nothing yet. */
  announce(): Announcement {
    const ports = this.#own.ports.map((port) => changed(port, this.#told.get(port.port) ?? changeOf(port)));
    return { ...this.#own, sequence: this.#sequence, ports };
  }

  /** Whether something has changed that the last `takeChanges` had no room for. */
  get hasUntold(): boolean {
    return this.#untold.size > 0;
  }

  /**
   * What all others are to be told now: what has changed since the last time and has not changed back, which may be nothing,
   * as far as it goes into one message.
   */
  takeChanges(): PortChanges {
    const { switchName, boot } = this.#own;
    const since = this.#sequence++;
    const changes = [...this.#untold].map(changeOf).filter((c) => !isSameChange(c, this.#told.get(c.port)));
    const ports = changes.slice(0, fitting(changes));
    for (const change of ports) this.#told.set(change.port, change);
    const left = new Set(changes.slice(ports.length).map(({ port }) => port));
    for (const port of this.#untold) if (!left.has(port.port)) this.#untold.delete(port);
    return { switchName, boot, since, sequence: this.#sequence, ports };
  }

  /** Where the own announcements are. */
  get own(): Standing {
    return { boot: this.#own.boot, sequence: this.#sequence };
  }

  /** In another life of the own agent from now on, in which all is as it was. */
  liveIn(boot: number): void {
    this.#own.boot = boot;
  }

  /** What of another switch is known, whether it is still heard or not; null before the first announcement. */
  standing(switchName: string): Standing | null {
    return this.#others.get(switchName)?.announcement ?? null;
  }

  /** Of the other switches that have been heard. */
  get count(): number {
    return this.#others.size;
  }

  /** One that is not heard any more; what it should say again counts from the beginning. */
  forget(switchName: string): void {
    this.#others.delete(switchName);
  }

  hears(switchName: string, now: Instant): boolean {
    const other = this.#others.get(switchName);
    return other !== undefined && other.ends > now;
  }

  /** All that is known of another switch that is heard, with its age, for one who knows less of it. */
  recall(switchName: string, now: Instant): Announcement | null {
    const other = this.#others.get(switchName);
    if (other === undefined || other.ends <= now) return null;
    return { ...other.announcement, age: Math.max(0, this.#life - between(now, other.ends)) };
  }

  /** The last that was heard of another switch, however long ago. */
  last(switchName: string): Announcement | null {
    return this.#others.get(switchName)?.announcement ?? null;
  }

  /** Whether the switch has told all about its ports: none is unread. */
  isRead(switchName: string): boolean {
    const { switchName: own } = this.#own;
    return (switchName === own ? unreadOf(this.#own.ports) : this.#others.get(switchName)?.unread) === 0;
  }

  /** Switches whose agents are heard, and have not been able to read them. */
  unread(now: Instant): string[] {
    const names = this.#living(now).map(({ switchName }) => switchName);
    return names.filter((name) => !this.isRead(name));
  }

  /** The other switches that are heard now. */
  others(now: Instant): string[] {
    return this.#living(now).flatMap(({ switchName }) =>
      switchName === this.#own.switchName ? [] : [switchName],
    );
  }

  /** The path that has a port of the own switch. */
  holderOf(port: string): string | null {
    return this.#ownPorts.get(port)?.holder ?? null;
  }

  /** Who looks after that path, as the switches say that have ports of it; null where none has. */
  coordinatorOf(path: string, now: Instant): string | null {
    const ports = this.#living(now).flatMap((announcement) => announcement.ports);
    return ports.find((port) => port.holder === path)?.keeper?.coordinator ?? null;
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

  /**
   * Takes what another switch says has changed, and returns the fibres that have come free; null when it follows something
   * that is not known here.
   */
  follow({ switchName, boot, since, sequence, ports }: PortChanges, now: Instant): readonly string[] | null {
    const known = this.#others.get(switchName);
    if (known === undefined || known.announcement.boot < boot || known.ends <= now) return null;
    const { announcement } = known;
    if (announcement.boot > boot || announcement.sequence > sequence) return [];
    if (announcement.sequence < since) return null;
    const freed: string[] = [];
    for (const change of ports) {
      const place = known.places.get(change.port);
      const before = place === undefined ? undefined : announcement.ports[place];
      if (place === undefined || before === undefined) return null;
      const port = changed(before, change);
      announcement.ports[place] = port;
      this.#fibres?.renewPort(switchName, place, port);
      if (isOpen(port) && !isOpen(before)) freed.push(port.fibre);
      known.unread += unreadOf([port]) - unreadOf([before]);
    }
    announcement.sequence = sequence;
    known.ends = after(now, this.#life);
    return freed;
  }

  /**
   * The fibres that it says have come free at a switch heard of; null when it brings a switch back that was not, or
   * that could not be read.
   */
  tidingsIn({ switchName, boot, sequence, ports }: Announcement, now: Instant): readonly string[] | null {
    const known = this.#others.get(switchName);
    if (known === undefined || known.ends <= now || known.announcement.boot < boot) return null;
    if (known.announcement.boot > boot || known.announcement.sequence >= sequence) return [];
    if (known.unread > 0 && unreadOf(ports) === 0) return null;
    const free = new Set(known.announcement.ports.flatMap((p) => (isOpen(p) ? [p.port] : [])));
    return ports.flatMap((p) => (isOpen(p) && !free.has(p.port) ? [p.fibre] : []));
  }

  /** Takes an announcement unless one as new (by boot, then sequence) of that switch is here. */
  accept({ age = 0, ...announcement }: Announcement, now: Instant): boolean {
    const { switchName } = announcement;
    if (switchName === this.#own.switchName) return false;
    if (!isNewer(announcement, this.standing(switchName))) return false;
    if (this.#fibres?.renew(announcement) === false) this.#fibres = null;
    const places = new Map(announcement.ports.map(({ port }, place) => [port, place]));
    const ends = after(now, ns(Math.max(0, this.#life - age)));
    this.#others.set(switchName, { announcement, places, ends, unread: unreadOf(announcement.ports) });
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

/** Of what a switch has announced: how new it is, by its agent's lives and then by their announcements. */
export interface Standing {
  readonly boot: number;
  readonly sequence: number;
}

export const isNewer = (x: Standing, than: Standing | null): boolean =>
  than === null || x.boot > than.boot || (x.boot === than.boot && x.sequence > than.sequence);

interface Other {
  /** As announced, with what has changed since. */
  readonly announcement: Announcement;
  /** Where each port stands in it. */
  readonly places: ReadonlyMap<string, number>;
  ends: Instant;
  /** How many of its ports have not been read, or not since the switch last answered. */
  unread: number;
}

const unreadOf = (ports: Announcement['ports']): number =>
  ports.filter(({ state }) => state === 'unread').length;

const changeOf = ({ port, state, holder, keeper, isBackup, isOut, backups }: AnnouncedPort): PortChange => ({
  port,
  state,
  holder,
  ...(keeper === undefined ? {} : { keeper }),
  ...(isBackup === undefined ? {} : { isBackup }),
  ...(isOut === undefined ? {} : { isOut }),
  ...(backups === undefined ? {} : { backups }),
});

/** Named one by one: to copy whatever there is takes several times as long, and every agent does it for every change. */
function changed(port: AnnouncedPort, change: PortChange): AnnouncedPort {
  const { far, fibre, weight, length, loss, srlg, portType, transceiver } = port;
  const { state, holder, keeper, isBackup, isOut, backups } = change;
  const made: AnnouncedPort = { port: port.port, fibre, far, weight, length, state, holder };
  if (loss !== undefined) made.loss = loss;
  if (srlg !== undefined) made.srlg = srlg;
  if (portType !== undefined) made.portType = portType;
  if (transceiver !== undefined) made.transceiver = transceiver;
  if (keeper !== undefined) made.keeper = keeper;
  if (isBackup !== undefined) made.isBackup = isBackup;
  if (isOut !== undefined) made.isOut = isOut;
  if (backups !== undefined) made.backups = backups;
  return made;
}

const isSameChange = (x: PortChange, y: PortChange | undefined): boolean =>
  x.state === y?.state &&
  x.holder === y.holder &&
  x.isOut === y.isOut &&
  x.isBackup === y.isBackup &&
  isSameKeeper(x.keeper, y.keeper) &&
  isSameBackups(x.backups, y.backups);

const isOpen = ({ state, isOut }: AnnouncedPort): boolean => state === 'free' && isOut !== true;

const isSameKeeper = (x: AnnouncedPort['keeper'], y: AnnouncedPort['keeper'] | null): boolean =>
  x?.coordinator === y?.coordinator && x?.priority === y?.priority;

/** The risks of one path's backup change with the path's routes. */
const isSameBackups = (x: AnnouncedPort['backups'] = [], y: AnnouncedPort['backups'] = []): boolean =>
  x.length === y.length && x.every(({ path, risks }, i) => path === y[i]?.path && risks === y[i]?.risks);
