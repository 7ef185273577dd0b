// The agents that this one knows, and its ways to them. Some are configured; the others are learned: an agent says its
// own address to whoever it dials, seeds first, and announces it to all. Learned addresses are kept on disk, so that an
// agent that starts again needs no seed. With its neighbours it keeps connections, with others as long as they speak.

import { ns } from '../core/time.ts';
import type { Address, Timer } from '../platform/platform.ts';
import type { AgentConfig } from './agent-config.ts';
import type { DecisionLog } from './decision-log.ts';
import type { MessageConnection, Outgoing } from './message-connection.ts';
import { formatMessage, type Message, type MessageOf } from './messages.ts';
import { DEFAULT_NEIGHBOUR_LIMITS, type NeighbourLimits, neighbourhood } from './neighbourhood.ts';
import { PeerLink } from './peer-link.ts';
import { PeerWays, type PeerWaysOptions } from './peer-ways.ts';
import { SilentPeers } from './silent-peers.ts';
import { LIMITS } from './timings.ts';

export interface PeerAddress {
  readonly switchName: string;
  readonly address: Address;
}

export interface PeersOptions
  extends Pick<
    PeerWaysOptions,
    'platform' | 'timings' | 'watch' | 'received' | 'changed' | 'met' | 'joined' | 'left'
  > {
  readonly config: AgentConfig;
  readonly log: DecisionLog;
  /** The life that this agent is in: what is on disk of it, as others may hear of it. */
  readonly boot: () => number;
  /** Somebody has heard of that later life of this agent. */
  readonly outlived: (boot: number) => void;
  /** A peer has been silent for so long that it counts as taken out of service. */
  readonly forgotten: (name: string) => void;
  /** Whether its announcements have come, and not aged. */
  readonly isHeard: (name: string) => boolean;
}

export class Peers {
  readonly #o: PeersOptions;
  readonly #limits: NeighbourLimits;
  readonly #peers = new Map<string, PeerWays>();
  /** In the order of their names. */
  #sorted: readonly string[] = [];
  readonly #configured: ReadonlySet<string>;
  readonly #fibreNeighbours: ReadonlySet<string>;
  readonly #seeds = new Map<string, PeerLink>();
  readonly #silent: SilentPeers;
  #isRunning = false;
  /** At its very first start an agent leaves it to those before it in the order of names to dial it: one dial is enough. */
  #isPatient: boolean;
  /** Whether somebody has answered, and so will tell whom it knows. */
  #isTold = false;
  #due: Timer | null = null;

  constructor(options: PeersOptions) {
    this.#o = options;
    const { config, log } = options;
    this.#limits = { ...DEFAULT_NEIGHBOUR_LIMITS, ...config.neighbours };
    this.#isPatient = options.boot() === 1;
    this.#silent = new SilentPeers(options.timings.peerLife, options.platform.clock.now());
    this.#configured = new Set(config.peers.map((peer) => peer.switchName));
    this.#fibreNeighbours = new Set(
      config.ports.flatMap(({ far }) => (far.kind === 'switch' ? [far.switchName] : [])),
    );
    const learned = [...log.state.peers.values()].filter((p) => !this.#configured.has(p.switchName));
    for (const peer of [...config.peers, ...learned]) this.#add(peer);
  }

  get names(): readonly string[] {
    return this.#sorted;
  }

  /** Whether nobody is known yet who could be asked, or has been asked and not answered. */
  get isAlone(): boolean {
    const { seeds = [], address } = this.#o.config;
    const hasSeed = seeds.some((seed) => address === undefined || !isSameAddress(seed, address));
    return hasSeed && !this.#isTold && this.#peers.size === 0;
  }

  isReachable(name: string): boolean {
    return this.#peers.get(name)?.isReachable === true;
  }

  isOpen(name: string): boolean {
    return this.#peers.get(name)?.isOpen === true;
  }

  /** Opens a way to each, if there is none. */
  reach(names: readonly string[]): void {
    for (const name of names) this.#peers.get(name)?.reach();
  }

  send(to: string, message: Message): void {
    this.#peers.get(to)?.send(message);
  }

  /** To those to whom a way is open. */
  tell(names: readonly string[], message: Message): void {
    const said: Outgoing = names.length > 1 ? formatMessage(message) : message;
    for (const name of names) this.#peers.get(name)?.tell(said);
  }

  run(): void {
    const { platform, timings } = this.#o;
    this.#isRunning = true;
    this.#reconsider();
    platform.clock.timer(ns(timings.connectAgain / 2), () => {
      this.#isPatient = false;
      this.#reconsider();
    });
    this.#tidyLater();
  }

  /** Somebody has dialled this agent; returns who, if that is known. Said again on that connection, it may have changed. */
  greeted(connection: MessageConnection, hello: MessageOf<'hello'>): string | null {
    const { from, to, at, boot } = hello;
    const { switchName } = this.#o.config;
    if (from === switchName || (to !== undefined && to !== switchName)) {
      connection.abort();
      return null;
    }
    if (at !== undefined) this.learned({ switchName: from, address: at }, boot);
    this.#checkLife(hello);
    const peer = this.#peers.get(from);
    peer?.greeted(connection, hello);
    return peer === undefined ? null : from;
  }

  hungUp(name: string, connection: MessageConnection): void {
    this.#peers.get(name)?.hungUp(connection);
  }

  /** This agent is in another life now. */
  introduceAgain(): void {
    for (const peer of this.#peers.values()) peer.introduceAgain();
  }

  /** An announcement of it has come, the first of this life. */
  reborn(name: string, boot: number): void {
    this.#peers.get(name)?.reborn(boot);
  }

  /** An announcement of it has come, the first for long. */
  returned(name: string, boot: number): void {
    this.#peers.get(name)?.livesIn(boot);
    this.#reconsiderSoon();
  }

  /** `boot`: of its life in which it was there. */
  learned(peer: PeerAddress, boot: number): void {
    const { config, log, watch } = this.#o;
    const { switchName, address } = peer;
    if (switchName === config.switchName || this.#configured.has(switchName)) return;
    const known = this.#peers.get(switchName);
    if (known !== undefined && isSameAddress(known.address, address)) return;
    // One that answers where it is known has not moved, unless it has started again since.
    if (known !== undefined && (boot < known.boot || (boot === known.boot && known.isOpen))) return;
    if (known === undefined && this.#peers.size >= LIMITS.peersMax) return;
    if (known === undefined) this.#add(peer);
    else known.moved(address);
    watch(log.append({ kind: 'peer', peer }));
    this.#reconsiderSoon();
  }

  #add({ switchName, address }: PeerAddress): void {
    const { config } = this.#o;
    const ways = new PeerWays(switchName, address, {
      ...this.#o,
      own: config.switchName,
      hello: (to, isNear, known) => this.#hello(to, isNear, known),
      received: (from, message) => {
        if (message.type === 'hello') this.#checkLife(message);
        else this.#o.received(from, message);
      },
      changed: () => {
        this.#o.changed();
        this.#reconsiderSoon();
      },
    });
    this.#peers.set(switchName, ways);
    this.#sorted = [...this.#peers.keys()].sort();
  }

  #checkLife({ known = 0 }: MessageOf<'hello'>): void {
    if (known > this.#o.boot()) this.#o.outlived(known);
  }

  #hello(to: string | null, isNear: boolean, known = 0): MessageOf<'hello'> {
    const { config, boot } = this.#o;
    const { address } = config;
    return {
      type: 'hello',
      from: config.switchName,
      boot: boot(),
      ...(to !== null && { to }),
      ...(known > 0 && { known }),
      ...(address && { at: { machine: address.machine, tcpPort: address.tcpPort } }),
      ...(isNear && { isNear }),
    };
  }

  /** Who is a neighbour depends on who is known, who answers and who is heard. */
  #reconsider(): void {
    this.#due?.cancel();
    this.#due = null;
    if (!this.#isRunning) return;
    const { config, isHeard } = this.#o;
    const isFailing = (name: string): boolean => this.#peers.get(name)?.isFailing === true;
    const wanted = neighbourhood(
      {
        own: config.switchName,
        known: this.#sorted,
        fibreNeighbours: this.#fibreNeighbours,
        isFailing,
        isGone: (name) => isFailing(name) && !isHeard(name),
      },
      this.#limits,
    );
    for (const [name, peer] of this.#peers)
      peer.want(wanted.has(name), !this.#isPatient || config.switchName < name);
    this.#lookForSeeds();
  }

  #reconsiderSoon(): void {
    if (!this.#isRunning) return;
    this.#due ??= this.#o.platform.clock.timer(ns(0), () => this.#reconsider());
  }

  #tidyLater(): void {
    const { platform, timings } = this.#o;
    platform.clock.timer(timings.probePeriod, () => {
      for (const peer of this.#peers.values()) peer.closeIdle();
      this.#forgetSilent();
      this.#reconsider();
      this.#tidyLater();
    });
  }

  /** Those that the configuration names are not: by them, and by seeds, parts of a network that were apart for long meet again. */
  #forgetSilent(): void {
    const { platform, log, watch, isHeard, forgotten } = this.#o;
    const isThere = (name: string): boolean => this.isOpen(name) || isHeard(name);
    for (const name of this.#silent.look(this.#sorted, isThere, platform.clock.now())) {
      if (this.#configured.has(name) || this.#fibreNeighbours.has(name)) continue;
      this.#silent.forget(name);
      this.#peers.get(name)?.forget();
      this.#peers.delete(name);
      this.#sorted = [...this.#peers.keys()].sort();
      watch(log.append({ kind: 'peer-forgotten', switchName: name }));
      forgotten(name);
    }
  }

  /** Seeds are dialled as long as it is not known who they are. */
  #lookForSeeds(): void {
    const { config, watch } = this.#o;
    const known = new Set([...this.#peers.values()].map(({ address }) => keyOf(address)));
    if (config.address !== undefined) known.add(keyOf(config.address));
    for (const address of config.seeds ?? []) {
      const key = keyOf(address);
      const link = this.#seeds.get(key);
      if (known.has(key)) {
        link?.close();
        this.#seeds.delete(key);
      } else if (link === undefined) {
        const opened = this.#seedLink(address);
        this.#seeds.set(key, opened);
        watch(opened.run());
      }
    }
  }

  #seedLink(to: Address): PeerLink {
    const { platform, timings } = this.#o;
    return new PeerLink({
      platform,
      to,
      timings,
      opened: (send) => send(this.#hello(null, false)),
      received: (message) => {
        if (message.type !== 'hello') return;
        this.#isTold = true;
        this.#checkLife(message);
        this.learned({ switchName: message.from, address: message.at ?? to }, message.boot);
      },
    });
  }
}

const keyOf = ({ machine, tcpPort }: Address): string => `${machine}:${tcpPort}`;

const isSameAddress = (x: Address, y: Address): boolean => keyOf(x) === keyOf(y);
