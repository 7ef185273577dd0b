// Which way the host's traffic for each peer goes: over the verified light path whose name comes first, so that both
// ends choose the same, or over the routed network where there is none.

import type { Duration } from '../core/time.ts';
import type { Clock, Log } from '../platform/platform.ts';
import type { TrafficSteering } from './daemon-config.ts';

export interface DaemonTrafficOptions {
  readonly host: string;
  readonly steering: TrafficSteering;
  readonly log: Log;
  readonly clock: Pick<Clock, 'timer'>;
  /** What could not be pointed is tried again after this. */
  readonly steerAgain: Duration;
  /** Told of a path that traffic could not be pointed at. */
  readonly changed: (path: string) => void;
}

export class DaemonTraffic {
  readonly #o: DaemonTrafficOptions;
  /** By peer. */
  readonly #verified = new Map<string, Set<string>>();
  readonly #used = new Map<string, string>();
  /** Paths that traffic cannot be pointed at for now. */
  readonly #refused = new Set<string>();

  constructor(options: DaemonTrafficOptions) {
    this.#o = options;
  }

  /** Whether this path has the traffic for the peer. */
  isOn(path: string, peer: string): boolean {
    return this.#used.get(peer) === path;
  }

  /** What an earlier life of this daemon chose no longer holds. */
  reset(peers: readonly string[]): void {
    for (const peer of peers) this.#o.steering.useRouted(peer);
  }

  verified(path: string, peer: string): void {
    const paths = this.#verified.get(peer) ?? new Set();
    this.#verified.set(peer, paths.add(path));
    this.#choose(peer, 'light at both ends');
  }

  /** `reason` for the record. */
  unverified(path: string, peer: string, reason: string): void {
    if (this.#verified.get(peer)?.delete(path)) this.#choose(peer, reason);
  }

  #choose(peer: string, reason: string): void {
    const { host, steering, log } = this.#o;
    const [path] = [...(this.#verified.get(peer) ?? [])].filter((each) => !this.#refused.has(each)).sort();
    const before = this.#used.get(peer);
    if (path === before) return;
    if (path === undefined) {
      this.#used.delete(peer);
      steering.useRouted(peer);
      log.record('traffic.routed', { host, peer, path: before ?? '', reason });
    } else {
      this.#used.set(peer, path);
      steering.usePath(path, peer, (why) => this.#failed(path, peer, why));
      log.record('traffic.steered', { host, peer, path });
    }
  }

  #failed(path: string, peer: string, reason: string): void {
    const { host, log, clock, steerAgain, changed } = this.#o;
    if (this.#used.get(peer) !== path) return;
    this.#used.delete(peer);
    this.#refused.add(path);
    log.record('traffic.failed', { host, peer, path, reason });
    clock.timer(steerAgain, () => {
      this.#refused.delete(path);
      this.#choose(peer, 'light at both ends');
      changed(path);
    });
    this.#choose(peer, reason);
    changed(path);
  }
}
