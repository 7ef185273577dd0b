// One open file of the machine. Extents are made into bytes piece by piece as they are written.

import type { FileHandle } from 'node:fs/promises';
import { type Chunk, materialise, sliceChunk } from '../platform/chunk.ts';
import { StoreError } from '../platform/errors.ts';
import type { StoredFile } from '../platform/platform.ts';
import { storeError } from './errors.ts';

/** One read takes at most this much memory; the caller asks again for the rest. */
const READ_BYTES_MAX = 16 * 2 ** 20;
const EXTENT_PIECE_BYTES = 2 ** 20;

export class HostFile implements StoredFile {
  readonly #handle: FileHandle;
  readonly #name: string;
  readonly #isWritable: boolean;
  readonly #syncFolders: () => Promise<void>;
  #isFound: boolean;
  #isClosed = false;

  constructor(handle: FileHandle, name: string, isWritable: boolean, syncFolders: () => Promise<void>) {
    this.#handle = handle;
    this.#name = name;
    this.#isWritable = isWritable;
    this.#syncFolders = syncFolders;
    // A file opened for reading was there already; one opened for writing may be new to its folder.
    this.#isFound = !isWritable;
  }

  read(offset: number, length: number): Promise<Chunk> {
    return this.#do('read', async () => {
      const buffer = new Uint8Array(Math.min(length, READ_BYTES_MAX));
      const { bytesRead } = await this.#handle.read(buffer, 0, buffer.length, offset);
      return buffer.subarray(0, bytesRead);
    });
  }

  write(offset: number, chunk: Chunk): Promise<void> {
    return this.#do('write', async () => {
      this.#mustBeWritable('write');
      for (let at = 0; at < chunk.length; at += EXTENT_PIECE_BYTES) {
        const to = Math.min(at + EXTENT_PIECE_BYTES, chunk.length);
        await this.#writeAll(offset + at, materialise(sliceChunk(chunk, at, to)));
      }
    });
  }

  truncate(length: number): Promise<void> {
    return this.#do('truncate', () => {
      this.#mustBeWritable('truncate');
      return this.#handle.truncate(length);
    });
  }

  sync(): Promise<void> {
    return this.#do('sync', async () => {
      await this.#handle.datasync();
      if (this.#isFound) return;
      await this.#syncFolders();
      this.#isFound = true;
    });
  }

  size(): Promise<number> {
    return this.#do('size', async () => (await this.#handle.stat()).size);
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await this.#handle.close();
  }

  async #writeAll(offset: number, bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length; ) {
      const { bytesWritten } = await this.#handle.write(bytes, at, bytes.length - at, offset + at);
      at += bytesWritten;
    }
  }

  #mustBeWritable(operation: string): void {
    if (!this.#isWritable) throw new StoreError('denied', `${operation} ${this.#name}`);
  }

  async #do<T>(operation: string, work: () => Promise<T>): Promise<T> {
    if (this.#isClosed) throw new StoreError('closed', `${operation} ${this.#name}`);
    try {
      return await work();
    } catch (error) {
      throw storeError(`${operation} ${this.#name}`, error);
    }
  }
}
