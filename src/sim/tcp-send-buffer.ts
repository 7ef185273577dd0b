// The bytes of one direction of a connection that are not acknowledged yet, by stream offset. Extents are kept as what
// they are, and those that touch are kept as one; real bytes are copied once, when they come in.

import { assert } from '../core/assert.ts';
import { type Chunk, isBytes, joinChunks, sliceChunk } from '../platform/chunk.ts';
import { copyBytes } from '../platform/slab.ts';

export class TcpSendBuffer {
  readonly #chunks: Chunk[] = [];
  /** Offset of the first byte of the first chunk. */
  #start = 0;
  #end = 0;
  /** Everything before this is acknowledged; it may lie inside the first chunk. */
  #released = 0;

  /** Where the next byte will stand. */
  get end(): number {
    return this.#end;
  }

  /** Bytes not acknowledged. */
  get size(): number {
    return this.#end - this.#released;
  }

  append(chunk: Chunk): void {
    this.#end += chunk.length;
    const last = this.#chunks.at(-1);
    const joined = last === undefined ? null : joinChunks(last, chunk);
    if (joined !== null) this.#chunks[this.#chunks.length - 1] = joined;
    // The writer may use its memory again as soon as the write resolves.
    else this.#chunks.push(isBytes(chunk) ? copyBytes(chunk) : chunk);
  }

  release(upTo: number): void {
    assert(upTo >= this.#released && upTo <= this.#end, () => `cannot release up to ${upTo} of ${this.#end}`);
    this.#released = upTo;
    let gone = 0;
    for (; gone < this.#chunks.length; gone++) {
      const length = (this.#chunks[gone] as Chunk).length;
      if (this.#start + length > upTo) break;
      this.#start += length;
    }
    if (gone === this.#chunks.length) this.#chunks.length = 0;
    else if (gone > 0) this.#chunks.splice(0, gone);
  }

  /** The pieces that make up the bytes from `from` to `to`, sharing memory with this buffer. */
  slices(from: number, to: number): Chunk[] {
    assert(
      from >= this.#start && to <= this.#end,
      () => `bytes ${from} to ${to} are not in the buffer any more`,
    );
    const pieces: Chunk[] = [];
    let at = this.#start;
    for (const chunk of this.#chunks) {
      if (at >= to) break;
      const end = at + chunk.length;
      if (end > from) pieces.push(sliceChunk(chunk, Math.max(from, at) - at, Math.min(to, end) - at));
      at = end;
    }
    return pieces;
  }
}
