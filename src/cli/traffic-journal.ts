// What traffic a daemon has pointed at paths, on the disk before it is done, so that the next life can undo what a killed one
// left. It has values only and no commands: whoever may write to the folder cannot have something run.

import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import * as v from 'valibot';
import { UsageError } from './exit-code.ts';

const POINTED = v.strictObject({
  path: v.string(),
  peer: v.string(),
  address: v.string(),
  interface: v.string(),
});
const CONTENT = v.strictObject({ pointed: v.array(POINTED) });

/** What the places of a command's template were filled with. */
export type Pointed = v.InferOutput<typeof POINTED>;

export class TrafficJournal {
  readonly #file: string;
  readonly #pointed = new Map<string, Pointed>();

  /** Throws `UsageError` where the file is not what a daemon wrote. */
  constructor(file: string) {
    this.#file = file;
    for (const each of read(file)) this.#pointed.set(each.peer, each);
  }

  get peers(): readonly string[] {
    return [...this.#pointed.keys()];
  }

  of(peer: string): Pointed | undefined {
    return this.#pointed.get(peer);
  }

  /** Safe once it returns. */
  point(values: Pointed): void {
    this.#pointed.set(values.peer, values);
    this.#save();
  }

  forget(peer: string): void {
    if (this.#pointed.delete(peer)) this.#save();
  }

  /** Written whole beside the old one, and then put in its place. */
  #save(): void {
    const draft = `${this.#file}.new`;
    const descriptor = openSync(draft, 'w', 0o600);
    try {
      writeSync(descriptor, `${JSON.stringify({ pointed: [...this.#pointed.values()] })}\n`);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(draft, this.#file);
  }
}

function read(file: string): readonly Pointed[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw new UsageError(`${file}: cannot be read: ${error instanceof Error ? error.message : error}`);
  }
  try {
    return v.parse(CONTENT, JSON.parse(text)).pointed;
  } catch {
    throw new UsageError(`${file}: is not what a daemon wrote: see what routes are there, and remove it`);
  }
}
