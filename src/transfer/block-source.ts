// Where the sender's blocks come from: files of the store, each disk with a reader of its own, or no disk at all, for a
// transfer from memory to memory that measures the network alone.

import type { Bytes } from '../core/quantity.ts';
import { type Chunk, extent, materialise } from '../platform/chunk.ts';
import type { Store, StoredFile } from '../platform/platform.ts';
import { BlockFill } from './block-fill.ts';
import { TransferSourceError } from './errors.ts';
import type { Offer } from './messages.ts';
import type { BlockRange } from './work-list.ts';

/** A transfer from memory to memory. */
export interface MemorySource {
  readonly memory: Bytes;
  /** The receiver compares the content with its definition (default true). */
  readonly isChecked?: boolean;
  /** Make the bytes here and send those, even where synthetic data could travel as such (default false). */
  readonly isGenerated?: boolean;
}

export interface BlockSource {
  readonly files: Offer['files'];
  readonly memory: Offer['memory'];
  /** For each file, the disk it lies on, from 0. */
  readonly disks: readonly number[];
  /** Reads the blocks of one disk; one read at a time. */
  openDisk(): DiskReader;
}

export interface DiskReader {
  read(range: BlockRange): Promise<readonly Chunk[]>;
  close(): Promise<void>;
}

/** `diskOf` names the disk of a file; files of different disks are read at the same time. Throws `TransferSourceError`. */
export async function fileSource(
  store: Store,
  names: readonly string[],
  diskOf: (file: string) => string,
): Promise<BlockSource> {
  const files: { name: string; size: number }[] = [];
  const diskNames: string[] = [];
  const disks: number[] = [];
  for (const name of names) {
    const stat = await store.stat(name);
    if (stat === null) throw new TransferSourceError(name, 'no such file');
    const base = name.slice(name.lastIndexOf('/') + 1);
    if (files.some((file) => file.name === base))
      throw new TransferSourceError(name, 'another file of that name is in the transfer');
    files.push({ name: base, size: stat.size });
    const disk = diskOf(name);
    if (!diskNames.includes(disk)) diskNames.push(disk);
    disks.push(diskNames.indexOf(disk));
  }
  return { files, memory: null, disks, openDisk: () => new StoreReader(store, names) };
}

export function memorySource(options: MemorySource, source: number): BlockSource {
  const memory = { source, isChecked: options.isChecked ?? true };
  const read = async (range: BlockRange): Promise<readonly Chunk[]> => {
    const block = extent(source, range.offset, range.length);
    return [options.isGenerated ? materialise(block) : block];
  };
  const files = [{ name: 'memory', size: options.memory }];
  return { files, memory, disks: [0], openDisk: () => ({ read, close: async () => {} }) };
}

/** Keeps the file open that it read last: blocks come in file order, but for the few that are read again. */
class StoreReader implements DiskReader {
  readonly #store: Store;
  readonly #names: readonly string[];
  #file: StoredFile | null = null;
  #index = -1;

  constructor(store: Store, names: readonly string[]) {
    this.#store = store;
    this.#names = names;
  }

  async read(range: BlockRange): Promise<readonly Chunk[]> {
    const file =
      this.#file !== null && this.#index === range.file ? this.#file : await this.#open(range.file);
    return readRuns(file, range.offset, range.length, this.#names[range.file] ?? '');
  }

  async close(): Promise<void> {
    await this.#file?.close();
    this.#file = null;
  }

  async #open(index: number): Promise<StoredFile> {
    await this.close();
    this.#file = await this.#store.open(this.#names[index] ?? '', 'read');
    this.#index = index;
    return this.#file;
  }
}

/** `length` bytes at `offset` as canonical runs. Throws `TransferSourceError` when the file ends before. */
export async function readRuns(
  file: StoredFile,
  offset: number,
  length: number,
  name: string,
): Promise<readonly Chunk[]> {
  const fill = new BlockFill(length);
  while (fill.missing > 0) {
    const piece = await file.read(offset + length - fill.missing, fill.missing);
    if (piece.length === 0) throw new TransferSourceError(name, 'became shorter during the transfer');
    fill.add(piece);
  }
  return fill.runs();
}
