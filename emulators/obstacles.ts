// What stands in the way of relayed bytes besides the links: directions in which they are held, or take longer. Bytes of
// a TCP connection are never lost, doubled or out of order, so a relay does no more than that.

import { type Duration, ns } from '../src/core/time.ts';
import type { Random } from '../src/platform/platform.ts';

export interface Obstacle {
  /** Whether bytes from one machine to the other are meant. */
  concerns(from: string, to: string): boolean;
  /** Whether they wait until it is gone. */
  readonly isClosed: boolean;
  readonly delay: Duration;
  /** Up to so much more, evenly. */
  readonly jitter: Duration;
}

export class Obstacles {
  readonly #random: Random;
  readonly #standing = new Set<Obstacle>();
  readonly #listeners = new Set<() => void>();

  constructor(random: Random) {
    this.#random = random;
  }

  add(obstacle: Obstacle): { remove(): void } {
    const own: Obstacle = { ...obstacle, concerns: (from, to) => obstacle.concerns(from, to) };
    this.#standing.add(own);
    this.#tell();
    return {
      remove: () => {
        this.#standing.delete(own);
        this.#tell();
      },
    };
  }

  isClosed(from: string, to: string): boolean {
    return [...this.#standing].some((each) => each.isClosed && each.concerns(from, to));
  }

  /** Of the bytes that go now. */
  delay(from: string, to: string): Duration {
    let sum = 0;
    for (const each of this.#standing)
      if (each.concerns(from, to)) sum += each.delay + Math.round(this.#random.next() * each.jitter);
    return ns(sum);
  }

  /** Called after each change. Returns the way to stop that. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #tell(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}
