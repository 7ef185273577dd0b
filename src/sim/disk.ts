// One storage device: files by name, and a single queue of operations that take their time one after another.
// An operation takes effect when it is done. It survives its machine's crashes, less what they cost.

import { compareCodePoints } from '../core/code-points.ts';
import type { Bytes, BytesPerSecond } from '../core/quantity.ts';
import { after, type Duration, type Instant, ns } from '../core/time.ts';
import type { Engine, EventHandle } from '../engine/engine.ts';
import type { Chunk } from '../platform/chunk.ts';
import { StoreError } from '../platform/errors.ts';
import type { Random } from '../platform/platform.ts';
import { DiskFile } from './disk-file.ts';

export interface DiskModel {
  readonly readRate: BytesPerSecond;
  readonly writeRate: BytesPerSecond;
  /** Added to each operation, whatever its size. */
  readonly latency: Duration;
  /** Of a sync and of what is durable by itself, such as a rename. */
  readonly syncLatency: Duration;
  /** Unbounded by default. */
  readonly capacity?: Bytes;
}

/** A solid-state disk of a server, in round figures (inferred, no particular device). */
export const DEFAULT_DISK: DiskModel = {
  readRate: 500e6 as BytesPerSecond,
  writeRate: 500e6 as BytesPerSecond,
  latency: 50_000 as Duration,
  syncLatency: 1_000_000 as Duration,
};

interface Operation {
  readonly perform: () => void;
  readonly answer: () => void;
  readonly done: EventHandle;
}

export class Disk {
  readonly model: DiskModel;
  readonly #engine: Engine;
  readonly #random: Random;
  #files = new Map<string, DiskFile>();
  readonly #queue: Operation[] = [];
  #freeAt = 0 as Instant;
  #used = 0;

  constructor(engine: Engine, random: Random, model: DiskModel) {
    this.#engine = engine;
    this.#random = random;
    this.model = model;
  }

  /** Puts a file there, durable and without taking time: what a machine has before the run begins. */
  place(name: string, content: Chunk): void {
    const file = new DiskFile();
    file.write(0, content);
    file.sync();
    this.#put(name, file);
  }

  /** The file of that name as programs would read it now, without taking time; for whoever checks a run. */
  inspect(name: string): DiskFile | null {
    return this.#files.get(name) ?? null;
  }

  open(name: string, mode: 'read' | 'write' | 'create'): Promise<DiskFile> {
    return this.#submit(0, () => {
      const file = this.#files.get(name);
      if (file === undefined && mode === 'read') throw new StoreError('not-found', `open ${name}`);
      if (file !== undefined && mode === 'create') throw new StoreError('exists', `open ${name}`);
      return file ?? this.#put(name, new DiskFile());
    });
  }

  rename(from: string, to: string): Promise<void> {
    return this.#submit(this.model.syncLatency, () => {
      const file = this.#files.get(from);
      if (file === undefined) throw new StoreError('not-found', `rename ${from} to ${to}`);
      this.#drop(from);
      file.isNameDurable = true;
      this.#put(to, file);
    });
  }

  remove(name: string): Promise<void> {
    return this.#submit(0, () => this.#drop(name));
  }

  list(prefix: string): Promise<string[]> {
    return this.#submit(0, () =>
      [...this.#files.keys()].filter((name) => name.startsWith(prefix)).sort(compareCodePoints),
    );
  }

  sizeOf(name: string): Promise<number | null> {
    return this.#submit(0, () => this.#files.get(name)?.size ?? null);
  }

  fileSize(file: DiskFile): Promise<number> {
    return this.#submit(0, () => file.size);
  }

  read(file: DiskFile, offset: number, length: number): Promise<Chunk> {
    const bytes = Math.max(0, Math.min(length, file.size - offset));
    return this.#submit(transferTime(bytes, this.model.readRate), () => file.read(offset, length));
  }

  write(file: DiskFile, offset: number, chunk: Chunk): Promise<void> {
    return this.#submit(transferTime(chunk.length, this.model.writeRate), () => {
      this.#grow(chunk.length === 0 ? 0 : offset + chunk.length - file.size);
      file.write(offset, chunk);
    });
  }

  truncate(file: DiskFile, length: number): Promise<void> {
    return this.#submit(0, () => {
      const growth = length - file.size;
      if (growth > 0) this.#grow(growth);
      else this.#used += growth;
      file.truncate(length);
    });
  }

  sync(file: DiskFile): Promise<void> {
    return this.#submit(this.model.syncLatency, () => file.sync());
  }

  /** Operations under way are done up to some point of the queue and answer nobody; of what was not synced, chance decides. */
  crash(): void {
    const performed = this.#random.integer(this.#queue.length + 1);
    for (const [i, operation] of this.#queue.splice(0).entries()) {
      this.#engine.cancel(operation.done);
      if (i < performed) operation.perform();
    }
    this.#freeAt = this.#engine.now();
    for (const [name, file] of [...this.#files]) {
      if (!file.isNameDurable && this.#random.integer(2) === 0) this.#files.delete(name);
      else file.crash(this.#random);
    }
    this.#used = [...this.#files.values()].reduce((sum, file) => sum + file.size, 0);
  }

  /** Another disk is in its place, with nothing on it. */
  clear(): void {
    this.#files.clear();
    this.#used = 0;
  }

  #submit<T>(cost: number, effect: () => T): Promise<T> {
    const start = Math.max(this.#engine.now(), this.#freeAt) as Instant;
    this.#freeAt = after(start, ns(cost + this.model.latency));
    return new Promise((resolve, reject) => {
      let answer = (): void => {};
      const perform = (): void => {
        try {
          const value = effect();
          answer = () => resolve(value);
        } catch (error) {
          answer = () => reject(error);
        }
      };
      const done = this.#engine.schedule(this.#freeAt, () => this.#finishFirst());
      this.#queue.push({ perform, answer: () => answer(), done });
    });
  }

  /** Each event finishes the head of the queue, so that events of equal time may come in any order. */
  #finishFirst(): void {
    const operation = this.#queue.shift();
    operation?.perform();
    this.#engine.woke();
    operation?.answer();
  }

  #grow(bytes: number): void {
    if (bytes <= 0) return;
    if (this.#used + bytes > (this.model.capacity ?? Infinity)) throw new StoreError('full', 'write');
    this.#used += bytes;
  }

  #put(name: string, file: DiskFile): DiskFile {
    this.#drop(name);
    this.#files.set(name, file);
    this.#used += file.size;
    return file;
  }

  #drop(name: string): void {
    this.#used -= this.#files.get(name)?.size ?? 0;
    this.#files.delete(name);
  }
}

const transferTime = (bytes: number, rate: BytesPerSecond): number => Math.ceil((bytes / rate) * 1e9);
