// What a sender knows of its transfer across its sessions: the source, the digests so far, and the settings.

import type { Chunk } from '../platform/chunk.ts';
import type { Address } from '../platform/platform.ts';
import type { BlockSource } from './block-source.ts';
import { blockDigest, FileDigest, type Sha256 } from './checksum.ts';
import { TransferSourceError } from './errors.ts';
import type { RateLimit } from './rate-limit.ts';
import type { TransferTimings } from './timings.ts';
import type { BlockRange } from './work-list.ts';

export interface OutgoingOptions {
  readonly transfer: string;
  readonly to: Address;
  readonly source: BlockSource;
  readonly streams: number;
  readonly blockSize: number;
  /** Blocks in memory at once. */
  readonly blocks: number;
  readonly rateLimit: RateLimit | null;
  readonly timings: TransferTimings;
  readonly sha256: Sha256;
  readonly onProgress: (stored: number, total: number) => void;
}

export class Outgoing {
  readonly options: OutgoingOptions;
  readonly digests: readonly FileDigest[];
  readonly total: number;
  /** Bytes that came twice, as the receiver counted in each session. */
  doubledBytes = 0;

  constructor(options: OutgoingOptions) {
    this.options = options;
    const { files } = options.source;
    this.digests = files.map((file) => new FileDigest(file.size, options.blockSize));
    this.total = files.reduce((sum, file) => sum + file.size, 0);
  }

  /** Takes a block's content into the file's checksum. Throws `TransferSourceError` when it was read before, and differed. */
  digest(range: BlockRange, runs: readonly Chunk[]): void {
    const digest = blockDigest(this.#asOffered(range, runs), this.options.sha256);
    if (this.digests[range.file]?.set(range.block, digest)) return;
    throw new TransferSourceError(this.#name(range.file), 'changed during the transfer');
  }

  checksum(file: number): string {
    return this.digests[file]?.checksum(this.options.sha256) ?? '';
  }

  /** From memory, the definition is what both sides digest, whether its bytes were made or not. */
  #asOffered(range: BlockRange, runs: readonly Chunk[]): readonly Chunk[] {
    const { memory } = this.options.source;
    if (memory === null) return runs;
    return [{ source: memory.source, offset: range.offset, length: range.length }];
  }

  #name(file: number): string {
    return this.options.source.files[file]?.name ?? '';
  }
}
