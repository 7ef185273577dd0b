// What the receiver has of the files, as far as it said so in this session.

import { TransferProtocolError } from './errors.ts';
import type { FileRanges } from './messages.ts';
import { RangeSet } from './range-set.ts';

export class Delivery {
  readonly #sizes: readonly number[];
  /** For each file. */
  readonly stored: readonly RangeSet[];
  #bytes = 0;
  #heldBytes = 0;

  constructor(sizes: readonly number[]) {
    this.#sizes = sizes;
    this.stored = sizes.map(() => new RangeSet());
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Bytes that the receiver had before this session. */
  get heldBytes(): number {
    return this.#heldBytes;
  }

  get hasProgressed(): boolean {
    return this.#bytes > this.#heldBytes;
  }

  /** What the receiver has at the start. Throws `TransferProtocolError`. */
  begin(held: FileRanges): void {
    for (const { file, ranges } of held) for (const [from, to] of ranges) this.add(file, from, to);
    this.#heldBytes = this.#bytes;
  }

  /** Throws `TransferProtocolError` when that is not in any file. */
  add(file: number, from: number, to: number): void {
    const stored = this.stored[file];
    if (stored === undefined || to > (this.#sizes[file] ?? 0))
      throw new TransferProtocolError(
        'expected ranges of the files offered',
        `file ${file}: ${from} to ${to}`,
      );
    this.#bytes += stored.add(from, to);
  }
}
