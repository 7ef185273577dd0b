// The Store that a program of one boot sees: names and modes are checked here, the disk does the work.

import { type Chunk, isBytes } from '../platform/chunk.ts';
import { StoreError } from '../platform/errors.ts';
import { assertFileName } from '../platform/file-name.ts';
import type { FileStat, Store, StoredFile } from '../platform/platform.ts';
import { type Boot, never } from './boot.ts';
import type { Disk } from './disk.ts';
import type { DiskFile } from './disk-file.ts';
import type { StepWatch } from './step-watch.ts';

export class VirtualStore implements Store {
  readonly #boot: Boot;
  readonly #disk: Disk;
  readonly #steps: StepWatch;

  constructor(boot: Boot, disk: Disk, steps: StepWatch) {
    this.#boot = boot;
    this.#disk = disk;
    this.#steps = steps;
  }

  open(name: string, mode: 'read' | 'write' | 'create'): Promise<StoredFile> {
    return this.#do([name], async () => {
      const file = await this.#disk.open(name, mode);
      return new VirtualFile(this.#boot, this.#disk, this.#steps, file, name, mode !== 'read');
    });
  }

  rename(from: string, to: string): Promise<void> {
    return this.#do([from, to], () => this.#disk.rename(from, to));
  }

  remove(name: string): Promise<void> {
    return this.#do([name], () => this.#disk.remove(name));
  }

  list(prefix: string): Promise<string[]> {
    return this.#do([], () => this.#disk.list(prefix));
  }

  stat(name: string): Promise<FileStat | null> {
    return this.#do([name], async () => {
      const size = await this.#disk.sizeOf(name);
      return size === null ? null : { size };
    });
  }

  /** Hands the work to the disk at once, so that no crash of the same instant comes between. */
  #do<T>(names: readonly string[], work: () => Promise<T>): Promise<T> {
    if (!this.#boot.isAlive) return never();
    try {
      for (const name of names) assertFileName(name);
    } catch (error) {
      return Promise.reject(error);
    }
    const result = work();
    this.#steps.taken('store');
    return result;
  }
}

class VirtualFile implements StoredFile {
  readonly #boot: Boot;
  readonly #disk: Disk;
  readonly #steps: StepWatch;
  readonly #file: DiskFile;
  readonly #name: string;
  readonly #isWritable: boolean;
  #isClosed = false;

  constructor(boot: Boot, disk: Disk, steps: StepWatch, file: DiskFile, name: string, isWritable: boolean) {
    this.#boot = boot;
    this.#disk = disk;
    this.#steps = steps;
    this.#file = file;
    this.#name = name;
    this.#isWritable = isWritable;
  }

  read(offset: number, length: number): Promise<Chunk> {
    return this.#do('read', () => this.#disk.read(this.#file, offset, length));
  }

  write(offset: number, chunk: Chunk): Promise<void> {
    // The caller may use its buffer for something else once this resolves.
    const kept = isBytes(chunk) ? new Uint8Array(chunk) : chunk;
    return this.#change('write', () => this.#disk.write(this.#file, offset, kept));
  }

  truncate(length: number): Promise<void> {
    return this.#change('truncate', () => this.#disk.truncate(this.#file, length));
  }

  sync(): Promise<void> {
    return this.#do('sync', () => {
      const result = this.#disk.sync(this.#file);
      this.#steps.taken('sync');
      return result;
    });
  }

  size(): Promise<number> {
    return this.#do('size', () => this.#disk.fileSize(this.#file));
  }

  close(): Promise<void> {
    if (!this.#boot.isAlive) return never();
    this.#isClosed = true;
    return Promise.resolve();
  }

  #change(operation: string, work: () => Promise<void>): Promise<void> {
    if (this.#isWritable || !this.#boot.isAlive) return this.#do(operation, work);
    return Promise.reject(new StoreError('denied', `${operation} ${this.#name}`));
  }

  #do<T>(operation: string, work: () => Promise<T>): Promise<T> {
    if (!this.#boot.isAlive) return never();
    if (this.#isClosed) return Promise.reject(new StoreError('closed', `${operation} ${this.#name}`));
    const result = work();
    this.#steps.taken('store');
    return result;
  }
}
