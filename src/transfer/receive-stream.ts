// One connection of a data stream at the receiver: greeting taken, blocks one after the other. A place in the pool is
// taken before a block's content is read, so a slow disk holds the sender back through the connection.

import type { Chunk } from '../platform/chunk.ts';
import { NetworkError } from '../platform/errors.ts';
import { BLOCK_HEADER_BYTES, type BlockHeader, parseBlockHeader } from './block-header.ts';
import type { BlockPool } from './block-pool.ts';
import { hex } from './checksum.ts';
import type { ChunkReader } from './chunk-reader.ts';
import { TransferProtocolError } from './errors.ts';

export interface ReceivedBlock {
  readonly stream: number;
  readonly file: number;
  readonly offset: number;
  readonly runs: readonly Chunk[];
  readonly length: number;
}

export interface ReceiveStreamOptions {
  readonly stream: number;
  readonly epoch: number;
  readonly session: number;
  readonly reader: ChunkReader;
  readonly pool: BlockPool;
  /** Throws `TransferProtocolError` when there is no such block in the offer. */
  readonly check: (header: BlockHeader) => void;
  /** Takes the block, and with it the duty to give back its place. */
  readonly accept: (block: ReceivedBlock) => void;
}

export class ReceiveStream {
  readonly #options: ReceiveStreamOptions;
  #isMidBlock = false;
  #seen = 0;
  #seenAt = 0;

  constructor(options: ReceiveStreamOptions) {
    this.#options = options;
  }

  get epoch(): number {
    return this.#options.epoch;
  }

  get received(): number {
    return this.#options.reader.received;
  }

  /** Ends with the stream. Rejects with what broke it. */
  async run(): Promise<void> {
    const { reader, pool, check, accept, stream } = this.#options;
    for (let sequence = 0; ; sequence++) {
      const bytes = await reader.bytes(BLOCK_HEADER_BYTES);
      if (bytes === null) return void (await reader.connection.end());
      const { file, offset, length } = this.#header(bytes, sequence, check);
      const taken = pool.take();
      if (taken !== true && !(await taken)) return this.abort();
      this.#isMidBlock = true;
      const runs = await this.#content(length);
      this.#isMidBlock = false;
      accept({ stream, file, offset, runs, length });
    }
  }

  /** Drops the connection when a block was begun and nothing of it came for `idleLimit`. */
  checkIdle(now: number, idleLimit: number): void {
    if (this.received !== this.#seen || !this.#isMidBlock) {
      this.#seen = this.received;
      this.#seenAt = now;
    } else if (now - this.#seenAt >= idleLimit) this.abort();
  }

  abort(): void {
    this.#options.reader.connection.abort();
  }

  #header(bytes: Uint8Array, sequence: number, check: (header: BlockHeader) => void): BlockHeader {
    const header = parseBlockHeader(bytes);
    if (header === null) throw new TransferProtocolError('expected a block header', hex(bytes));
    if (header.session !== this.#options.session || header.sequence !== sequence)
      throw new TransferProtocolError(
        `expected block ${sequence} of session ${this.#options.session}`,
        `${header.sequence} of ${header.session}`,
      );
    check(header);
    return header;
  }

  async #content(length: number): Promise<readonly Chunk[]> {
    const { reader, pool } = this.#options;
    try {
      const runs = await reader.runs(length);
      if (runs !== null) return runs;
      throw new NetworkError('reset', `read ${length} more bytes before the end`);
    } catch (error) {
      pool.give();
      throw error;
    }
  }
}
