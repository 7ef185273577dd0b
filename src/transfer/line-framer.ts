// Cuts a stream of bytes into lines of UTF-8, with a bound on the length of one: a peer that never ends its line costs
// that much memory and no more.

import { TransferProtocolError } from './errors.ts';

const LINE_FEED = 10;

export class LineFramer {
  readonly #lineBytesMax: number;
  readonly #decoder = new TextDecoder('utf-8', { fatal: true });
  #held: Uint8Array[] = [];
  #heldBytes = 0;

  constructor(lineBytesMax: number) {
    this.#lineBytesMax = lineBytesMax;
  }

  /** The lines that `bytes` completes, without their line feeds. Throws `TransferProtocolError`. */
  push(bytes: Uint8Array): string[] {
    const lines: string[] = [];
    let from = 0;
    for (let at = bytes.indexOf(LINE_FEED); at >= 0; at = bytes.indexOf(LINE_FEED, from)) {
      this.#hold(bytes.subarray(from, at));
      lines.push(this.#line());
      from = at + 1;
    }
    this.#hold(bytes.subarray(from));
    return lines;
  }

  #hold(piece: Uint8Array): void {
    this.#heldBytes += piece.length;
    if (this.#heldBytes > this.#lineBytesMax)
      throw new TransferProtocolError(`expected a line within ${this.#lineBytesMax} bytes`, 'a longer one');
    if (piece.length > 0) this.#held.push(piece.slice());
  }

  #line(): string {
    const whole = new Uint8Array(this.#heldBytes);
    let at = 0;
    for (const piece of this.#held) {
      whole.set(piece, at);
      at += piece.length;
    }
    this.#held = [];
    this.#heldBytes = 0;
    try {
      return this.#decoder.decode(whole);
    } catch {
      throw new TransferProtocolError('expected UTF-8', 'other bytes');
    }
  }
}
