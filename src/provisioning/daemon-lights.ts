// What this host and its peers tell each other of the light of their paths: each says what it receives when that changes,
// and again and again, so that a word that was lost is made good and a peer that has gone is noticed. A path that the other
// end has asked for is heard of here first.

import { after, type Instant } from '../core/time.ts';
import type { Connection, Platform } from '../platform/platform.ts';
import {
  DAEMON_LIMITS,
  type DaemonConfig,
  type DaemonTimings,
  type TransceiverMonitor,
} from './daemon-config.ts';
import type { DaemonTraffic } from './daemon-traffic.ts';
import { LightAgreement, type LightState } from './light-agreement.ts';
import { MessageConnection } from './message-connection.ts';
import type { Message, MessageOf } from './messages.ts';
import { PeerLink } from './peer-link.ts';

export interface DaemonLightsOptions {
  readonly platform: Pick<Platform, 'clock' | 'network'>;
  readonly config: DaemonConfig;
  readonly timings: DaemonTimings;
  readonly monitor: TransceiverMonitor;
  readonly traffic: DaemonTraffic;
  /** Higher in each life of this daemon. */
  readonly boot: number;
  /** Told of a path whose light or traffic has changed. */
  readonly changed: (path: string) => void;
  /** Told of a path of a peer that it has released, or is silent about. */
  readonly closed: (path: TheirPath) => void;
  readonly watch: (task: Promise<unknown>) => void;
}

interface Word {
  readonly boot: number;
  readonly number: number;
  readonly state: LightState;
  readonly until: Instant;
  readonly forget: Instant;
}

interface PathLight {
  readonly path: string;
  readonly peer: string;
  readonly isOurs: boolean;
  readonly agreement: LightAgreement;
  fibres: readonly string[];
  /** Whether it is to have light. */
  isUp: boolean;
  heard: Word | null;
}

export interface TheirPath {
  readonly path: string;
  readonly peer: string;
  readonly fibres: readonly string[];
}

export class DaemonLights {
  readonly #o: DaemonLightsOptions;
  readonly #lights = new Map<string, PathLight>();
  /** By peer; dialled when first needed. */
  readonly #links = new Map<string, PeerLink>();
  #number = 0;
  #connections = 0;

  constructor(options: DaemonLightsOptions) {
    this.#o = options;
    options.monitor.subscribe(() => this.#reviewAll());
  }

  /** Those that peers have asked for. */
  get theirs(): readonly TheirPath[] {
    return [...this.#lights.values()].filter(({ isOurs }) => !isOurs);
  }

  /** A path of this host: whether it is to have light now, and over which fibres. */
  follow(
    path: string,
    peer: string,
    state: { readonly isUp: boolean; readonly fibres: readonly string[] },
  ): void {
    const known = this.#lights.get(path);
    if (known?.isOurs !== true && !state.isUp) return;
    const light = known?.isOurs ? known : this.#open(path, peer, true);
    light.isUp = state.isUp;
    light.fibres = state.fibres;
    this.#review(light);
  }

  /** It is over for this host. */
  drop(path: string): void {
    const light = this.#lights.get(path);
    if (!light?.isOurs) return;
    this.#say(light, 'over');
    this.#close(light, 'the path is over');
  }

  accept(connection: Connection): void {
    if (this.#connections >= DAEMON_LIMITS.connectionsMax) return connection.abort();
    this.#connections++;
    const messages = new MessageConnection(connection);
    const served = messages.receive((message) => {
      if (message.type === 'ping') messages.send({ type: 'pong', number: message.number });
      else if (message.type === 'light') this.#hear(message);
    });
    this.#o.watch(served.then(() => void this.#connections--));
  }

  async run(): Promise<never> {
    const { platform, timings } = this.#o;
    for (;;) {
      await platform.clock.sleep(timings.lightPeriod);
      this.#reviewAll();
      for (const light of this.#lights.values()) this.#say(light);
    }
  }

  #hear({ path, host, isAsker, boot, number, state, fibres }: MessageOf<'light'>): void {
    if (!this.#o.config.peers.some((peer) => peer.host === host)) return;
    const known = this.#lights.get(path);
    const isNew = isAsker && state !== 'over' && this.#lights.size < 2 * DAEMON_LIMITS.pathsMax;
    if (known === undefined && !isNew) return;
    const light = known ?? this.#open(path, host, false);
    if (light.peer !== host || isOld(light.heard, boot, number)) return;
    if (state === 'over') {
      if (!light.isOurs) return this.#close(light, 'the other end has released the path');
    } else {
      const { timings, platform } = this.#o;
      const now = platform.clock.now();
      const [until, forget] = [after(now, timings.peerLimit), after(now, timings.peerGone)];
      light.heard = { boot, number, state, until, forget };
    }
    if (!light.isOurs) light.fibres = fibres;
    this.#review(light);
  }

  #open(path: string, peer: string, isOurs: boolean): PathLight {
    const agreement = new LightAgreement();
    const light = { path, peer, isOurs, agreement, fibres: [], isUp: !isOurs, heard: null };
    this.#lights.set(path, light);
    return light;
  }

  #close(light: PathLight, reason: string): void {
    this.#lights.delete(light.path);
    this.#o.traffic.unverified(light.path, light.peer, reason);
    if (light.isOurs) this.#o.changed(light.path);
    else this.#o.closed(light);
  }

  #reviewAll(): void {
    const now = this.#o.platform.clock.now();
    for (const light of [...this.#lights.values()]) {
      if (!light.isOurs && light.heard !== null && light.heard.forget <= now)
        this.#close(light, 'the other end has been silent for long');
      else this.#review(light);
    }
  }

  #review(light: PathLight): void {
    const { monitor, traffic, platform } = this.#o;
    const { path, peer, agreement, heard, isUp } = light;
    const word = heard !== null && heard.until > platform.clock.now() ? heard.state : null;
    const isLit = isUp && monitor.isLit(light.fibres);
    if (!agreement.see({ isLit, peer: word })) return;
    if (agreement.state === 'agreed') traffic.verified(path, peer);
    else traffic.unverified(path, peer, reasonOf(isUp, isLit, word));
    this.#say(light);
    this.#o.changed(path);
  }

  #say(light: PathLight, state: LightState | 'over' = light.agreement.state): void {
    this.#linkTo(light.peer)?.send(this.#word(light, state));
  }

  #word({ path, isOurs, fibres }: PathLight, state: LightState | 'over'): MessageOf<'light'> {
    const { config, boot } = this.#o;
    const number = ++this.#number;
    return {
      ...{ type: 'light', path, host: config.host, isAsker: isOurs },
      ...{ boot, number, state, fibres: [...fibres] },
    };
  }

  /** Null for a host whose daemon is not known. */
  #linkTo(peer: string): PeerLink | null {
    const known = this.#links.get(peer);
    if (known !== undefined) return known;
    const { config, platform, timings, watch } = this.#o;
    const to = config.peers.find(({ host }) => host === peer)?.address;
    if (to === undefined) return null;
    const link = new PeerLink({ platform, to, timings, opened: (send) => this.#sayAll(peer, send) });
    this.#links.set(peer, link);
    watch(link.run());
    return link;
  }

  #sayAll(peer: string, send: (message: Message) => void): void {
    for (const light of this.#lights.values())
      if (light.peer === peer) send(this.#word(light, light.agreement.state));
  }
}

const isOld = (heard: Word | null, boot: number, number: number): boolean =>
  heard !== null && (boot < heard.boot || (boot === heard.boot && number <= heard.number));

function reasonOf(isUp: boolean, isLit: boolean, word: LightState | null): string {
  if (!isUp) return 'the path is not up';
  if (!isLit) return 'no light here';
  return word === null ? 'the other end is silent' : 'no light at the other end';
}
