// What connections and files carry: real bytes, or an extent, which stands for bytes that anyone can
// compute. A 100 Gb/s transfer in the virtual world moves extents; control messages are always real bytes.

import { assert } from '../core/assert.ts';

/**
 * `length` bytes of the endless synthetic stream `source`, from `offset` on. Two extents of one source that touch are
 * the same as one longer extent. `byteAt` defines the bytes.
 */
export interface Extent {
  readonly source: number;
  readonly offset: number;
  readonly length: number;
}

export type Chunk = Uint8Array | Extent;

export const isBytes = (chunk: Chunk): chunk is Uint8Array => chunk instanceof Uint8Array;

/** Length in bytes, for either kind. */
export const chunkLength = (chunk: Chunk): number => chunk.length;

export function extent(source: number, offset: number, length: number): Extent {
  assert(
    Number.isInteger(source) && source >= 0 && source <= 0xffffffff,
    () => `an extent's source is a 32-bit number, got ${source}`,
  );
  assert(
    Number.isSafeInteger(offset) && offset >= 0 && Number.isSafeInteger(length) && length >= 0,
    () => `an extent lies at whole, non-negative positions, got ${offset} + ${length}`,
  );
  return { source, offset, length };
}

/** Bytes `from` to `to` (exclusive) of the chunk, sharing memory with it. */
export function sliceChunk(chunk: Chunk, from: number, to: number): Chunk {
  assert(
    from >= 0 && from <= to && to <= chunk.length,
    () => `slice ${from}..${to} of a chunk of ${chunk.length} bytes`,
  );
  if (from === 0 && to === chunk.length) return chunk;
  if (isBytes(chunk)) return chunk.subarray(from, to);
  return { source: chunk.source, offset: chunk.offset + from, length: to - from };
}

/** One chunk that is both, where that needs no copy: two extents of one source that touch. Null otherwise. */
export function joinChunks(a: Chunk, b: Chunk): Extent | null {
  if (isBytes(a) || isBytes(b)) return null;
  if (a.source !== b.source || a.offset + a.length !== b.offset) return null;
  return { source: a.source, offset: a.offset, length: a.length + b.length };
}

/** The pieces one after the other, in memory of their own. */
export function joinBytes(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

/** The byte at `position` of the stream `source`: one round of a 32-bit mixer over the 4-byte word it lies in. */
export function byteAt(source: number, position: number): number {
  return (word(source, Math.floor(position / 4)) >>> ((position % 4) * 8)) & 0xff;
}

/** The bytes an extent stands for. */
export function materialise(chunk: Chunk): Uint8Array {
  if (isBytes(chunk)) return chunk;
  const bytes = new Uint8Array(chunk.length);
  for (let i = 0; i < chunk.length; ) {
    const position = chunk.offset + i;
    let value = word(chunk.source, Math.floor(position / 4)) >>> ((position % 4) * 8);
    for (let left = 4 - (position % 4); left > 0 && i < chunk.length; left--, i++, value >>>= 8)
      bytes[i] = value & 0xff;
  }
  return bytes;
}

/** The low-bias 32-bit mixer of C. Wellons ("Hash Prospector", 2018: constants 0x21f0aaad and 0xd35a2d97). */
function word(source: number, index: number): number {
  let x = (Math.imul((index % 0x100000000) | 0, 0x9e3779b1) ^ source ^ Math.floor(index / 0x100000000)) >>> 0;
  x = Math.imul(x ^ (x >>> 16), 0x21f0aaad);
  x = Math.imul(x ^ (x >>> 15), 0xd35a2d97);
  return (x ^ (x >>> 15)) >>> 0;
}
