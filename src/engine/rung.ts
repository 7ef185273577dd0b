// One rung of the ladder: a span of time in buckets of equal width, each an unsorted list of slots, emptied
// from the left. What lies outside the span is put into the outermost buckets, which keeps the order of
// buckets the order of times: `bucket` never decreases as time grows, whatever the rounding.

import { type EventSlots, NONE } from './slots.ts';

const BUCKETS_AT_START = 64;

export class Rung {
  #heads = new Int32Array(BUCKETS_AT_START).fill(NONE);
  #start = 0;
  #perNs = 1;
  #last = 0;
  #current = 0;

  /** Lays the rung out anew. It must be empty. */
  reset(start: number, width: number, buckets: number): void {
    if (buckets > this.#heads.length) {
      this.#heads = new Int32Array(2 ** Math.ceil(Math.log2(buckets))).fill(NONE);
    }
    this.#start = start;
    this.#perNs = 1 / width;
    this.#last = buckets - 1;
    this.#current = 0;
  }

  /** Adds the slot if its time lies in a bucket not yet taken. */
  push(slots: EventSlots, slot: number, time: number): boolean {
    const bucket = Math.min((time - this.#start) * this.#perNs, this.#last) | 0;
    if (bucket < this.#current) return false;
    const heads = this.#heads;
    slots.link(slot, heads[bucket] as number);
    heads[bucket] = slot;
    return true;
  }

  /** Whether its last bucket is taken: it then accepts nothing more. */
  get isExhausted(): boolean {
    return this.#current > this.#last;
  }

  /** Takes the list of the next bucket that is not empty, or NONE at the end of the rung. */
  take(): number {
    const heads = this.#heads;
    const last = this.#last;
    for (let bucket = this.#current; bucket <= last; bucket++) {
      const head = heads[bucket] as number;
      if (head === NONE) continue;
      heads[bucket] = NONE;
      this.#current = bucket + 1;
      return head;
    }
    this.#current = last + 1;
    return NONE;
  }

  /** Replaces the list of each bucket by what `filter` makes of it. */
  filter(filter: (head: number) => number): void {
    for (let bucket = this.#current; bucket <= this.#last; bucket++) {
      const head = this.#heads[bucket] as number;
      if (head !== NONE) this.#heads[bucket] = filter(head);
    }
  }
}
