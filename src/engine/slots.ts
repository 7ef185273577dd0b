// The memory of pending events: one slot of 32 bytes each (time, order, link), so that an event costs one cache
// line, and its callback beside it. Slots form lists by their links. Free slots are used again, last freed first.
// The arrays are public, because the queue's inner loops are twice as fast on them as through methods.

import { assert } from '../core/assert.ts';

export type Fire = () => void;

/**
 * The end of a list, and the places within a slot. Slot s begins at `s << numbers` of the numbers (its time; then its order)
 * and at `s << words` of the words, which lie over the same memory. Inner loops copy these into constants of their own module, which the compiler folds; it does not fold imported ones,
 * and an index computed from those costs half the speed.
 */
export const SLOT: Readonly<Record<'none' | 'numbers' | 'order' | 'words' | 'next', number>> = {
  none: -1,
  numbers: 2,
  order: 1,
  words: 3,
  next: 4,
};

const { none: NONE, numbers: NUMBERS, order: ORDER, words: WORDS, next: NEXT } = SLOT;

/** A handle is (order modulo 2^29) × SLOTS_MAX + slot, exact in a double. */
const SLOTS_MAX = 2 ** 24;
const ORDER_MASK = 2 ** 29 - 1;

const SLOTS_AT_START = 64;

export class EventSlots {
  numbers = new Float64Array(0);
  words = new Int32Array(0);
  /** `undefined` in free slots and in cancelled ones. */
  readonly fires: (Fire | undefined)[] = [];
  /** The list of free slots; whoever takes the last one calls `grow` first. */
  free = NONE;

  constructor() {
    this.#growTo(SLOTS_AT_START);
  }

  grow(): void {
    this.#growTo(this.fires.length * 2);
  }

  release(slot: number): void {
    this.fires[slot] = undefined;
    this.words[(slot << WORDS) | NEXT] = this.free;
    this.free = slot;
  }

  handle(slot: number, order: number): number {
    return (order & ORDER_MASK) * SLOTS_MAX + slot;
  }

  /** Takes the callback away, and leaves the slot in its list; false for a stale handle. */
  cancel(handle: number): boolean {
    const slot = handle % SLOTS_MAX;
    if (slot >= this.fires.length || this.fires[slot] === undefined) return false;
    if (this.handle(slot, this.numbers[(slot << NUMBERS) | ORDER] as number) !== handle) return false;
    this.fires[slot] = undefined;
    return true;
  }

  #growTo(count: number): void {
    assert(count <= SLOTS_MAX, `at most ${SLOTS_MAX} events can be pending`);
    const numbers = new Float64Array(count << NUMBERS);
    numbers.set(this.numbers);
    this.numbers = numbers;
    this.words = new Int32Array(numbers.buffer);
    const from = this.fires.length;
    for (let slot = from; slot < count; slot++) this.fires.push(undefined);
    for (let slot = count - 1; slot >= from; slot--) {
      this.words[(slot << WORDS) | NEXT] = this.free;
      this.free = slot;
    }
  }
}
