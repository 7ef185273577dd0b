// Reads a connection in the portions that a protocol wants: whatever length a read gave, the rest waits for the next.

import { type Chunk, isBytes, sliceChunk } from '../platform/chunk.ts';
import { NetworkError } from '../platform/errors.ts';
import type { Connection } from '../platform/platform.ts';
import { BlockFill } from './block-fill.ts';
import { TransferProtocolError } from './errors.ts';

export class ChunkReader {
  readonly connection: Connection;
  #rest: Chunk | null = null;
  #received = 0;

  constructor(connection: Connection) {
    this.connection = connection;
  }

  /** Bytes taken off the connection. */
  get received(): number {
    return this.#received;
  }

  /** The next piece, of at most `max` bytes; null at the end of the stream. */
  async next(max: number): Promise<Chunk | null> {
    return this.ready(max) ?? ((await this.#fetch()) ? this.ready(max) : null);
  }

  /** The same without waiting: null when nothing is here yet. */
  ready(max: number): Chunk | null {
    const rest = this.#rest;
    if (rest === null) return null;
    if (rest.length <= max) {
      this.#rest = null;
      return rest;
    }
    this.#rest = sliceChunk(rest, max, rest.length);
    return sliceChunk(rest, 0, max);
  }

  /** The first byte of what comes next, which stays; null at the end of the stream, -1 for synthetic data. */
  async peek(): Promise<number | null> {
    if (this.#rest === null && !(await this.#fetch())) return null;
    return this.#rest !== null && isBytes(this.#rest) ? (this.#rest[0] ?? -1) : -1;
  }

  /** Exactly `length` bytes as canonical runs; null when the stream ends before the first of them. */
  async runs(length: number): Promise<readonly Chunk[] | null> {
    const fill = new BlockFill(length);
    while (fill.missing > 0) {
      const piece = this.ready(fill.missing) ?? ((await this.#fetch()) ? this.ready(fill.missing) : null);
      if (piece !== null) fill.add(piece);
      else if (fill.missing === length) return null;
      // A process that dies ends its connections in order: this is a broken stream, not a broken protocol.
      else throw new NetworkError('reset', `read ${fill.missing} more bytes before the end`);
    }
    return fill.runs();
  }

  /** Exactly `length` real bytes; null when the stream ends before the first of them. */
  async bytes(length: number): Promise<Uint8Array | null> {
    const runs = await this.runs(length);
    const only = runs?.[0];
    if (runs === null) return null;
    if (runs.length === 1 && only !== undefined && isBytes(only)) return only;
    throw new TransferProtocolError(`expected ${length} bytes`, 'synthetic data');
  }

  async #fetch(): Promise<boolean> {
    this.#rest = await this.connection.read();
    this.#received += this.#rest?.length ?? 0;
    return this.#rest !== null;
  }
}
