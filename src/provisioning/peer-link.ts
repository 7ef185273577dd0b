// The way from here to one peer: dials, keeps dialling, and probes, so that a connection whose other side is
// gone without a word is dropped soon. It carries messages one way; the peer's own link carries the answers.

import { withDeadline } from '../platform/deadline.ts';
import { CancelledError } from '../platform/errors.ts';
import { type Address, formatAddress, type Platform } from '../platform/platform.ts';
import { MessageConnection, type Outgoing } from './message-connection.ts';
import type { Message } from './messages.ts';
import type { AgentTimings } from './timings.ts';

export interface PeerLinkOptions {
  readonly platform: Pick<Platform, 'clock' | 'network'>;
  readonly to: Address;
  readonly timings: Pick<AgentTimings, 'connectLimit' | 'connectAgain' | 'probePeriod'>;
  /** Called on every new connection, for what must be said first. */
  readonly opened: (send: (message: Message) => void) => void;
  /** Messages that come back on the link itself. */
  readonly received?: (message: Message) => void;
}

export class PeerLink {
  readonly #o: PeerLinkOptions;
  readonly #stop = new AbortController();
  /** Ends the dial or the pause under way. */
  #hurry = new AbortController();
  #connection: MessageConnection | null = null;
  #isAlive = false;
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
  }

  /** Runs until `close` or `abort`. */
  async run(): Promise<void> {
    const { clock } = this.#o.platform;
    while (!this.#stop.signal.aborted) {
      await this.#dialAndServe();
      if (this.#stop.signal.aborted) return;
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

  async #dialAndServe(): Promise<void> {
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
    if (connection === null) return;
    const messages = new MessageConnection(connection);
    if (this.#stop.signal.aborted) return messages.abort();
    this.#isRenewed = false;
    this.#connection = messages;
    this.#o.opened((message) => messages.send(message));
    const probe = this.#probe(messages);
    await messages.receive((message) => {
      this.#isAlive = true;
      if (message.type !== 'pong') this.#o.received?.(message);
    });
    probe.cancel();
  }

  #probe(messages: MessageConnection): { cancel(): void } {
    let number = 0;
    this.#isAlive = true;
    const again = (): void => {
      if (!this.#isAlive) {
        messages.abort();
        return;
      }
      this.#isAlive = false;
      messages.send({ type: 'ping', number: ++number });
      timer = this.#o.platform.clock.timer(this.#o.timings.probePeriod, again);
    };
    let timer = this.#o.platform.clock.timer(this.#o.timings.probePeriod, again);
    return { cancel: () => timer.cancel() };
  }
}

export function ignoreCancelled(error: unknown): void {
  if (!(error instanceof CancelledError)) throw error;
}
