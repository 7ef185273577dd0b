// The receiving side of a transfer from memory to memory: nothing is kept; the content is compared with its definition
// if the sender asked for it, and otherwise only counted. The checksum is that of the definition: it tells that each
// block was there once, at its place.

import { type Chunk, isBytes, materialise } from '../platform/chunk.ts';
import { blockDigest, FileDigest, type Sha256 } from './checksum.ts';
import { TransferProtocolError } from './errors.ts';
import { RangeSet } from './range-set.ts';
import type { ReceivedContent } from './received-content.ts';

export interface ReceivedMemoryOptions {
  readonly name: string;
  readonly size: number;
  readonly blockSize: number;
  readonly source: number;
  readonly isChecked: boolean;
  readonly sha256: Sha256;
}

export class ReceivedMemory implements ReceivedContent {
  readonly held = new RangeSet();
  readonly #options: ReceivedMemoryOptions;
  readonly #digest: FileDigest;
  #checksum: string | null = null;

  constructor(options: ReceivedMemoryOptions) {
    this.#options = options;
    this.#digest = new FileDigest(options.size, options.blockSize);
  }

  get name(): string {
    return this.#options.name;
  }

  get size(): number {
    return this.#options.size;
  }

  get checksum(): string | null {
    return this.#checksum;
  }

  async write(offset: number, runs: readonly Chunk[]): Promise<void> {
    const { source, blockSize, isChecked, sha256 } = this.#options;
    let at = offset;
    for (const run of runs) {
      if (isChecked && !isOfSource(run, source, at))
        throw new TransferProtocolError(`expected the content of source ${source} at ${at}`, 'other content');
      at += run.length;
    }
    this.held.add(offset, at);
    this.#digest.set(offset / blockSize, blockDigest([{ source, offset, length: at - offset }], sha256));
  }

  async verify(expected: string): Promise<boolean> {
    const checksum = this.#digest.checksum(this.#options.sha256);
    if (checksum === expected) this.#checksum = checksum;
    return checksum === expected;
  }

  async close(): Promise<void> {}

  async forget(): Promise<void> {}
}

function isOfSource(run: Chunk, source: number, offset: number): boolean {
  if (!isBytes(run)) return run.source === source && run.offset === offset;
  const expected = materialise({ source, offset, length: run.length });
  return run.every((byte, i) => byte === expected[i]);
}
