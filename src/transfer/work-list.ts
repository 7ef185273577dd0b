// What the sender still has to read: the blocks of each file in order, without those that need nothing, and before all
// else the blocks that a broken stream lost. One list per session; readers of different disks see different files.

import type { RangeSet } from './range-set.ts';

export interface BlockRange {
  readonly file: number;
  /** Index of the block in its file. */
  readonly block: number;
  readonly offset: number;
  readonly length: number;
  /** The receiver has it: it is read for its digest only. */
  readonly isHeld: boolean;
}

export interface WorkListOptions {
  readonly sizes: readonly number[];
  readonly blockSize: number;
  /** For each file, the disk that it lies on. */
  readonly disks: readonly number[];
  /** For each file, what the receiver has. */
  readonly held: readonly RangeSet[];
  readonly isDigestKnown: (file: number, block: number) => boolean;
}

interface DiskWork {
  readonly files: readonly number[];
  /** Index in `files`, and the next block of that file. */
  at: number;
  block: number;
  readonly again: BlockRange[];
}

export class WorkList {
  readonly #options: WorkListOptions;
  readonly #work = new Map<number, DiskWork>();

  constructor(options: WorkListOptions) {
    this.#options = options;
    for (const disk of new Set(options.disks)) {
      const files = options.disks.flatMap((d, file) => (d === disk ? [file] : []));
      this.#work.set(disk, { files, at: 0, block: 0, again: [] });
    }
  }

  /** The next block to read from the disk, or null when there is none now. */
  next(disk: number): BlockRange | null {
    const work = this.#work.get(disk);
    if (work === undefined) return null;
    return work.again.shift() ?? this.#advance(work);
  }

  /** A block that was lost on its way; it comes next. */
  again(range: BlockRange): void {
    const disk = this.#options.disks[range.file] ?? 0;
    this.#work.get(disk)?.again.push(range);
  }

  #advance(work: DiskWork): BlockRange | null {
    const { sizes, blockSize, held, isDigestKnown } = this.#options;
    for (; work.at < work.files.length; work.at++, work.block = 0) {
      const file = work.files[work.at] ?? 0;
      const size = sizes[file] ?? 0;
      while (work.block * blockSize < size) {
        const block = work.block++;
        const offset = block * blockSize;
        const length = Math.min(blockSize, size - offset);
        const isHeld = held[file]?.has(offset, offset + length) ?? false;
        if (!isHeld || !isDigestKnown(file, block)) return { file, block, offset, length, isHeld };
      }
    }
    return null;
  }
}
