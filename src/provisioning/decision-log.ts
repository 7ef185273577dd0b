// The durable memory of an agent: JSON lines with a check sum each, appended and synced in groups, replayed
// on start up to the first torn line, rewritten short when long. What it holds is a fold over its entries: its state.

import { assert } from '../core/assert.ts';
import { isBytes } from '../platform/chunk.ts';
import type { Platform, Store, StoredFile } from '../platform/platform.ts';
import { DecisionLogError } from './errors.ts';
import { type LogEntry, LogState } from './log-state.ts';
import { LIMITS } from './timings.ts';

const encoder = new TextEncoder();

export class DecisionLog {
  readonly state = new LogState();
  readonly #store: Store;
  readonly #name: string;
  readonly #fail: (error: Error) => void;
  #file: StoredFile | null = null;
  #end = 0;
  #entries = 0;
  #queue: { entry: LogEntry; done: () => void }[] = [];
  #isWriting = false;
  #isNew = true;

  private constructor(store: Store, name: string, fail: (error: Error) => void) {
    this.#store = store;
    this.#name = name;
    this.#fail = fail;
  }

  /** Replays what is there. `fail` hears of a disk that fails later: nothing may be promised after that. */
  static async open(
    platform: Pick<Platform, 'store'>,
    name: string,
    fail: (error: Error) => void,
  ): Promise<DecisionLog> {
    const log = new DecisionLog(platform.store, name, fail);
    await log.#replay();
    return log;
  }

  /** Nothing was there when it was opened: its agent has never run, or its store was lost. */
  get isNew(): boolean {
    return this.#isNew;
  }

  /** Resolves when the entry is on disk. Entries reach the disk in the order of the calls. */
  append(entry: LogEntry): Promise<void> {
    return new Promise((done) => {
      this.#queue.push({ entry, done });
      if (!this.#isWriting) this.#drain().catch((error: unknown) => this.#fail(asError(error)));
    });
  }

  async #drain(): Promise<void> {
    this.#isWriting = true;
    while (this.#queue.length > 0) {
      const batch = this.#queue;
      this.#queue = [];
      await this.#write(batch.map((item) => item.entry));
      for (const item of batch) item.done();
    }
    this.#isWriting = false;
  }

  async #write(entries: readonly LogEntry[]): Promise<void> {
    assert(this.#file !== null, 'the decision log is not open');
    for (const entry of entries) this.state.apply(entry);
    this.#entries += entries.length;
    if (this.#entries > LIMITS.logRecordsMax && this.state.toFree.length === 0) return await this.#rewrite();
    const bytes = encoder.encode(entries.map(formatEntry).join(''));
    await this.#file.write(this.#end, bytes);
    this.#end += bytes.length;
    await this.#file.sync();
  }

  async #rewrite(): Promise<void> {
    const entries = this.state.entries();
    const bytes = encoder.encode(entries.map(formatEntry).join(''));
    const file = await this.#store.open(`${this.#name}.new`, 'write');
    await file.truncate(0);
    await file.write(0, bytes);
    await file.sync();
    await file.close();
    await this.#file?.close();
    await this.#store.rename(`${this.#name}.new`, this.#name);
    this.#file = await this.#store.open(this.#name, 'write');
    this.#end = bytes.length;
    // A state that is large in itself is not rewritten at every entry.
    this.#entries = Math.max(0, entries.length - LIMITS.logRecordsMax / 2);
  }

  async #replay(): Promise<void> {
    const file = await this.#store.open(this.#name, 'write');
    this.#file = file;
    const text = new TextDecoder().decode(await readAll(file));
    let good = 0;
    for (const line of text.split('\n').slice(0, -1)) {
      const entry = parseEntry(line);
      if (entry === null) break;
      this.state.apply(entry);
      this.#isNew = false;
      this.#entries++;
      good += encoder.encode(line).length + 1;
    }
    // What follows a torn line was never acknowledged to anybody.
    await file.truncate(good);
    this.#end = good;
  }
}

const formatEntry = (entry: LogEntry): string => {
  const text = JSON.stringify(entry);
  return `${checkSum(text)} ${text}\n`;
};

function parseEntry(line: string): LogEntry | null {
  const text = line.slice(9);
  if (line.slice(0, 8) !== checkSum(text)) return null;
  return JSON.parse(text) as LogEntry;
}

/** FNV-1a over UTF-16 code units, 32 bits: against torn writes, not against malice. */
function checkSum(text: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
}

async function readAll(file: StoredFile): Promise<Uint8Array> {
  const bytes = new Uint8Array(await file.size());
  for (let at = 0; at < bytes.length; ) {
    const chunk = await file.read(at, bytes.length - at);
    if (!isBytes(chunk) || chunk.length === 0)
      throw new DecisionLogError('the decision log cannot be read whole');
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));
