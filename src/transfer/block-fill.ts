// Gathers the pieces that a read gave, of any kind and length, into the runs of one block. The runs are canonical: the
// same content gives the same runs however it was cut, since touching extents and neighbouring bytes become one run.

import { assert } from '../core/assert.ts';
import { type Chunk, isBytes, joinChunks } from '../platform/chunk.ts';

export class BlockFill {
  readonly #length: number;
  readonly #runs: Chunk[] = [];
  #filled = 0;
  /** The run of bytes being gathered: allocated for all that may still come, so that each byte is copied once. */
  #gathering: Uint8Array | null = null;
  #gathered = 0;

  constructor(length: number) {
    this.#length = length;
  }

  /** Bytes that are still to come. */
  get missing(): number {
    return this.#length - this.#filled;
  }

  add(piece: Chunk): void {
    assert(
      piece.length <= this.missing,
      () => `a piece of ${piece.length} bytes does not fit: ${this.missing} are missing`,
    );
    if (piece.length === 0) return;
    if (isBytes(piece)) this.#addBytes(piece);
    else this.#addExtent(piece);
    this.#filled += piece.length;
  }

  /** The block's runs, once nothing is missing. */
  runs(): readonly Chunk[] {
    assert(this.missing === 0, () => `${this.missing} bytes of the block are missing`);
    this.#closeGathering();
    return this.#runs;
  }

  #addBytes(piece: Uint8Array): void {
    if (this.#gathering === null && piece.length === this.missing) {
      this.#runs.push(piece);
      return;
    }
    this.#gathering ??= new Uint8Array(this.missing);
    this.#gathering.set(piece, this.#gathered);
    this.#gathered += piece.length;
  }

  #addExtent(piece: Chunk): void {
    this.#closeGathering();
    const last = this.#runs.at(-1);
    const joined = last === undefined ? null : joinChunks(last, piece);
    if (joined === null) this.#runs.push(piece);
    else this.#runs[this.#runs.length - 1] = joined;
  }

  #closeGathering(): void {
    if (this.#gathering === null) return;
    this.#runs.push(this.#gathering.subarray(0, this.#gathered));
    this.#gathering = null;
    this.#gathered = 0;
  }
}
