// Shows how a run goes on: one line that is written over again on a terminal, plain lines at intervals
// elsewhere. The machine's clock is captured at import, because a virtual run puts a guard over it.

import { type Duration, type Instant, toSeconds } from '../core/time.ts';
import type { WorldName } from '../scenario/worlds/world.ts';

const nowMs = performance.now.bind(performance);

/** On a terminal, ms between two drawings. */
const drawEveryMs = 100;
/** Elsewhere, a line whenever this share of the run's duration has passed. */
const plainShare = 0.1;

export class Progress {
  readonly #world: WorldName;
  readonly #duration: Duration;
  readonly #out: NodeJS.WriteStream;
  readonly #startedMs = nowMs();
  #drawnMs = Number.NEGATIVE_INFINITY;
  #plainDue = 0;

  constructor(o: { world: WorldName; duration: Duration; out: NodeJS.WriteStream }) {
    this.#world = o.world;
    this.#duration = o.duration;
    this.#out = o.out;
  }

  update(now: Instant, status: string): void {
    if (this.#out.isTTY) this.#draw(now, status);
    else if (now >= this.#plainDue) {
      this.#plainDue = now + this.#duration * plainShare;
      this.#out.write(`${this.#line(now, status)}\n`);
    }
  }

  /** Leaves the last state standing and goes to a new line. */
  end(now: Instant, status: string): void {
    const line = this.#line(now, status);
    this.#out.write(this.#out.isTTY ? `\r\x1b[K${line}\n` : `${line}\n`);
  }

  /** Leaves the line as it is; what follows starts on a new one. */
  interrupt(): void {
    this.#out.write(this.#out.isTTY ? '\n' : '');
  }

  #draw(now: Instant, status: string): void {
    const at = nowMs();
    if (at - this.#drawnMs < drawEveryMs) return;
    this.#drawnMs = at;
    this.#out.write(`\r\x1b[K${this.#line(now, status).slice(0, (this.#out.columns ?? 80) - 1)}`);
  }

  #line(now: Instant, status: string): string {
    const seconds = toSeconds(now as number as Duration);
    const rate = seconds / Math.max(1e-3, (nowMs() - this.#startedMs) / 1000);
    const speed = this.#world === 'virtual' ? ` (${rate.toFixed(0)} simulated s per s)` : '';
    const share = `${seconds.toFixed(1)} of ${toSeconds(this.#duration)} s`;
    return `${share}${speed}  ${status}`;
  }
}
