// Agents that are nothing but their flood and their view, on links that lose what is under way when they are cut: for
// tests of how news gets about, with every message counted.

import { after, type Duration, type Instant, instant, ms, ns, seconds } from '../core/time.ts';
import type { Timer } from '../platform/platform.ts';
import { Flood } from './flood.ts';
import { type AgentMessage, formatMessage, parseMessage } from './messages.ts';
import type { Said } from './news-messages.ts';
import { LIMITS } from './timings.ts';
import { TopologyView } from './topology-view.ts';

interface Due {
  readonly at: Instant;
  readonly fire: () => void;
  isCancelled: boolean;
}

export interface FloodAgent {
  readonly name: string;
  readonly view: TopologyView;
  readonly flood: Flood;
  readonly heard: Said[];
}

const LIFE = seconds(30);

export class FloodBed {
  readonly agents = new Map<string, FloodAgent>();
  /** By type, of all agents together. */
  readonly counts = new Map<string, number>();
  /** Messages that come twice. */
  isDoubling = false;
  readonly #delay: Duration;
  readonly #links = new Set<string>();
  /** What is under way on a link that was cut since does not arrive. */
  readonly #cuts = new Map<string, number>();
  readonly #dead = new Set<string>();
  #now = instant(0);
  #dues: Due[] = [];

  constructor(delay: Duration = ms(5)) {
    this.#delay = delay;
  }

  get now(): Instant {
    return this.#now;
  }

  get messages(): number {
    return [...this.counts.values()].reduce((sum, count) => sum + count, 0);
  }

  /** An agent, or its next life, or that one. Its ports are `p`, and more of as long names as there may be. */
  start(name: string, portCount = 1, boot = (this.agents.get(name)?.view.own.boot ?? 0) + 1): void {
    const far = { kind: 'terminal', terminal: 't' } as const;
    const ports = Array.from({ length: portCount }, (_, i) => {
      const port = i === 0 ? 'p' : `${i}`.padStart(200, 'p');
      const common = { far, weight: 1, length: 1, holder: null, state: 'free' as const };
      return { ...common, port, fibre: i === 0 ? `f-${name}` : `${i}`.padStart(200, 'f') };
    });
    const own = { switchName: name, boot, sequence: 0, ports };
    const view = new TopologyView(own, LIFE);
    const heard: Said[] = [];
    const flood = new Flood({
      clock: { now: () => this.#now, timer: (d, fire) => this.#timer(d, fire) },
      timings: { relayGap: ms(50), resend: seconds(1), failedFibreHold: seconds(30) },
      switchName: name,
      view,
      outlived: (heard) => this.#outlived(name, heard),
      remembered: () => {},
      send: (to, message) => {
        for (const other of to) this.#send(name, other, message);
      },
      announced: (announcement) => view.accept(announcement, this.#now),
      changed: (changes) => view.follow(changes, this.#now) !== null,
      said: (_, said) => heard.push(said),
    });
    this.agents.set(name, { name, view, flood, heard });
  }

  at(name: string): FloodAgent {
    const agent = this.agents.get(name);
    if (agent === undefined) throw new RangeError(`no agent ${name}`);
    return agent;
  }

  get links(): readonly (readonly [string, string])[] {
    return [...this.#links].map((key) => key.split(' ') as [string, string]);
  }

  link(a: string, b: string): void {
    const key = keyOf(a, b);
    if (a === b || this.#links.has(key)) return;
    this.#links.add(key);
    this.at(a).flood.joined(b);
    this.at(b).flood.joined(a);
  }

  /** What is said on the link from now on is lost, and neither side knows until it is cut. */
  die(a: string, b: string): void {
    this.#dead.add(keyOf(a, b));
  }

  cut(a: string, b: string): void {
    const key = keyOf(a, b);
    if (!this.#links.delete(key)) return;
    this.#dead.delete(key);
    this.#cuts.set(key, (this.#cuts.get(key) ?? 0) + 1);
    this.at(a).flood.left(b);
    this.at(b).flood.left(a);
  }

  isolate(name: string): void {
    for (const [a, b] of this.links) if (a === name || b === name) this.cut(a, b);
  }

  /** It crashes and starts again, knowing nobody, nor how often it has where it has lost that. */
  restart(name: string, boot?: number): void {
    const others = this.links.flatMap(([a, b]) => (a === name ? [b] : b === name ? [a] : []));
    this.isolate(name);
    this.start(name, 1, boot);
    for (const other of others) this.link(name, other);
  }

  /** A path has its port from now on, or nobody. */
  change(name: string, holder: string | null, ports: readonly string[] = ['p']): void {
    const { view, flood } = this.at(name);
    const state = holder === null ? 'free' : 'held';
    if (ports.filter((port) => view.setOwn(port, state, holder)).length > 0) flood.tellChanges();
  }

  refresh(name: string): void {
    this.at(name).flood.tellChanges();
  }

  run(d: Duration): void {
    const end = after(this.#now, d);
    for (;;) {
      const next = this.#next(end);
      if (next === null) break;
      this.#now = next.at;
      next.fire();
    }
    this.#now = end;
  }

  /** What is wrong in what `name` knows, as against what the others are; empty where it knows all. */
  mistakes(name: string): string[] {
    return [...this.agents.values()].flatMap((other) => {
      if (other.name === name) return [];
      const known = this.at(name).view.recall(other.name, this.#now);
      const real = other.view.announce();
      if (known === null) return [`${name} does not know ${other.name}`];
      const holders = (of: typeof real): string => of.ports.map(({ holder }) => holder).join();
      const isSame = known.boot === real.boot && holders(known) === holders(real);
      return isSame ? [] : [`${name} takes ${other.name} for held by ${known.ports[0]?.holder}`];
    });
  }

  /** All its links begin anew, as agents have it. */
  #outlived(name: string, heard: number): void {
    const { view } = this.at(name);
    if (heard < view.own.boot) return;
    view.liveIn(heard + 1);
    const others = this.links.flatMap(([a, b]) => (a === name ? [b] : b === name ? [a] : []));
    this.isolate(name);
    for (const other of others) this.link(name, other);
  }

  #next(end: Instant): Due | null {
    const living = this.#dues.filter(({ isCancelled }) => !isCancelled);
    const first = living.reduce<Due | null>((x, y) => (x === null || y.at < x.at ? y : x), null);
    if (first === null || first.at > end) return null;
    this.#dues = living.filter((due) => due !== first);
    return first;
  }

  #timer(d: Duration, fire: () => void): Timer {
    const due: Due = { at: after(this.#now, d), fire, isCancelled: false };
    this.#dues.push(due);
    return {
      cancel: () => {
        due.isCancelled = true;
      },
    };
  }

  #send(from: string, to: string, message: AgentMessage): void {
    const key = keyOf(from, to);
    const cuts = this.#cuts.get(key);
    if (!this.#links.has(key)) return;
    const bytes = formatMessage(message);
    if (bytes.length > LIMITS.lineBytesMax) throw new RangeError(`a line of ${bytes.length} bytes`);
    const line = new TextDecoder().decode(bytes);
    const receiver = this.at(to);
    for (let copies = this.isDoubling ? 2 : 1; copies > 0; copies--) {
      this.counts.set(message.type, (this.counts.get(message.type) ?? 0) + 1);
      if (this.#dead.has(key)) continue;
      this.#timer(ns(this.#delay * (this.isDoubling ? copies : 1)), () => {
        if (this.#cuts.get(key) !== cuts || this.at(to) !== receiver) return;
        const arrived = parseMessage(line);
        if (arrived.type === 'news' || arrived.type === 'offer' || arrived.type === 'want')
          receiver.flood.handle(from, arrived);
      });
    }
  }
}

const keyOf = (a: string, b: string): string => (a < b ? `${a} ${b}` : `${b} ${a}`);
