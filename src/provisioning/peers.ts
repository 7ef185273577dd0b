// The agents that this one knows, and its ways to them. Some are configured; the others are learned: an agent says its
// own address to whoever it dials, seeds first, is dialled back, and is told all others that are known there.
// Learned addresses are kept on disk, so that an agent that starts again needs no seed.

import type { Address } from '../platform/platform.ts';
import type { AgentConfig } from './agent-config.ts';
import type { DecisionLog } from './decision-log.ts';
import { formatMessage, type Message, type MessageOf } from './messages.ts';
import { PeerLink, type PeerLinkOptions } from './peer-link.ts';
import { type AgentTimings, LIMITS } from './timings.ts';

export interface PeerAddress {
  readonly switchName: string;
  readonly address: Address;
}

export interface PeersOptions extends Pick<PeerLinkOptions, 'platform'> {
  readonly config: AgentConfig;
  readonly timings: AgentTimings;
  readonly log: DecisionLog;
  /** A way to that peer has opened; `send` says what must be said first. */
  readonly opened: (peer: string, send: (message: Message) => void) => void;
  readonly watch: (task: Promise<unknown>) => void;
}

export class Peers {
  readonly #o: PeersOptions;
  readonly #links = new Map<string, { readonly link: PeerLink; readonly address: Address }>();
  readonly #configured: ReadonlySet<string>;
  readonly #seeds = new Map<string, PeerLink>();
  /** Learned, and not told on yet. */
  #news: PeerAddress[] = [];
  #isRunning = false;
  /** Whether somebody has told whom it knows. */
  #isTold = false;

  constructor(options: PeersOptions) {
    this.#o = options;
    const { config, log } = options;
    this.#configured = new Set(config.peers.map((peer) => peer.switchName));
    const learned = [...log.state.peers.values()].filter((p) => !this.#configured.has(p.switchName));
    for (const peer of [...config.peers, ...learned]) this.#add(peer);
    for (const seed of config.seeds ?? []) if (!this.#isAddressKnown(seed)) this.#addSeed(seed);
  }

  get names(): readonly string[] {
    return [...this.#links.keys()];
  }

  /** Whether nobody is known yet who could be asked, or has been asked and not answered. */
  get isAlone(): boolean {
    return this.#seeds.size > 0 && !this.#isTold && this.#links.size === 0;
  }

  isUp(name: string): boolean {
    return this.#links.get(name)?.link.isUp === true;
  }

  knows(name: string): boolean {
    return this.#links.has(name);
  }

  send(to: string, message: Message): void {
    this.#links.get(to)?.link.send(message);
  }

  sendAll(message: Message): void {
    const formatted = formatMessage(message);
    for (const { link } of this.#links.values()) if (link.isUp) link.send(formatted);
  }

  renew(name: string): void {
    this.#links.get(name)?.link.renew();
  }

  run(): void {
    this.#isRunning = true;
    const links = [...this.#links.values()].map(({ link }) => link);
    for (const link of [...links, ...this.#seeds.values()]) this.#o.watch(link.run());
  }

  /** Somebody has dialled this agent, and perhaps said where it can be dialled itself. */
  greeted({ from, at }: MessageOf<'hello'>): void {
    if (at !== undefined) this.#learn({ switchName: from, address: at });
    // A peer that reaches this agent can be reached: no dial to where it was away has to be waited out.
    if (this.knows(from) && !this.isUp(from)) this.renew(from);
  }

  told({ peers }: MessageOf<'peers'>): void {
    this.#isTold = true;
    for (const { switchName, machine, tcpPort } of peers)
      this.#learn({ switchName, address: { machine, tcpPort } });
  }

  #learn(peer: PeerAddress): void {
    const { config, log, watch } = this.#o;
    const { switchName, address } = peer;
    const known = this.#links.get(switchName);
    if (switchName === config.switchName || this.#configured.has(switchName)) return;
    // One that answers where it is known has not moved.
    if (known !== undefined && (known.link.isUp || isSameAddress(known.address, address))) return;
    if (known === undefined && this.#links.size >= LIMITS.peersMax) return;
    known?.link.close();
    const link = this.#add(peer);
    if (this.#isRunning) watch(link.run());
    watch(log.append({ kind: 'peer', peer }));
    this.#seeds.get(keyOf(address))?.close();
    this.#seeds.delete(keyOf(address));
    this.#tellOn(peer);
  }

  /** What is learned within a short while is told on together. */
  #tellOn(peer: PeerAddress): void {
    const { platform, timings } = this.#o;
    this.#news.push(peer);
    if (this.#news.length > 1) return;
    platform.clock.timer(timings.announceGap, () => {
      const news = this.#news;
      this.#news = [];
      this.sendAll(peersMessage(news));
    });
  }

  #add({ switchName, address }: PeerAddress): PeerLink {
    const link = this.#link(address, (send) => {
      const known = [...this.#links].map(([name, other]) => ({ switchName: name, address: other.address }));
      if (this.#o.config.address !== undefined) send(peersMessage(known));
      this.#o.opened(switchName, send);
    });
    this.#links.set(switchName, { link, address });
    return link;
  }

  #addSeed(address: Address): void {
    const { config } = this.#o;
    if (config.address !== undefined && isSameAddress(config.address, address)) return;
    this.#seeds.set(
      keyOf(address),
      this.#link(address, () => {}),
    );
  }

  #link(to: Address, opened: (send: (message: Message) => void) => void): PeerLink {
    const { platform, timings, config } = this.#o;
    const hello: Message = {
      type: 'hello',
      from: config.switchName,
      ...(config.address === undefined ? {} : { at: { ...config.address } }),
    };
    return new PeerLink({
      platform,
      to,
      timings,
      opened: (send) => {
        send(hello);
        opened(send);
      },
    });
  }

  #isAddressKnown(address: Address): boolean {
    return [...this.#links.values()].some((known) => isSameAddress(known.address, address));
  }
}

const peersMessage = (peers: readonly PeerAddress[]): MessageOf<'peers'> => ({
  type: 'peers',
  peers: peers.map(({ switchName, address: { machine, tcpPort } }) => ({ switchName, machine, tcpPort })),
});

const keyOf = ({ machine, tcpPort }: Address): string => `${machine}:${tcpPort}`;

const isSameAddress = (x: Address, y: Address): boolean => keyOf(x) === keyOf(y);
