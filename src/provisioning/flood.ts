// How news gets about among agents of which each speaks with a few neighbours only: whoever hears something new passes
// it on to all neighbours but the one that it came from, and nobody passes on what is known already. Changes and bulletins
// are passed on as they are; of whole announcements, which can be long, it is only said that they are there, and each is
// fetched once. Neighbours that have just met say what they know, and each asks for what it lacks: so a link that was down,
// a neighbour that was away and two halves of a partition come to know the same again. After OSPF (RFC 2328), sections 10
// and 13; there is no acknowledgement, as the links are reliable, and one that has failed begins anew.

import { between, type Duration, type Instant, ns } from '../core/time.ts';
import type { Clock, Timer } from '../platform/platform.ts';
import { inParts, PartsInHand } from './announcement-parts.ts';
import { HeardBulletins } from './heard-bulletins.ts';
import type { AgentMessage, MessageOf } from './messages.ts';
import type { Bulletin, Said } from './news-messages.ts';
import { type Known, NewsQueue } from './news-queue.ts';
import { RecentBulletins } from './recent-bulletins.ts';
import { type AgentTimings, LIMITS } from './timings.ts';
import type { Announcement, PortChanges } from './topology-messages.ts';
import { isNewer, type Standing, type TopologyView } from './topology-view.ts';
import { WantedSwitches } from './wanted-switches.ts';

export interface FloodOptions {
  readonly clock: Pick<Clock, 'now' | 'timer'>;
  readonly timings: Pick<AgentTimings, 'relayGap' | 'resend' | 'failedFibreHold'>;
  readonly switchName: string;
  readonly view: Pick<
    TopologyView,
    | 'own'
    | 'announce'
    | 'takeChanges'
    | 'hasUntold'
    | 'forget'
    | 'standing'
    | 'recall'
    | 'last'
    | 'others'
    | 'count'
  >;
  readonly send: (neighbours: readonly string[], message: AgentMessage) => void;
  /** Others have heard of this agent what it has not said in this life. */
  readonly outlived: (boot: number) => void;
  /** What this agent announced in a life that it has forgotten, as a neighbour remembers it. */
  readonly remembered: (announcement: Announcement) => void;
  /** Newer than all that is known of that switch. */
  readonly announced: (announcement: Announcement) => void;
  /** False when they follow something that is not known here. */
  readonly changed: (changes: PortChanges) => boolean;
  /** `age`: how long ago. */
  readonly said: (from: string, said: Said, age: Duration) => void;
}

interface Neighbour {
  readonly queue: NewsQueue;
  saidAt: Instant | null;
  timer: Timer | null;
}

export class Flood {
  readonly #o: FloodOptions;
  readonly #neighbours = new Map<string, Neighbour>();
  readonly #heard = new HeardBulletins();
  readonly #recent: RecentBulletins;
  readonly #parts = new PartsInHand();
  readonly #wanted: WantedSwitches;
  #number = 0;
  #isAskingAgain = false;
  /** Of what this agent said in a life that it has forgotten, the last that neighbours remember, while they are asked. */
  #memory: { newest: Announcement | null } | null = null;
  #recollection: Promise<void> | null = null;

  constructor(options: FloodOptions) {
    this.#o = options;
    this.#recent = new RecentBulletins(options.timings.failedFibreHold);
    this.#wanted = new WantedSwitches(options.timings.resend);
  }

  /** Switches that somebody knows, and this agent does not yet. */
  get awaited(): readonly string[] {
    return this.#wanted.names;
  }

  /** A way to this neighbour has opened, or has opened again: what was said on it before may be lost. */
  joined(name: string): void {
    this.left(name);
    this.#neighbours.set(name, { queue: new NewsQueue(), saidAt: null, timer: null });
    const { view } = this.#o;
    if (this.#memory !== null) this.#askForOwn([name]);
    for (const part of inParts(view.announce()))
      this.#o.send([name], { type: 'news', announcements: [part], told: this.#names() });
    const known = view.others(this.#now()).flatMap((other) => this.#known(other));
    if (known.length > 0) this.#o.send([name], { type: 'offer', known });
    const bulletins = this.#recent.toTell(this.#now());
    if (bulletins.length > 0) this.#o.send([name], { type: 'news', bulletins });
  }

  left(name: string): void {
    this.#neighbours.get(name)?.timer?.cancel();
    this.#neighbours.delete(name);
    this.#parts.drop(name);
  }

  /**
   * Neighbours are asked, once, what they remember of this agent, before they hear from it what replaces that. They have the time
   * of a message and its repetition: one of them may have been cut off since, and remember what others know to be over.
   */
  remember(): Promise<void> {
    this.#recollection ??= this.#recollect();
    return this.#recollection;
  }

  async #recollect(): Promise<void> {
    const memory: { newest: Announcement | null } = { newest: null };
    this.#memory = memory;
    this.#askForOwn(this.#names());
    const { clock, timings } = this.#o;
    await new Promise<void>((over) => void clock.timer(timings.resend, over));
    this.#memory = null;
    if (memory.newest !== null) this.#o.remembered(memory.newest);
  }

  /** That switch is there no more. */
  forget(switchName: string): void {
    this.#heard.forget(switchName);
    this.#o.view.forget(switchName);
  }

  /** What has changed here; of no ports: that all is as it was. */
  tellChanges(): void {
    const { view } = this.#o;
    do this.#tell({ type: 'news', changes: [view.takeChanges()] });
    while (view.hasUntold);
  }

  /** Something that everybody should hear now. */
  tellAll(said: Said): void {
    const { switchName, view } = this.#o;
    const { boot } = view.own;
    const bulletin: Bulletin = { switchName, boot, number: ++this.#number, said };
    this.#heard.add(bulletin);
    this.#recent.add(bulletin, this.#now());
    this.#tell({ type: 'news', bulletins: [bulletin] });
  }

  handle(from: string, message: MessageOf<'news'> | MessageOf<'offer'> | MessageOf<'want'>): void {
    if (message.type === 'want') this.#answer(from, message.switches);
    else if (message.type === 'offer') this.#offered(from, message.known);
    else this.#hear(from, message);
  }

  #tell(news: MessageOf<'news'>): void {
    const told = this.#names();
    if (told.length > 0) this.#o.send(told, { ...news, told });
  }

  #hear(
    from: string,
    { bulletins = [], announcements = [], changes = [], told = [] }: MessageOf<'news'>,
  ): void {
    const next = this.#nextOf(told);
    const passOn = (origin: string, haste: Haste, add: (queue: NewsQueue) => void): void => {
      for (const [name, neighbour] of this.#neighbours) {
        const isTold = origin === from && told.includes(name) && !(haste === 'urgent' && name === next);
        if (name === from || name === origin || isTold) continue;
        add(neighbour.queue);
        this.#flushSoon(name, neighbour, haste);
      }
    };
    const news = { from, passOn, missed: [] as string[] };
    for (const bulletin of bulletins) this.#hearBulletin(bulletin, news);
    for (const part of announcements) {
      const announcement = this.#parts.take(from, part);
      if (announcement !== null) this.#hearAnnouncement(announcement, news);
    }
    for (const change of changes) this.#hearChanges(change, news);
    this.#ask(from, news.missed);
  }

  #hearBulletin(bulletin: Bulletin, { from, passOn }: News): void {
    const { switchName, boot, said: words } = bulletin;
    const { own } = this.#o.view;
    // What was said in a life before is known no more, and as true as what others said.
    const isPast = boot < own.boot && words.type !== 'free-path';
    if (switchName === this.#o.switchName && !isPast) {
      if (boot > own.boot) this.#o.outlived(boot);
      return;
    }
    this.#neighbours.get(from)?.queue.hasBulletin(bulletin);
    if (!this.#heard.add(bulletin)) return;
    const { age } = bulletin;
    const said = this.#recent.stillSaid(bulletin, this.#now());
    this.#recent.add(bulletin, this.#now());
    passOn(switchName, age === undefined ? 'urgent' : 'late', (queue) => queue.addBulletin(bulletin));
    if (said !== null) this.#o.said(switchName, said, ns(age ?? 0));
  }

  #hearAnnouncement(announcement: Announcement, { from, passOn }: News): void {
    const { switchName, boot, sequence } = announcement;
    if (switchName === this.#o.switchName) this.#recall(announcement);
    if (!this.#isNews(from, announcement)) {
      if (from === switchName) this.#correct(from, announcement);
      return;
    }
    this.#o.announced(announcement);
    passOn(switchName, 'late', (queue) => queue.addOffer(switchName, { boot, sequence }));
    const whom = this.#wanted.got(switchName, announcement, this.#now());
    if (whom !== null) this.#ask(whom, [switchName]);
  }

  #hearChanges(changes: PortChanges, { from, passOn, missed }: News): void {
    const { switchName } = changes;
    if (!this.#isNews(from, changes)) {
      // Said each time, as what was said before may have gone out on a dead connection.
      if (from === switchName) this.#correct(from, changes);
      return;
    }
    if (this.#o.changed(changes)) {
      this.#wanted.heard(switchName, changes);
      passOn(switchName, 'soon', (queue) => queue.addChanges(changes));
    } else if (this.#wanted.add(switchName, changes, from, this.#now())) missed.push(switchName);
  }

  #offered(from: string, known: readonly Known[]): void {
    for (const one of known) this.#forward(from, one);
    const missed = known.filter(
      ([switchName, boot, sequence]) =>
        this.#isNews(from, { switchName, boot, sequence }) &&
        this.#wanted.add(switchName, { boot, sequence }, from, this.#now()),
    );
    this.#ask(
      from,
      missed.map(([switchName]) => switchName),
    );
  }

  #isNews(from: string, item: Item): boolean {
    const { switchName, view, outlived } = this.#o;
    this.#neighbours.get(from)?.queue.knows(item.switchName, item);
    if (item.switchName === switchName) {
      if (isNewer(item, view.own)) outlived(item.boot);
      return false;
    }
    const standing = view.standing(item.switchName);
    if (standing !== null && item.boot < standing.boot && from !== item.switchName) this.#correct(from, item);
    return isNewer(item, standing) && (standing !== null || view.count < LIMITS.peersMax);
  }

  /** More is known here: whoever has lost count of his lives hears of it so, be it by his neighbour. */
  #correct(from: string, item: Item): void {
    const { switchName } = item;
    const standing = this.#o.view.standing(switchName);
    if (standing !== null && isNewer(standing, item))
      this.#o.send([from], { type: 'offer', known: this.#known(switchName) });
  }

  /** To a neighbour that others have heard in a later life than the one it is in. */
  #forward(from: string, [switchName, boot, sequence]: Known): void {
    const isNear = switchName !== from && this.#neighbours.has(switchName);
    const { boot: here = boot } = this.#o.view.standing(switchName) ?? {};
    if (isNear && boot > here)
      this.#o.send([switchName], { type: 'offer', known: [[switchName, boot, sequence]] });
  }

  #ask(whom: string, switches: string[]): void {
    if (switches.length === 0) return;
    this.#o.send([whom], { type: 'want', switches });
    this.#askAgainLater();
  }

  #askForOwn(whom: readonly string[]): void {
    if (whom.length > 0) this.#o.send(whom, { type: 'want', switches: [this.#o.switchName] });
  }

  /** What is not above this life is of this life. */
  #recall(announcement: Announcement): void {
    const memory = this.#memory;
    if (memory === null || !isNewer(announcement, this.#o.view.own)) return;
    if (isNewer(announcement, memory.newest)) memory.newest = announcement;
  }

  #askAgainLater(): void {
    if (this.#isAskingAgain) return;
    this.#isAskingAgain = true;
    this.#o.clock.timer(this.#o.timings.resend, () => {
      this.#isAskingAgain = false;
      for (const [whom, switches] of this.#wanted.overdue(this.#names(), this.#now()))
        this.#o.send([whom], { type: 'want', switches: [...switches] });
      if (!this.#wanted.isEmpty) this.#askAgainLater();
    });
  }

  /** One message each: the announcement of a large switch is long. */
  #answer(from: string, switches: readonly string[]): void {
    const { view, switchName } = this.#o;
    for (const name of switches) {
      const own = name === switchName ? view.announce() : null;
      // Whoever asks for what he said himself has forgotten it.
      const known = own ?? (name === from ? view.last(name) : view.recall(name, this.#now()));
      for (const part of known === null ? [] : inParts(known))
        this.#o.send([from], { type: 'news', announcements: [part] });
    }
  }

  /** What comes while others wait goes with them, and a bulletin takes along what waits. */
  #flushSoon(name: string, neighbour: Neighbour, haste: Haste): void {
    const { clock, timings } = this.#o;
    if (haste === 'urgent') neighbour.timer?.cancel();
    else if (neighbour.timer !== null) return;
    const { saidAt } = neighbour;
    const since = haste === 'late' ? ns(0) : saidAt === null ? null : between(saidAt, clock.now());
    const isNow = haste === 'urgent' || since === null || since >= timings.relayGap;
    const wait = isNow ? ns(0) : ns(timings.relayGap - since);
    neighbour.timer = clock.timer(wait, () => this.#flush(name, neighbour));
  }

  #flush(name: string, neighbour: Neighbour): void {
    neighbour.timer = null;
    neighbour.saidAt = this.#now();
    for (const message of neighbour.queue.take()) this.#o.send([name], message);
  }

  #known(switchName: string): Known[] {
    const standing = this.#o.view.standing(switchName);
    return standing === null ? [] : [[switchName, standing.boot, standing.sequence]];
  }

  /**
   * Of those that have been told, each sees to the neighbour that follows in the ring of their names: the connection on which
   * that one was told may be dead, and nobody know yet.
   */
  #nextOf(told: readonly string[]): string | null {
    const ring = told.filter((name) => this.#neighbours.has(name)).sort();
    return ring.find((name) => name > this.#o.switchName) ?? ring[0] ?? null;
  }

  #names(): string[] {
    return [...this.#neighbours.keys()];
  }

  #now(): Instant {
    return this.#o.clock.now();
  }
}

/** `soon`: at once where nothing was passed on just before. `late`: the neighbour will mostly hear of it by itself meanwhile. */
type Haste = 'urgent' | 'soon' | 'late';

interface Item extends Standing {
  readonly switchName: string;
}

interface News {
  readonly from: string;
  readonly passOn: (origin: string, haste: Haste, add: (queue: NewsQueue) => void) => void;
  /** Switches to ask the sender for. */
  readonly missed: string[];
}
