// What a host tells agents of its own receivers: light that leaves the last switch of a path and does not arrive is seen
// nowhere else. Each fibre's light is told to the agent of the switch at its other end, and is told as it stands, not as
// it changed: on a new connection all is said again. Which path it is, the agent knows.

import { after, type Duration, EPOCH, type Instant, ms, ZERO } from '../core/time.ts';
import { type Address, formatAddress, type Platform } from '../platform/platform.ts';
import { CLIENT_TIMINGS } from './client.ts';
import type { TransceiverMonitor } from './daemon-config.ts';
import type { Message, MessageOf } from './messages.ts';
import { PeerLink, type PeerLinkOptions } from './peer-link.ts';

/** A fibre that ends at a transceiver of this host. */
export interface HostReceiver {
  readonly fibre: string;
  /** Of the switch at its other end. */
  readonly agent: Address;
}

export interface ReceiverTimings extends Readonly<PeerLinkOptions['timings']> {
  /** Darkness that is shorter is not told: ours, above what mirrors need for a planned move, which switches see anyway. */
  readonly darkFor: Duration;
  /** What the monitor takes from light to saying so; nothing for one that sees light itself. */
  readonly settling: Duration;
}

export const RECEIVER_TIMINGS: ReceiverTimings = { ...CLIENT_TIMINGS, darkFor: ms(100), settling: ZERO };

export interface HostReceiversOptions {
  readonly platform: Pick<Platform, 'clock' | 'network'>;
  /** As light paths name their ends. */
  readonly host: string;
  readonly receivers: readonly HostReceiver[];
  readonly monitor: Pick<TransceiverMonitor, 'hasLight' | 'subscribe'>;
  readonly timings?: Partial<ReceiverTimings>;
}

interface Watched extends HostReceiver {
  /** What agents are told. */
  isLit: boolean;
  /** Since when there is none, while there is none. */
  darkSince: Instant | null;
}

export class HostReceivers {
  readonly #o: HostReceiversOptions;
  readonly #timings: ReceiverTimings;
  readonly #watched: readonly Watched[];
  /** By agent. */
  readonly #links = new Map<string, PeerLink>();

  constructor(options: HostReceiversOptions) {
    this.#o = options;
    this.#timings = { ...RECEIVER_TIMINGS, ...options.timings };
    const { receivers, monitor } = options;
    this.#watched = receivers.map((receiver) => {
      const isLit = monitor.hasLight(receiver.fibre);
      return { ...receiver, isLit, darkSince: isLit ? null : EPOCH };
    });
  }

  /** One task for each agent that is told; they never end. */
  run(): Promise<void>[] {
    const { platform, monitor } = this.#o;
    for (const { agent } of this.#watched) {
      const name = formatAddress(agent);
      if (this.#links.has(name)) continue;
      const link = new PeerLink({
        ...{ platform, to: agent, timings: this.#timings },
        opened: (send) => this.#sayAll(name, send),
        received: (message) => this.#asked(name, message),
      });
      this.#links.set(name, link);
    }
    monitor.subscribe(() => this.#review());
    this.#review();
    return [...this.#links.values()].map((link) => link.run());
  }

  #review(): void {
    const { clock } = this.#o.platform;
    const now = clock.now();
    for (const watched of this.#watched) {
      if (this.#o.monitor.hasLight(watched.fibre)) {
        watched.darkSince = null;
        this.#take(watched, true);
      } else if (watched.darkSince === null) {
        watched.darkSince = now;
        clock.timer(this.#timings.darkFor, () => this.#review());
      } else if (after(watched.darkSince, this.#timings.darkFor) <= now) this.#take(watched, false);
    }
  }

  #take(watched: Watched, isLit: boolean): void {
    if (watched.isLit === isLit) return;
    watched.isLit = isLit;
    this.#links.get(formatAddress(watched.agent))?.send(this.#word(watched.fibre, isLit));
  }

  #sayAll(agent: string, send: (message: Message) => void): void {
    for (const { fibre, isLit, agent: of } of this.#watched)
      if (formatAddress(of) === agent) send(this.#word(fibre, isLit));
  }

  /** Who asks wants to know how it is now, however short that is. */
  #asked(agent: string, message: Message): void {
    if (message.type !== 'look') return;
    const { fibre, number } = message;
    if (!this.#watched.some((one) => one.fibre === fibre && formatAddress(one.agent) === agent)) return;
    this.#links.get(agent)?.send(this.#word(fibre, this.#o.monitor.hasLight(fibre), number));
    this.#review();
  }

  #word(fibre: string, isLit: boolean, answers: number | null = null): MessageOf<'receiver'> {
    const { host } = this.#o;
    return { type: 'receiver', host, fibre, isLit, settling_ns: this.#timings.settling, answers };
  }
}
