// Shows how a transfer goes on: one line that is written over again on a terminal, plain lines at each tenth elsewhere.

import { bytes, formatBytes } from '../core/quantity.ts';

const DRAW_EVERY_MS = 200;

export class TransferProgress {
  readonly #out: NodeJS.WriteStream;
  readonly #verb: string;
  #drawnMs = 0;
  #drawnBytes = 0;
  #tenth = 0;
  #isOpen = false;

  constructor(out: NodeJS.WriteStream, verb: string) {
    this.#out = out;
    this.#verb = verb;
  }

  update(stored: number, total: number): void {
    const share = total === 0 ? 1 : stored / total;
    const line = `${this.#verb} ${formatBytes(bytes(stored))} of ${formatBytes(bytes(total))}, ${Math.floor(share * 100)} %`;
    if (this.#out.isTTY) this.#draw(line, stored);
    else if (Math.floor(share * 10) > this.#tenth) this.#out.write(`${line}\n`);
    this.#tenth = Math.floor(share * 10);
  }

  /** Leaves the last line standing. */
  end(): void {
    if (this.#isOpen) this.#out.write('\n');
    this.#isOpen = false;
    this.#tenth = 0;
    this.#drawnBytes = 0;
  }

  #draw(line: string, stored: number): void {
    const now = performance.now();
    if (now - this.#drawnMs < DRAW_EVERY_MS) return;
    const rate = Math.round((Math.max(0, stored - this.#drawnBytes) / (now - this.#drawnMs)) * 1000);
    this.#out.write(`\r\x1b[K${line}, ${formatBytes(bytes(rate))}/s`.slice(0, (this.#out.columns ?? 80) + 4));
    this.#drawnMs = now;
    this.#drawnBytes = stored;
    this.#isOpen = true;
  }
}
