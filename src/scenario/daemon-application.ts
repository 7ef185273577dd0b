// An application of a scenario that asks its host's daemon for a light path. It stays connected until it gives the path
// back, and comes back when the daemon has gone.

import { seconds } from '../core/time.ts';
import { NetworkError } from '../platform/errors.ts';
import type { Platform } from '../platform/platform.ts';
import { DaemonClient, type DaemonPathRequest } from '../provisioning/daemon-client.ts';
import { DEFAULT_DAEMON_TCP_PORT } from '../provisioning/daemon-config.ts';

/** Between two tries to reach the daemon: less than its grace. */
const pause = seconds(1);

export class DaemonApplication {
  readonly #platform: Platform;
  readonly #request: DaemonPathRequest;
  #daemon: DaemonClient | null = null;
  #isOver = false;

  constructor(platform: Platform, request: DaemonPathRequest) {
    this.#platform = platform;
    this.#request = request;
  }

  async run(): Promise<void> {
    while (!this.#isOver) {
      const daemon = await this.#connect();
      this.#daemon = daemon;
      if (daemon !== null) {
        await this.#ask(daemon);
        await daemon.ended;
      }
      if (!this.#isOver) await this.#platform.clock.sleep(pause);
    }
  }

  async confirm(path: string): Promise<void> {
    await this.#daemon?.confirm(path);
  }

  async release(path: string): Promise<void> {
    this.#isOver = true;
    await this.#daemon?.release(path);
    this.#daemon?.close();
  }

  /** A refusal is the end of it; a daemon that went away meanwhile is not. */
  async #ask(daemon: DaemonClient): Promise<void> {
    const answer = await daemon.request(this.#request);
    if (answer.type !== 'refused') return;
    const { path, kind, reason } = answer;
    this.#platform.log.record('request.refused', { path, kind, reason });
    if (!daemon.isOpen) return;
    this.#isOver = true;
    daemon.close();
  }

  async #connect(): Promise<DaemonClient | null> {
    const { machine, network } = this.#platform;
    try {
      return await DaemonClient.connect(network, { machine, tcpPort: DEFAULT_DAEMON_TCP_PORT });
    } catch (error) {
      if (error instanceof NetworkError) return null;
      throw error;
    }
  }
}
