// A bounded queue between tasks of one program: `put` resolves when there is room, `take` when there is an
// item. It knows no clock, so a program that needs a time limit puts one around it.

import { assert } from './assert.ts';

export class Mailbox<T> {
  readonly #capacity: number;
  readonly #items: T[] = [];
  readonly #takers: ((item: T | null) => void)[] = [];
  readonly #putters: { item: T; done: (accepted: boolean) => void }[] = [];
  #closed = false;

  /** `capacity`: how many items wait before `put` does; `Infinity` only where something else bounds the producer. */
  constructor(capacity: number) {
    assert(capacity >= 1, `a mailbox holds at least one item, got ${capacity}`);
    this.#capacity = capacity;
  }

  get size(): number {
    return this.#items.length;
  }

  get isClosed(): boolean {
    return this.#closed;
  }

  /** Resolves to true once the item is in, to false when the mailbox is closed before that. */
  put(item: T): Promise<boolean> {
    if (this.offer(item)) return Promise.resolve(true);
    if (this.#closed) return Promise.resolve(false);
    return new Promise((done) => this.#putters.push({ item, done }));
  }

  /** Puts without waiting; false when the mailbox is full or closed. */
  offer(item: T): boolean {
    if (this.#closed) return false;
    const taker = this.#takers.shift();
    if (taker !== undefined) {
      taker(item);
      return true;
    }
    if (this.#items.length >= this.#capacity) return false;
    this.#items.push(item);
    return true;
  }

  /** The next item, or null once the mailbox is closed and empty. */
  take(): Promise<T | null> {
    const item = this.#items.shift();
    if (item !== undefined) {
      const putter = this.#putters.shift();
      if (putter !== undefined) {
        this.#items.push(putter.item);
        putter.done(true);
      }
      return Promise.resolve(item);
    }
    if (this.#closed) return Promise.resolve(null);
    return new Promise((resolve) => this.#takers.push(resolve));
  }

  /** No more items go in; those inside can still be taken. Repeating it does nothing. */
  close(): void {
    this.#closed = true;
    for (const putter of this.#putters.splice(0)) putter.done(false);
    for (const taker of this.#takers.splice(0)) taker(null);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, void> {
    for (let item = await this.take(); item !== null; item = await this.take()) yield item;
  }
}
