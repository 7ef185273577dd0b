// What goes before data on a stream, in big-endian binary: once a stream greeting, then before each block its header.
// The last byte of each magic is the version of the layout.
//
//   greeting (16 bytes)  magic u32 | session u32 | stream u32 | epoch u32
//   header   (32 bytes)  magic u32 | session u32 | file u32 | length u32 | offset u64 | sequence u64
//
// `epoch` counts the connections of one stream, `sequence` the blocks of one connection from 0.

import { assert } from '../core/assert.ts';
import { getUint64, setUint64 } from './uint64.ts';

export interface BlockHeader {
  readonly session: number;
  readonly file: number;
  readonly offset: number;
  readonly length: number;
  readonly sequence: number;
}

export interface StreamGreeting {
  readonly session: number;
  readonly stream: number;
  readonly epoch: number;
}

export const BLOCK_HEADER_BYTES = 32;
export const STREAM_GREETING_BYTES = 16;

/** `LBB` and `LBS`, then version 1. */
const BLOCK_MAGIC = 0x4c424201;
const STREAM_MAGIC = 0x4c425301;

export function formatBlockHeader(header: BlockHeader): Uint8Array {
  assert(
    Number.isSafeInteger(header.offset) && header.offset >= 0,
    () => `a block's offset is whole, got ${header.offset}`,
  );
  const bytes = new Uint8Array(BLOCK_HEADER_BYTES);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, BLOCK_MAGIC);
  view.setUint32(4, header.session);
  view.setUint32(8, header.file);
  view.setUint32(12, header.length);
  setUint64(view, 16, header.offset);
  setUint64(view, 24, header.sequence);
  return bytes;
}

/** Null when the bytes are not a header of this version. */
export function parseBlockHeader(bytes: Uint8Array): BlockHeader | null {
  if (bytes.length !== BLOCK_HEADER_BYTES) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const offset = getUint64(view, 16);
  const sequence = getUint64(view, 24);
  if (view.getUint32(0) !== BLOCK_MAGIC || !Number.isSafeInteger(offset) || !Number.isSafeInteger(sequence))
    return null;
  return {
    session: view.getUint32(4),
    file: view.getUint32(8),
    length: view.getUint32(12),
    offset,
    sequence,
  };
}

export function formatStreamGreeting(greeting: StreamGreeting): Uint8Array {
  const bytes = new Uint8Array(STREAM_GREETING_BYTES);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, STREAM_MAGIC);
  view.setUint32(4, greeting.session);
  view.setUint32(8, greeting.stream);
  view.setUint32(12, greeting.epoch);
  return bytes;
}

/** Null when the bytes are not a greeting of this version. */
export function parseStreamGreeting(bytes: Uint8Array): StreamGreeting | null {
  if (bytes.length !== STREAM_GREETING_BYTES) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (view.getUint32(0) !== STREAM_MAGIC) return null;
  return { session: view.getUint32(4), stream: view.getUint32(8), epoch: view.getUint32(12) };
}
