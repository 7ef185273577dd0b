// What one session still has to say. Texts go out in order, one write at a time; a client that does not read
// fills the outbox up to its bound and is then given up, so that a slow reader costs no memory without end.

import type { Connection } from '../../src/platform/platform.ts';
import { encodeLatin1 } from '../../src/tl1/latin1.ts';

export class Outbox {
  readonly #connection: Pick<Connection, 'write' | 'end' | 'abort'>;
  readonly #unsentBytesMax: number;
  #texts: string[] = [];
  #unsentBytes = 0;
  #isWriting = false;
  #isClosed = false;
  #waiters: (() => void)[] = [];

  constructor(connection: Pick<Connection, 'write' | 'end' | 'abort'>, unsentBytesMax: number) {
    this.#connection = connection;
    this.#unsentBytesMax = unsentBytesMax;
  }

  /** True once a write failed or the bound was passed: nothing goes out any more. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  put(text: string): void {
    if (this.#isClosed || text === '') return;
    this.#texts.push(text);
    this.#unsentBytes += text.length;
    if (this.#unsentBytes > this.#unsentBytesMax) this.close();
    else if (!this.#isWriting) void this.#pump();
  }

  /** Resolves once nothing is left to send, or nothing can be sent any more. */
  drained(): Promise<void> {
    if (this.#isClosed || !this.#isWriting) return Promise.resolve();
    return new Promise((resolve) => this.#waiters.push(resolve));
  }

  /** Says no more, and lets what was sent arrive. */
  async end(): Promise<void> {
    await this.drained();
    if (this.#isClosed) return;
    this.#isClosed = true;
    await this.#connection.end();
  }

  /** Drops the connection with all that is unsent. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#texts = [];
    this.#connection.abort();
    this.#release();
  }

  async #pump(): Promise<void> {
    this.#isWriting = true;
    for (let text = this.#texts.shift(); text !== undefined; text = this.#texts.shift()) {
      try {
        await this.#connection.write(encodeLatin1(text));
      } catch {
        this.close();
      }
      this.#unsentBytes -= text.length;
    }
    this.#isWriting = false;
    this.#release();
  }

  #release(): void {
    for (const resolve of this.#waiters.splice(0)) resolve();
  }
}
