// The bottom of the ladder: the nearest events, sorted by (time, order), taken from the left. An event that
// comes in late is inserted from the right, so that one scheduled for the present instant, behind all others of
// that instant, moves nobody.

import { type EventSlots, NONE } from './slots.ts';

const CAPACITY_AT_START = 256;
/** Above this length insertion sort is no longer the fastest. */
const INSERTION_SORT_MAX = 64;

export class Bottom {
  readonly #slots: EventSlots;
  #sorted = new Int32Array(CAPACITY_AT_START);
  #times = new Float64Array(CAPACITY_AT_START);
  #head = 0;
  #tail = 0;

  constructor(slots: EventSlots) {
    this.#slots = slots;
  }

  get size(): number {
    return this.#tail - this.#head;
  }

  /** Neither of these may be read when empty. */
  get firstTime(): number {
    return this.#times[this.#head] as number;
  }

  get firstSlot(): number {
    return this.#sorted[this.#head] as number;
  }

  /** Whether it holds more than one time, so that a rung could divide it. */
  get isDivisible(): boolean {
    return this.firstTime !== this.#times[this.#tail - 1];
  }

  shift(): number {
    return this.#sorted[this.#head++] as number;
  }

  insert(slot: number, time: number, order: number): void {
    if (this.#tail === this.#sorted.length) this.#makeRoom();
    const times = this.#times;
    const sorted = this.#sorted;
    let i = this.#tail++;
    for (; i > this.#head; i--) {
      const before = times[i - 1] as number;
      if (before < time) break;
      if (before === time && this.#slots.order(sorted[i - 1] as number) < order) break;
      times[i] = before;
      sorted[i] = sorted[i - 1] as number;
    }
    times[i] = time;
    sorted[i] = slot;
  }

  /** Takes a list in when it holds at most `max` events; otherwise changes nothing and returns false. Must be empty. */
  fill(list: number, max: number): boolean {
    this.#head = 0;
    this.#tail = 0;
    let tail = 0;
    for (let slot = list; slot !== NONE; slot = this.#slots.next(slot)) {
      if (tail === max) return false;
      if (tail === this.#sorted.length) this.#grow();
      this.#sorted[tail++] = slot;
    }
    if (tail > INSERTION_SORT_MAX) this.#sortMany(tail);
    else this.#sortFew(tail);
    this.#tail = tail;
    return true;
  }

  /** Empties it into a list. */
  takeAll(): number {
    let list = NONE;
    for (let i = this.#head; i < this.#tail; i++) {
      const slot = this.#sorted[i] as number;
      this.#slots.link(slot, list);
      list = slot;
    }
    this.#head = 0;
    this.#tail = 0;
    return list;
  }

  #sortFew(count: number): void {
    const sorted = this.#sorted;
    for (let i = 0; i < count; i++) {
      const slot = sorted[i] as number;
      this.#tail = i;
      this.insert(slot, this.#slots.time(slot), this.#slots.order(slot));
    }
  }

  #sortMany(count: number): void {
    const slots = this.#slots;
    const part = this.#sorted.subarray(0, count);
    part.sort((a, b) => slots.time(a) - slots.time(b) || slots.order(a) - slots.order(b));
    for (let i = 0; i < count; i++) this.#times[i] = slots.time(part[i] as number);
  }

  #makeRoom(): void {
    if (this.#head * 2 < this.#sorted.length) {
      this.#grow();
      return;
    }
    this.#sorted.copyWithin(0, this.#head, this.#tail);
    this.#times.copyWithin(0, this.#head, this.#tail);
    this.#tail -= this.#head;
    this.#head = 0;
  }

  #grow(): void {
    const sorted = new Int32Array(this.#sorted.length * 2);
    const times = new Float64Array(this.#times.length * 2);
    sorted.set(this.#sorted);
    times.set(this.#times);
    this.#sorted = sorted;
    this.#times = times;
  }
}
