// A sender's record of what it has sent and does not know to have arrived. Each piece carries the order in which it
// was last sent; once something sent later has arrived, it counts as lost (RACK, RFC 8985, with a reordering window of
// zero: Linux's while no reordering was seen). What was sent again is judged by the same rule.

import { assert } from '../core/assert.ts';
import type { Ranges } from './byte-ranges.ts';

interface Piece {
  start: number;
  end: number;
  order: number;
  isLost: boolean;
}

export class Scoreboard {
  /** In rising order of start, not overlapping; what is between them has arrived. */
  #pieces: Piece[] = [];
  #nextOrder = 1;
  /** The newest sending of which something has arrived, and up to where in the stream. */
  #newestOrder = 0;
  #newestEnd = 0;
  #flight = 0;
  #lost = 0;

  /** Bytes thought to be on their way. */
  get flight(): number {
    return this.#flight;
  }

  /** Bytes thought to be lost, and not sent again yet. */
  get lost(): number {
    return this.#lost;
  }

  get isEmpty(): boolean {
    return this.#pieces.length === 0;
  }

  /** Notes new bytes, which follow all that were sent before. */
  sent(start: number, end: number): void {
    const last = this.#pieces.at(-1);
    assert(
      start < end && (last === undefined || last.end <= start),
      () => `sent ${start} to ${end} out of order`,
    );
    this.#pieces.push({ start, end, order: this.#nextOrder++, isLost: false });
    this.#flight += end - start;
  }

  /** Takes up to `bytesMax` lost bytes, first ones first, as ranges that are now sent again. */
  resend(bytesMax: number): number[] {
    const ranges: number[] = [];
    const order = this.#nextOrder++;
    let left = bytesMax;
    for (let i = 0; i < this.#pieces.length && left > 0 && this.#lost > 0; i++) {
      const piece = this.#pieces[i] as Piece;
      if (!piece.isLost) continue;
      if (piece.end - piece.start > left) this.#split(i, piece.start + left);
      const bytes = piece.end - piece.start;
      piece.isLost = false;
      piece.order = order;
      left -= bytes;
      this.#lost -= bytes;
      this.#flight += bytes;
      pushRange(ranges, piece.start, piece.end);
    }
    return ranges;
  }

  /** What the other side has: everything before `cumulative`, and `received`. Gives the bytes not known before. */
  arrived(cumulative: number, received: Ranges): number {
    const before = this.#flight + this.#lost;
    if (this.#pieces.length === 0 || before === 0) return 0;
    if ((this.#pieces.at(-1) as Piece).end <= cumulative) {
      for (const piece of this.#pieces) this.#note(piece, piece.start, piece.end);
      this.#pieces.length = 0;
      return before;
    }
    const kept: Piece[] = [];
    let at = 0;
    for (const piece of this.#pieces) {
      if (piece.end <= cumulative) {
        this.#note(piece, piece.start, piece.end);
        continue;
      }
      while (at + 1 < received.length && (received[at + 1] as number) <= piece.start) at += 2;
      if (piece.start >= cumulative && (at + 1 >= received.length || (received[at] as number) >= piece.end)) {
        kept.push(piece);
      } else this.#cut(piece, cumulative, received, at, kept);
    }
    this.#pieces = kept;
    return before - this.#flight - this.#lost;
  }

  /** Declares lost what was sent before something that has arrived, or with it and nearer the front; true if anything was. */
  findHoles(): boolean {
    let found = false;
    for (const piece of this.#pieces) {
      if (piece.isLost || piece.order > this.#newestOrder) continue;
      if (piece.order === this.#newestOrder && piece.start >= this.#newestEnd) continue;
      this.#lose(piece);
      found = true;
    }
    return found;
  }

  /** After a time-out everything in flight counts as lost. */
  loseAll(): void {
    for (const piece of this.#pieces) if (!piece.isLost) this.#lose(piece);
  }

  /** Leaves of `piece` what is neither before `cumulative` nor in `received` from index `from` on. */
  #cut(piece: Piece, cumulative: number, received: Ranges, from: number, kept: Piece[]): void {
    let start = piece.start;
    if (cumulative > start) {
      this.#note(piece, start, cumulative);
      start = cumulative;
    }
    for (let at = from; at + 1 < received.length && (received[at] as number) < piece.end; at += 2) {
      const a = Math.max(start, received[at] as number);
      const b = Math.min(piece.end, received[at + 1] as number);
      if (b <= a) continue;
      if (a > start) kept.push({ ...piece, start, end: a });
      this.#note(piece, a, b);
      start = b;
    }
    if (start < piece.end) kept.push({ ...piece, start });
  }

  #note(piece: Piece, start: number, end: number): void {
    if (piece.isLost) this.#lost -= end - start;
    else {
      this.#flight -= end - start;
      this.#noteNewest(piece.order, end);
    }
  }

  #noteNewest(order: number, end: number): void {
    if (order < this.#newestOrder) return;
    this.#newestEnd = order === this.#newestOrder ? Math.max(this.#newestEnd, end) : end;
    this.#newestOrder = order;
  }

  #lose(piece: Piece): void {
    piece.isLost = true;
    this.#flight -= piece.end - piece.start;
    this.#lost += piece.end - piece.start;
  }

  #split(index: number, at: number): void {
    const piece = this.#pieces[index] as Piece;
    this.#pieces.splice(index + 1, 0, { ...piece, start: at });
    piece.end = at;
  }
}

function pushRange(ranges: number[], start: number, end: number): void {
  if (ranges.at(-1) === start) ranges[ranges.length - 1] = end;
  else ranges.push(start, end);
}
