// The checksum of a file that arrives in any order, in blocks, and may be synthetic.
//
//   run record    bytes:  00 | length u64 | sha256(the bytes)            (41 bytes)
//                 extent: 01 | source u32 | offset u64 | length u64      (21 bytes)
//   block digest  sha256(the records of the block's canonical runs, in order)
//   checksum      sha256(file size u64 | block size u32 | every block digest in file order), in hex
//
// So a lost, doubled, misplaced or altered block changes the checksum, and blocks can be digested as they come. It
// depends on the block size, and is not what `sha256sum` prints. An extent is digested by its name, not by its bytes:
// a file of extents and a file of the same bytes have different checksums and cannot be compared.

import { sha256 } from '@noble/hashes/sha2.js';
import { assert } from '../core/assert.ts';
import { type Chunk, isBytes } from '../platform/chunk.ts';
import { setUint64 } from './uint64.ts';

/** SHA-256 of some bytes. The portable one below does about 100 MB/s; a machine may offer a faster one. */
export type Sha256 = (bytes: Uint8Array) => Uint8Array;

export const portableSha256: Sha256 = sha256;

const DIGEST_BYTES = 32;
const BYTES_RECORD_BYTES = 41;
const EXTENT_RECORD_BYTES = 21;

/** The digest of one block, from its canonical runs (`BlockFill` makes them so). */
export function blockDigest(runs: readonly Chunk[], hash: Sha256 = portableSha256): Uint8Array {
  let length = 0;
  for (const run of runs) length += isBytes(run) ? BYTES_RECORD_BYTES : EXTENT_RECORD_BYTES;
  const records = new Uint8Array(length);
  const view = new DataView(records.buffer);
  let at = 0;
  for (const run of runs) at = writeRecord(records, view, at, run, hash);
  return hash(records);
}

function writeRecord(records: Uint8Array, view: DataView, at: number, run: Chunk, hash: Sha256): number {
  if (isBytes(run)) {
    setUint64(view, at + 1, run.length);
    records.set(hash(run), at + 9);
    return at + BYTES_RECORD_BYTES;
  }
  records[at] = 1;
  view.setUint32(at + 1, run.source);
  setUint64(view, at + 5, run.offset);
  setUint64(view, at + 13, run.length);
  return at + EXTENT_RECORD_BYTES;
}

/** The block digests of one file, some of them still unknown. */
export class FileDigest {
  readonly #size: number;
  readonly #blockSize: number;
  readonly #digests: Uint8Array;
  readonly #isKnown: Uint8Array;
  #missing: number;

  constructor(size: number, blockSize: number) {
    this.#size = size;
    this.#blockSize = blockSize;
    this.#missing = Math.ceil(size / blockSize);
    this.#digests = new Uint8Array(this.#missing * DIGEST_BYTES);
    this.#isKnown = new Uint8Array(this.#missing);
  }

  /** Blocks whose digest is unknown. */
  get missing(): number {
    return this.#missing;
  }

  has(block: number): boolean {
    return this.#isKnown[block] === 1;
  }

  /** Sets a block's digest; false when another one was known, so the content changed. */
  set(block: number, digest: Uint8Array): boolean {
    assert(block >= 0 && block < this.#isKnown.length, () => `block ${block} lies outside the file`);
    const at = block * DIGEST_BYTES;
    if (this.has(block)) return digest.every((byte, i) => byte === this.#digests[at + i]);
    this.#digests.set(digest, at);
    this.#isKnown[block] = 1;
    this.#missing--;
    return true;
  }

  /** The file's checksum, once no digest is missing. */
  checksum(hash: Sha256 = portableSha256): string {
    assert(this.#missing === 0, () => `${this.#missing} block digests are missing`);
    const all = new Uint8Array(12 + this.#digests.length);
    const view = new DataView(all.buffer);
    setUint64(view, 0, this.#size);
    view.setUint32(8, this.#blockSize);
    all.set(this.#digests, 12);
    return hex(hash(all));
  }
}

export const hex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
