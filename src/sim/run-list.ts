// The content of a file as a sorted list of runs: real bytes, or an extent that stands for any number of
// them. Extents that touch become one run, so that a file of 120 GB written block by block is one entry. What
// lies between the runs reads as zero bytes. Chunks are never changed once they are in.

import { type Chunk, isBytes, joinChunks, sliceChunk } from '../platform/chunk.ts';

/** One read makes at most this many real bytes; the caller asks again for the rest. */
const READ_BYTES_MAX = 16 * 2 ** 20;

export class RunList {
  #starts: number[] = [];
  #chunks: Chunk[] = [];
  #length = 0;

  get length(): number {
    return this.#length;
  }

  get runCount(): number {
    return this.#chunks.length;
  }

  /** Keeps the chunk itself: the caller no longer changes its bytes. */
  write(offset: number, chunk: Chunk): void {
    if (chunk.length === 0) return;
    if (offset >= this.#lastEnd()) this.#append(offset, chunk);
    else this.#replace(offset, chunk);
    this.#length = Math.max(this.#length, offset + chunk.length);
  }

  /** Cuts, or lengthens with zero bytes. */
  truncate(length: number): void {
    const cut = this.#firstEndingAfter(length);
    const start = this.#starts[cut];
    const chunk = this.#chunks[cut];
    const kept =
      chunk !== undefined && start !== undefined && start < length
        ? sliceChunk(chunk, 0, length - start)
        : null;
    this.#starts.length = cut;
    this.#chunks.length = cut;
    if (kept !== null) this.#append(start as number, kept);
    this.#length = length;
  }

  /** Up to `length` bytes at `offset`, of one kind: part of an extent, or real bytes that the caller may keep. */
  read(offset: number, length: number): Chunk {
    const to = Math.min(offset + length, this.#length);
    if (to <= offset) return new Uint8Array(0);
    const at = this.#firstEndingAfter(offset);
    const start = this.#starts[at];
    const chunk = this.#chunks[at];
    if (chunk !== undefined && start !== undefined && start <= offset && !isBytes(chunk)) {
      return sliceChunk(chunk, offset - start, Math.min(to - start, chunk.length));
    }
    return this.#gather(at, offset, Math.min(to, offset + READ_BYTES_MAX));
  }

  clone(): RunList {
    const copy = new RunList();
    copy.#starts = [...this.#starts];
    copy.#chunks = [...this.#chunks];
    copy.#length = this.#length;
    return copy;
  }

  /** Real bytes from `from` up to `to` or the next extent, starting the search at run `at`. */
  #gather(at: number, from: number, to: number): Uint8Array {
    let end = at;
    for (; end < this.#chunks.length && (this.#starts[end] as number) < to; end++) {
      if (!isBytes(this.#chunks[end] as Chunk)) to = this.#starts[end] as number;
    }
    const bytes = new Uint8Array(to - from);
    for (let i = at; i < end; i++) {
      const chunk = this.#chunks[i] as Chunk;
      const start = this.#starts[i] as number;
      if (!isBytes(chunk)) continue;
      bytes.set(chunk.subarray(Math.max(0, from - start), to - start), Math.max(0, start - from));
    }
    return bytes;
  }

  #append(offset: number, chunk: Chunk): void {
    const last = this.#chunks.length - 1;
    const before = this.#chunks[last];
    const joined = before !== undefined && offset === this.#lastEnd() ? joinChunks(before, chunk) : null;
    if (joined !== null) {
      this.#chunks[last] = joined;
      return;
    }
    this.#starts.push(offset);
    this.#chunks.push(chunk);
  }

  /** Puts the chunk in place of what it covers; what sticks out on either side stays, and touching runs are looked at, too. */
  #replace(offset: number, chunk: Chunk): void {
    const end = offset + chunk.length;
    const first = this.#firstEndingAfter(offset - 1);
    const after = this.#firstStartingAfter(end);
    const pieces = new RunList();
    const keep = (start: number, from: number, to: number, run: Chunk): void => {
      if (to > from) pieces.#append(from, sliceChunk(run, from - start, to - start));
    };
    for (let i = first; i < after; i++) {
      const start = this.#starts[i] as number;
      const run = this.#chunks[i] as Chunk;
      keep(start, start, Math.min(start + run.length, offset), run);
    }
    pieces.#append(offset, chunk);
    for (let i = first; i < after; i++) {
      const start = this.#starts[i] as number;
      const run = this.#chunks[i] as Chunk;
      keep(start, Math.max(start, end), start + run.length, run);
    }
    this.#starts.splice(first, after - first, ...pieces.#starts);
    this.#chunks.splice(first, after - first, ...pieces.#chunks);
  }

  #lastEnd(): number {
    const last = this.#chunks.length - 1;
    return last < 0 ? 0 : (this.#starts[last] as number) + (this.#chunks[last] as Chunk).length;
  }

  /** Index of the first run that ends after `position`, or the number of runs. */
  #firstEndingAfter(position: number): number {
    return this.#search((start, length) => start + length > position);
  }

  #firstStartingAfter(position: number): number {
    return this.#search((start) => start > position);
  }

  #search(isBeyond: (start: number, length: number) => boolean): number {
    let low = 0;
    let high = this.#chunks.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (isBeyond(this.#starts[middle] as number, (this.#chunks[middle] as Chunk).length)) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
