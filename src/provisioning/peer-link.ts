// The way from here to one peer: dials, keeps dialling, and probes, so that a connection whose other side is
// gone without a word is dropped soon. Answers may come back on it.

import { withDeadline } from '../platform/deadline.ts';
import { CancelledError } from '../platform/errors.ts';
import { type Address, formatAddress, type Platform } from '../platform/platform.ts';
import { MessageConnection, type Outgoing } from './message-connection.ts';
import type { Message } from './messages.ts';
import { probeWhenSilent, type SilenceWatch } from './silence.ts';
import type { AgentTimings } from './timings.ts';

export interface PeerLinkOptions {
  readonly platform: Pick<Platform, 'clock' | 'network'>;
  readonly to: Address;
  readonly timings: Pick<AgentTimings, 'connectLimit' | 'connectAgain' | 'probePeriod'>;
  /** Called on every new connection, for what must be said first. */
  readonly opened: (send: (message: Message) => void) => void;
  /** Messages that come back on the link itself. */
  readonly received?: (message: Message) => void;
  /** The connection has ended, or could not be made; not called after `close` or `abort`. */
  readonly failed?: (wasUp: boolean) => void;
}

export class PeerLink {
  readonly #o: PeerLinkOptions;
  readonly #stop = new AbortController();
  /** Ends the dial or the pause under way. */
  #hurry = new AbortController();
  #connection: MessageConnection | null = null;
  #probe: (SilenceWatch & { said(): void }) | null = null;
  #isRenewed = false;

  constructor(options: PeerLinkOptions) {
    this.#o = options;
  }

  get isUp(): boolean {
    return this.#connection?.isOpen === true;
  }

  /** Nothing is kept for later while there is no connection: whoever needs an answer asks again, and old news misleads. */
  send(message: Outgoing): void {
    this.#connection?.send(message);
    this.#probe?.said();
  }

  /** Runs until `close` or `abort`. */
  async run(): Promise<void> {
    const { clock } = this.#o.platform;
    while (!this.#stop.signal.aborted) {
      const wasUp = await this.#dialAndServe();
      if (this.#stop.signal.aborted) return;
      this.#o.failed?.(wasUp);
      if (this.#isRenewed) {
        this.#isRenewed = false;
        continue;
      }
      this.#hurry = new AbortController();
      await clock.sleep(this.#o.timings.connectAgain, this.#hurry.signal).catch(ignoreCancelled);
      this.#isRenewed = false;
    }
  }

  /** Dials again at once. A connection that is there leads to a process that has ended, a dial to where there was none. */
  renew(): void {
    this.#isRenewed = true;
    if (this.isUp) this.#connection?.abort();
    else this.#hurry.abort();
  }

  /** Ends the connection that is there, which leads to somebody else; another is made after the usual pause. */
  drop(): void {
    this.#connection?.abort();
  }

  close(): void {
    this.#stop.abort();
    this.#hurry.abort();
    this.#connection?.close();
  }

  abort(): void {
    this.#stop.abort();
    this.#hurry.abort();
    this.#connection?.abort();
  }

  /** Whether there was a connection. */
  async #dialAndServe(): Promise<boolean> {
    const { platform, to, timings } = this.#o;
    const hurry = new AbortController();
    this.#hurry = hurry;
    const connection = await withDeadline(
      platform.clock,
      timings.connectLimit,
      `connect to ${formatAddress(to)}`,
      (signal) => {
        signal.addEventListener('abort', () => hurry.abort());
        return platform.network.connect(to, hurry.signal);
      },
    ).catch(() => null);
    if (connection === null) return false;
    const messages = new MessageConnection(connection);
    if (this.#stop.signal.aborted) {
      messages.abort();
      return false;
    }
    this.#isRenewed = false;
    this.#connection = messages;
    const probe = probeWhenSilent(messages, platform.clock, timings.probePeriod);
    this.#probe = probe;
    this.#o.opened((message) => messages.send(message));
    await messages.receive((message) => {
      probe.heard();
      if (message.type !== 'pong') this.#o.received?.(message);
    });
    probe.cancel();
    return true;
  }
}

export function ignoreCancelled(error: unknown): void {
  if (!(error instanceof CancelledError)) throw error;
}
