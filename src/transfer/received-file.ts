// A file on its way to the store: `NAME.part` beside its journal until all of it is there and verified, then NAME. The
// checksum is taken over the blocks as they are written, or (`stored`) over what the store gives back when all is there;
// blocks that an earlier session wrote are always read back.

import { assert } from '../core/assert.ts';
import type { Chunk } from '../platform/chunk.ts';
import type { Store, StoredFile } from '../platform/platform.ts';
import { readRuns } from './block-source.ts';
import { blockDigest, FileDigest, type Sha256 } from './checksum.ts';
import { TransferRefusedError } from './errors.ts';
import { type JournalEntry, readJournal, writeJournal } from './journal.ts';
import { JOURNAL_SUFFIX, PART_SUFFIX } from './messages.ts';
import { RangeSet, wholeBlocks } from './range-set.ts';
import type { ReceivedContent } from './received-content.ts';
import { advance, FILE_TRANSITIONS, type FileState } from './session-state.ts';

export interface ReceivedFileOptions {
  readonly store: Store;
  /** Folder in the store; empty for its top. */
  readonly folder: string;
  readonly transfer: string;
  readonly name: string;
  readonly size: number;
  readonly blockSize: number;
  /** What the checksum is taken over. */
  readonly verify: 'stored' | 'received';
  /** Replace a file of that name that is not of this transfer. */
  readonly overwrite: boolean;
  readonly journalBytes: number;
  readonly sha256: Sha256;
}

export class ReceivedFile implements ReceivedContent {
  readonly held = new RangeSet();
  readonly #options: ReceivedFileOptions;
  readonly #path: string;
  #digest: FileDigest;
  #state: FileState = 'partial';
  #checksum: string | null = null;
  #file: StoredFile | null = null;
  #unsafeBytes = 0;
  #journaling: Promise<void> | null = null;
  #isFresh = true;

  /** Looks at what is there. Throws `TransferRefusedError` when the file cannot be taken. */
  static async find(options: ReceivedFileOptions): Promise<ReceivedFile> {
    const file = new ReceivedFile(options);
    await file.#find();
    return file;
  }

  private constructor(options: ReceivedFileOptions) {
    const { folder, name, size, blockSize } = options;
    this.#options = options;
    this.#path = folder === '' ? name : `${folder}/${name}`;
    this.#digest = new FileDigest(size, blockSize);
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
    const file = this.#file ?? (await this.#open());
    const { blockSize, verify, sha256, journalBytes } = this.#options;
    let at = offset;
    for (const run of runs) {
      await file.write(at, run);
      at += run.length;
    }
    if (verify === 'received') this.#digest.set(offset / blockSize, blockDigest(runs, sha256));
    this.#unsafeBytes += this.held.add(offset, at);
    if (this.#unsafeBytes >= journalBytes) this.#startJournal();
  }

  async verify(expected: string): Promise<boolean> {
    if (this.#checksum !== null) return this.#checksum === expected;
    assert(this.held.covered === this.size, `${this.name} is verified before all of it is there`);
    const file = this.#file ?? (await this.#open());
    await this.#journaling;
    await file.sync();
    await this.#readBack(file);
    const checksum = this.#digest.checksum(this.#options.sha256);
    const isIntact = checksum === expected;
    this.#state = advance(FILE_TRANSITIONS, this.#state, isIntact ? 'verified' : 'corrupt');
    await (isIntact ? this.#put(file, checksum) : this.#discard());
    return isIntact;
  }

  async close(): Promise<void> {
    if (this.#file === null) return;
    await this.#journaling;
    if (this.#state === 'partial') await this.#writeJournal(this.#file);
    await this.#release();
  }

  async forget(): Promise<void> {
    if (this.#state === 'verified') await this.#options.store.remove(this.#journalPath);
  }

  get #partPath(): string {
    return this.#path + PART_SUFFIX;
  }

  get #journalPath(): string {
    return this.#path + PART_SUFFIX + JOURNAL_SUFFIX;
  }

  async #find(): Promise<void> {
    const { store, overwrite } = this.#options;
    const journal = await this.#journalOfThisTransfer();
    const partial = await store.stat(this.#partPath);
    const final = await store.stat(this.#path);
    if (journal?.verified) {
      // The crash may have come between the journal and the rename.
      if (partial !== null) await store.rename(this.#partPath, this.#path);
      if (partial !== null || final?.size === this.size)
        return this.#isAlreadyVerified(journal.verified.checksum);
    } else if (journal !== null && partial !== null) {
      const { blockSize } = this.#options;
      for (const [from, to] of wholeBlocks(journal.ranges, blockSize, this.size)) this.held.add(from, to);
      this.#isFresh = false;
      return;
    }
    if (final !== null && !overwrite) throw new TransferRefusedError(`${this.name} exists already`);
  }

  #isAlreadyVerified(checksum: string): void {
    this.#state = advance(FILE_TRANSITIONS, this.#state, 'verified');
    this.held.add(0, this.size);
    this.#checksum = checksum;
  }

  /** A checksum of other blocks says nothing here. */
  async #journalOfThisTransfer(): Promise<JournalEntry | null> {
    const { store, transfer, size, blockSize } = this.#options;
    const journal = await readJournal(store, this.#journalPath);
    if (journal === null || journal.transfer !== transfer || journal.size !== size) return null;
    return journal.verified !== null && journal.verified.blockSize !== blockSize ? null : journal;
  }

  async #open(): Promise<StoredFile> {
    const file = await this.#options.store.open(this.#partPath, 'write');
    this.#file = file;
    if (this.#isFresh) {
      // A journal of another transfer must not vouch for what comes now.
      await this.#options.store.remove(this.#journalPath);
      await file.truncate(0);
    }
    return file;
  }

  /** Digests of the blocks that are still unknown, in file order. */
  async #readBack(file: StoredFile): Promise<void> {
    const { blockSize, sha256, name, size } = this.#options;
    for (let block = 0; block * blockSize < size; block++) {
      if (this.#digest.has(block)) continue;
      const offset = block * blockSize;
      const runs = await readRuns(file, offset, Math.min(blockSize, size - offset), name);
      this.#digest.set(block, blockDigest(runs, sha256));
    }
  }

  async #put(file: StoredFile, checksum: string): Promise<void> {
    const { store, blockSize } = this.#options;
    await file.sync();
    await writeJournal(store, this.#journalPath, this.#entry({ blockSize, checksum }));
    await this.#release();
    await store.rename(this.#partPath, this.#path);
    this.#checksum = checksum;
  }

  async #discard(): Promise<void> {
    const { store } = this.#options;
    await this.#release();
    await store.remove(this.#partPath);
    await store.remove(this.#journalPath);
  }

  /** One at a time; a failure shows when the file is verified or closed. */
  #startJournal(): void {
    const file = this.#file;
    if (this.#journaling !== null || file === null) return;
    const journaling = this.#writeJournal(file);
    this.#journaling = journaling;
    journaling.then(
      () => {
        this.#journaling = null;
      },
      () => {},
    );
  }

  async #writeJournal(file: StoredFile): Promise<void> {
    const entry = this.#entry(null);
    this.#unsafeBytes = 0;
    await file.sync();
    await writeJournal(this.#options.store, this.#journalPath, entry);
  }

  #entry(verified: JournalEntry['verified']): JournalEntry {
    const { transfer, size } = this.#options;
    return { transfer, size, ranges: this.held.pairs(), verified };
  }

  async #release(): Promise<void> {
    const file = this.#file;
    this.#file = null;
    await file?.close();
  }
}
