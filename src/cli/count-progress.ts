// How far many runs are: on a terminal one line that is written over again, elsewhere a line now and then.

import { formatDuration, seconds } from '../core/time.ts';

/** ms between two drawings, on a terminal and elsewhere. */
const drawEveryMs = 200;
const plainEveryMs = 15_000;

export class CountProgress {
  readonly #total: number;
  readonly #out: NodeJS.WriteStream;
  readonly #startedMs = performance.now();
  #drawnMs = performance.now();

  constructor(total: number, out: NodeJS.WriteStream) {
    this.#total = total;
    this.#out = out;
  }

  update(done: number, note: string): void {
    const now = performance.now();
    if (now - this.#drawnMs < (this.#out.isTTY ? drawEveryMs : plainEveryMs)) return;
    this.#drawnMs = now;
    const line = this.format(done, note);
    this.#out.write(
      this.#out.isTTY ? `\r\x1b[K${line.slice(0, (this.#out.columns ?? 80) - 1)}` : `${line}\n`,
    );
  }

  /** Goes to a new line, for what is to stand. */
  pause(): void {
    if (this.#out.isTTY) this.#out.write('\r\x1b[K');
  }

  /** `note`: what else there is to say. */
  format(done: number, note: string): string {
    const elapsed = (performance.now() - this.#startedMs) / 1000;
    const rate = done / Math.max(1e-3, elapsed);
    const left =
      done === 0 ? '' : `, ${formatDuration(seconds(Math.round((this.#total - done) / rate)))} left`;
    return `${done} of ${this.#total} runs, ${rate.toFixed(1)}/s${left}, ${note}`;
  }
}
