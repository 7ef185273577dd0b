// What the receiver stored and has not yet told the sender: gathered as ranges, and told in batches by size or age, so
// that the control connection carries a few messages a second however many blocks come.

import type { Clock, Timer } from '../platform/platform.ts';
import type { FileRanges } from './messages.ts';
import { RangeSet } from './range-set.ts';
import type { TransferTimings } from './timings.ts';

export class Acknowledger {
  readonly #clock: Pick<Clock, 'timer'>;
  readonly #timings: TransferTimings;
  readonly #say: (files: FileRanges) => Promise<void>;
  readonly #files = new Map<number, RangeSet>();
  #bytes = 0;
  #timer: Timer | null = null;
  #isSaying = false;

  /** `say` resolves when the next message is welcome. */
  constructor(
    clock: Pick<Clock, 'timer'>,
    timings: TransferTimings,
    say: (files: FileRanges) => Promise<void>,
  ) {
    this.#clock = clock;
    this.#timings = timings;
    this.#say = say;
  }

  add(file: number, from: number, to: number): void {
    let ranges = this.#files.get(file);
    if (ranges === undefined) {
      ranges = new RangeSet();
      this.#files.set(file, ranges);
    }
    ranges.add(from, to);
    this.#bytes += to - from;
    if (this.#bytes >= this.#timings.acknowledgeBytes) this.#sayWhenWelcome();
    else this.#timer ??= this.#clock.timer(this.#timings.acknowledgeAfter, () => this.#sayWhenWelcome());
  }

  /** Says all that there is to say now, before whatever is sent next. */
  flush(): void {
    this.#timer?.cancel();
    this.#timer = null;
    if (this.#files.size === 0) return;
    const files = [...this.#files].map(([file, ranges]) => ({ file, ranges: ranges.pairs() }));
    this.#files.clear();
    this.#bytes = 0;
    this.#isSaying = true;
    const welcome = (): void => {
      this.#isSaying = false;
      if (this.#bytes >= this.#timings.acknowledgeBytes) this.flush();
    };
    // A connection that fails shows where it is read.
    this.#say(files).then(welcome, () => {});
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = null;
    this.#files.clear();
  }

  /** While one message is held back, what comes joins the next. */
  #sayWhenWelcome(): void {
    this.#timer?.cancel();
    this.#timer = null;
    if (!this.#isSaying) this.flush();
    else this.#timer = this.#clock.timer(this.#timings.acknowledgeAfter, () => this.#sayWhenWelcome());
  }
}
