// Which peers this agent is in touch with: it reaches them, and has heard from them in this life. Just after its start it
// is in touch with nobody, and what it does not hear or know then means nothing yet: decisions wait a while, bounded.

import { after, between, type Duration, EPOCH, type Instant } from '../core/time.ts';
import type { Clock } from '../platform/platform.ts';

export interface AcquaintanceOptions {
  readonly clock: Pick<Clock, 'now' | 'timer'>;
  /** After the start, nobody is waited for longer than this. */
  readonly limit: Duration;
  readonly peers: () => readonly string[];
  /** Whether nobody is known yet who will be. */
  readonly isAlone: () => boolean;
  /** Whether questions reach that peer, its answers come back, and its switch is known. */
  readonly isInTouch: (peer: string) => boolean;
  /** These are to be spoken to soon. */
  readonly reach?: (peers: readonly string[]) => void;
}

export class Acquaintance {
  readonly #o: AcquaintanceOptions;
  readonly #until: Instant;
  #waiting: (() => void)[] = [];

  constructor(options: AcquaintanceOptions) {
    this.#o = options;
    this.#until = after(options.clock.now(), options.limit);
  }

  /**
   * True when there was something to wait for, and so perhaps something new; false at once when not. The wait ends at
   * `until` when that is later than what a start is given.
   */
  async meet(peers: readonly string[] | null = null, until: Instant = EPOCH): Promise<boolean> {
    const end = until > this.#until ? until : this.#until;
    const isMissing = (): boolean =>
      this.#o.clock.now() < end &&
      (this.#o.isAlone() || (peers ?? this.#o.peers()).some((peer) => !this.#o.isInTouch(peer)));
    if (peers !== null) this.#o.reach?.(peers);
    if (!isMissing()) return false;
    while (isMissing()) await this.#change(end);
    return true;
  }

  /** A link has opened, or a peer has told something new. */
  changed(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const wake of waiting) wake();
  }

  #change(end: Instant): Promise<void> {
    const { clock } = this.#o;
    return new Promise((resolve) => {
      const timer = clock.timer(between(clock.now(), end), resolve);
      this.#waiting.push(() => {
        timer.cancel();
        resolve();
      });
    });
  }
}
