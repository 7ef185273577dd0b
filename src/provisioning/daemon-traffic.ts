// Which way the host's traffic for each peer goes: over the verified light path whose name comes first, so that both
// ends choose the same, or over the routed network where there is none.

import type { Log } from '../platform/platform.ts';
import type { TrafficSteering } from './daemon-config.ts';

export class DaemonTraffic {
  readonly #host: string;
  readonly #steering: TrafficSteering;
  readonly #log: Log;
  /** By peer. */
  readonly #verified = new Map<string, Set<string>>();
  readonly #used = new Map<string, string>();

  constructor(o: { host: string; steering: TrafficSteering; log: Log }) {
    this.#host = o.host;
    this.#steering = o.steering;
    this.#log = o.log;
  }

  /** Whether this path has the traffic for the peer. */
  isOn(path: string, peer: string): boolean {
    return this.#used.get(peer) === path;
  }

  /** What an earlier life of this daemon chose no longer holds. */
  reset(peers: readonly string[]): void {
    for (const peer of peers) this.#steering.useRouted(peer);
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
    const [path] = [...(this.#verified.get(peer) ?? [])].sort();
    const before = this.#used.get(peer);
    if (path === before) return;
    if (path === undefined) {
      this.#used.delete(peer);
      this.#steering.useRouted(peer);
      this.#log.record('traffic.routed', { host: this.#host, peer, path: before ?? '', reason });
    } else {
      this.#used.set(peer, path);
      this.#steering.usePath(path, peer);
      this.#log.record('traffic.steered', { host: this.#host, peer, path });
    }
  }
}
