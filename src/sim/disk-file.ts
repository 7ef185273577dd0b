// One file on a simulated disk, in two states: what programs read, and what the platters hold. Changes stand in
// a journal between the two until they are synced; a crash keeps, loses or tears each of them by chance.

import type { Chunk } from '../platform/chunk.ts';
import { joinChunks, sliceChunk } from '../platform/chunk.ts';
import type { Random } from '../platform/platform.ts';
import { RunList } from './run-list.ts';

/** Writes that follow one another are one change up to this size, as a write-back cache would gather them. */
const CHANGE_BYTES_MAX = 64 * 2 ** 20;

type Change =
  | { readonly kind: 'write'; readonly offset: number; readonly chunk: Chunk }
  | { readonly kind: 'truncate'; readonly length: number };

export class DiskFile {
  /** Whether its name survives a crash. */
  isNameDurable = false;
  #current = new RunList();
  #durable = new RunList();
  #journal: Change[] = [];

  get size(): number {
    return this.#current.length;
  }

  /** How many pieces its content is kept in. */
  get runCount(): number {
    return this.#current.runCount;
  }

  read(offset: number, length: number): Chunk {
    return this.#current.read(offset, length);
  }

  write(offset: number, chunk: Chunk): void {
    this.#current.write(offset, chunk);
    this.#note({ kind: 'write', offset, chunk });
  }

  truncate(length: number): void {
    this.#current.truncate(length);
    this.#note({ kind: 'truncate', length });
  }

  sync(): void {
    for (const change of this.#journal) apply(this.#durable, change);
    this.#journal = [];
    this.isNameDurable = true;
  }

  crash(random: Random): void {
    for (const change of this.#journal) {
      const survivor = survived(change, random);
      if (survivor !== null) apply(this.#durable, survivor);
    }
    this.#journal = [];
    this.#current = this.#durable.clone();
  }

  #note(change: Change): void {
    const last = this.#journal.at(-1);
    const joined = last === undefined ? null : joinChanges(last, change);
    if (joined === null) this.#journal.push(change);
    else this.#journal[this.#journal.length - 1] = joined;
  }
}

function apply(to: RunList, change: Change): void {
  if (change.kind === 'write') to.write(change.offset, change.chunk);
  else to.truncate(change.length);
}

/** Half of the changes survive; a quarter is lost, a quarter torn: only the first part of it got to the platters. */
function survived(change: Change, random: Random): Change | null {
  const fate = random.integer(4);
  if (fate < 2) return change;
  if (fate === 2 || change.kind === 'truncate') return null;
  const kept = random.integer(change.chunk.length);
  return { ...change, chunk: sliceChunk(change.chunk, 0, kept) };
}

function joinChanges(a: Change, b: Change): Change | null {
  if (a.kind !== 'write' || b.kind !== 'write') return null;
  if (a.offset + a.chunk.length !== b.offset || a.chunk.length >= CHANGE_BYTES_MAX) return null;
  const chunk = joinChunks(a.chunk, b.chunk);
  return chunk === null ? null : { kind: 'write', offset: a.offset, chunk };
}
