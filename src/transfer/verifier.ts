// Compares each file with the sender's checksum, one at a time, as soon as all of it is there and the checksum is known.

import { Mailbox } from '../core/mailbox.ts';
import type { Log } from '../platform/platform.ts';
import { TransferProtocolError } from './errors.ts';
import type { ReceiverMessage } from './messages.ts';
import type { ReceivedContent } from './received-content.ts';

export interface VerifierOptions {
  readonly transfer: string;
  /** The files of the offer, in its order. */
  readonly contents: readonly ReceivedContent[];
  readonly fileCount: number;
  readonly log: Log;
  readonly say: (message: ReceiverMessage) => Promise<void>;
  readonly isOver: () => boolean;
  readonly corrupt: (name: string) => void;
  /** Every file is verified, and the sender has been told. */
  readonly done: () => Promise<void>;
}

export class Verifier {
  readonly #options: VerifierOptions;
  readonly #checksums = new Map<number, string>();
  readonly #queue: Mailbox<number>;
  readonly #isQueued = new Set<number>();
  readonly #verified = new Set<number>();

  constructor(options: VerifierOptions) {
    this.#options = options;
    this.#queue = new Mailbox(options.fileCount);
  }

  get isDone(): boolean {
    return this.#verified.size === this.#options.fileCount;
  }

  /** The sender's checksum of a file. */
  expect(file: number, checksum: string): void {
    if (file >= this.#options.contents.length)
      throw new TransferProtocolError('expected a file of the offer', `file ${file}`);
    this.#checksums.set(file, checksum);
    this.look(file);
  }

  /** More of the file is there. */
  look(file: number): void {
    const content = this.#options.contents[file];
    if (content === undefined || content.held.covered < content.size || !this.#checksums.has(file)) return;
    if (this.#isQueued.has(file)) return;
    this.#isQueued.add(file);
    this.#queue.offer(file);
  }

  /** Until `close`, or a file is corrupt. */
  async run(): Promise<void> {
    const { isOver, done } = this.#options;
    for (let file = await this.#queue.take(); file !== null; file = await this.#queue.take()) {
      if (isOver() || !(await this.#verify(file))) return;
      if (this.isDone) await done();
    }
  }

  close(): void {
    this.#queue.close();
  }

  async #verify(file: number): Promise<boolean> {
    const { contents, transfer, log, say, corrupt } = this.#options;
    const content = contents[file];
    const checksum = this.#checksums.get(file);
    if (content === undefined || checksum === undefined) return false;
    const { name, size } = content;
    const isRepeated = content.checksum !== null;
    const isIntact = await content.verify(checksum);
    if (!isRepeated)
      log.record(isIntact ? 'file.verified' : 'file.corrupt', { transfer, file: name, size, checksum });
    // The sender learns which file; what it sent of it is gone, so that a new transfer begins it afresh.
    await say({ kind: isIntact ? 'verified' : 'corrupt', file, checksum });
    if (isIntact) this.#verified.add(file);
    else corrupt(name);
    return isIntact;
  }
}
