// The memory of pending events: one slot of 32 bytes each (time, order, link, generation), so that an event
// costs one cache line, and its callback beside it. Free slots are used again, last freed first.

import { assert } from '../core/assert.ts';

export type Fire = () => void;

/** The end of a list of slots. */
export const NONE = -1;

/** A handle is generation × SLOTS_MAX + slot. 2^29 generations fit, after which a forgotten handle could hit a stranger. */
export const SLOTS_MAX = 2 ** 24;
const GENERATION_MASK = 2 ** 29 - 1;

const SLOTS_AT_START = 64;

// Places within a slot: `numbers` counts in 8 bytes, `words` in 4, both over the same buffer.
const ORDER = 1;
const NEXT = 4;
const GENERATION = 5;

export class EventSlots {
  #numbers = new Float64Array(0);
  #words = new Int32Array(0);
  /** `undefined` in free slots and in cancelled ones. */
  readonly #fires: (Fire | undefined)[] = [];
  #free = NONE;

  constructor() {
    this.#grow(SLOTS_AT_START);
  }

  take(time: number, order: number, fire: Fire): number {
    if (this.#free === NONE) this.#grow(this.#fires.length * 2);
    const slot = this.#free;
    this.#free = this.#words[slot * 8 + NEXT] as number;
    this.#numbers[slot * 4] = time;
    this.#numbers[slot * 4 + ORDER] = order;
    this.#fires[slot] = fire;
    return slot;
  }

  /** Frees the slot, which makes every handle of it stale. */
  free(slot: number): void {
    const words = this.#words;
    this.#fires[slot] = undefined;
    words[slot * 8 + GENERATION] = ((words[slot * 8 + GENERATION] as number) + 1) & GENERATION_MASK;
    words[slot * 8 + NEXT] = this.#free;
    this.#free = slot;
  }

  time(slot: number): number {
    return this.#numbers[slot * 4] as number;
  }

  order(slot: number): number {
    return this.#numbers[slot * 4 + ORDER] as number;
  }

  next(slot: number): number {
    return this.#words[slot * 8 + NEXT] as number;
  }

  link(slot: number, next: number): void {
    this.#words[slot * 8 + NEXT] = next;
  }

  fire(slot: number): Fire | undefined {
    return this.#fires[slot];
  }

  handle(slot: number): number {
    return (this.#words[slot * 8 + GENERATION] as number) * SLOTS_MAX + slot;
  }

  /** Takes the callback away, and leaves the slot in its list; false for a stale handle. */
  cancel(handle: number): boolean {
    const slot = handle % SLOTS_MAX;
    if (slot >= this.#fires.length || this.handle(slot) !== handle) return false;
    if (this.#fires[slot] === undefined) return false;
    this.#fires[slot] = undefined;
    return true;
  }

  #grow(count: number): void {
    assert(count <= SLOTS_MAX, `at most ${SLOTS_MAX} events can be pending`);
    const numbers = new Float64Array(count * 4);
    numbers.set(this.#numbers);
    this.#numbers = numbers;
    this.#words = new Int32Array(numbers.buffer);
    const from = this.#fires.length;
    for (let slot = from; slot < count; slot++) this.#fires.push(undefined);
    for (let slot = count - 1; slot >= from; slot--) {
      this.link(slot, this.#free);
      this.#free = slot;
    }
  }
}
