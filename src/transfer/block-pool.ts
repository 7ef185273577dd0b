// The bound on a program's memory: a block may be filled only by who holds one of the pool's places. Chunks belong to
// whoever made them, so the pool hands out places, not buffers. `Bell` wakes the tasks that have nothing to do.

import { assert } from '../core/assert.ts';

export class BlockPool {
  readonly #waiting: ((taken: boolean) => void)[] = [];
  readonly size: number;
  #inUse = 0;
  #highest = 0;
  #isClosed = false;

  constructor(size: number) {
    assert(Number.isInteger(size) && size >= 1, `a pool has at least one block, got ${size}`);
    this.size = size;
  }

  get inUse(): number {
    return this.#inUse;
  }

  /** The most that ever were in use at once. */
  get highest(): number {
    return this.#highest;
  }

  /** True at once, or when a place is free; false once the pool is closed. */
  take(): boolean | Promise<boolean> {
    if (this.#isClosed) return false;
    if (this.#inUse === this.size) return new Promise((resolve) => this.#waiting.push(resolve));
    this.#inUse++;
    this.#highest = Math.max(this.#highest, this.#inUse);
    return true;
  }

  give(): void {
    assert(this.#inUse > 0, 'a block was given back twice');
    const next = this.#waiting.shift();
    if (next === undefined) this.#inUse--;
    else next(true);
  }

  close(): void {
    this.#isClosed = true;
    for (const waiting of this.#waiting.splice(0)) waiting(false);
  }
}

export class Bell {
  #waiting: (() => void)[] = [];

  /** Resolves at the next `ring`. */
  wait(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  ring(): void {
    const waiting = this.#waiting;
    if (waiting.length === 0) return;
    this.#waiting = [];
    for (const wake of waiting) wake();
  }
}
