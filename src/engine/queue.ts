// Pending events in the total order (time, insertion number), as a ladder: far events lie unsorted in `top`,
// nearer ones in the buckets of rungs, each rung dividing one bucket of the rung above it, and only the few
// nearest are sorted, in `bottom`. Pushing and popping take constant time on average whatever the number
// pending and however uneven their times (Tang, Goh, Thng: "Ladder queue", ACM TOMACS 15(3), 2005; widths here
// follow the mean, so that a few far timers do not coarsen the buckets of the many near events).

import type { Random } from '../platform/platform.ts';
import { Bottom } from './bottom.ts';
import { Rung } from './rung.ts';
import { EventSlots, type Fire, NONE } from './slots.ts';

/** A list longer than this is divided by a new rung instead of being sorted. */
const BOTTOM_MAX = 48;
/** Events that share a bucket when these lie evenly. */
const EVENTS_PER_BUCKET = 1;
/** A rung reaches this many times the mean distance from its start; by Markov at least 3/4 of its events lie within. */
const REACH = 4;
/** Cancelled events stay in their lists until there are more of them than this and than live ones. */
const CANCELLED_MIN = 1024;

export class EventQueue {
  readonly #slots = new EventSlots();
  readonly #bottom = new Bottom(this.#slots);
  readonly #rungs: Rung[] = [];
  /** Rungs in use; the deepest holds the nearest events. */
  #depth = 0;
  #top = NONE;
  /** Times after this one go to `top`. */
  #limit = -Infinity;
  #count = 0;
  #cancelled = 0;
  #inserted = 0;
  readonly #permute: Random | null;

  /** `permute` puts events of equal time into a random order instead of that of their insertion. */
  constructor(permute: Random | null = null) {
    this.#permute = permute;
  }

  /** Events pending, without the cancelled ones. */
  get size(): number {
    return this.#count - this.#cancelled;
  }

  /** Adds an event and returns its handle. `time` is a whole number. */
  push(time: number, fire: Fire): number {
    const order = this.#permute === null ? this.#inserted++ : this.#drawOrder(this.#permute);
    const slot = this.#slots.take(time, order, fire);
    this.#count++;
    if (time > this.#limit) {
      this.#slots.link(slot, this.#top);
      this.#top = slot;
    } else if (!this.#pushToRung(slot, time)) {
      this.#bottom.insert(slot, time, order);
      if (this.#bottom.size > BOTTOM_MAX && this.#bottom.isDivisible) this.#divide(this.#bottom.takeAll());
    }
    return this.#slots.handle(slot);
  }

  /** Removes a pending event; false if it was popped or cancelled before. */
  cancel(handle: number): boolean {
    if (!this.#slots.cancel(handle)) return false;
    this.#cancelled++;
    if (this.#cancelled > CANCELLED_MIN && this.#cancelled * 2 > this.#count) this.#sweep();
    return true;
  }

  /** The time of the first event, Infinity if there is none. */
  nextTime(): number {
    if (this.#cancelled > 0) this.#dropCancelled();
    if (this.#bottom.size === 0 && !this.#refill()) return Infinity;
    return this.#bottom.firstTime;
  }

  /** Removes the first event and returns its callback, undefined if there is none. */
  pop(): Fire | undefined {
    return this.nextTime() === Infinity ? undefined : this.take();
  }

  /** `pop`, for who has just learnt from `nextTime` that there is an event. */
  take(): Fire {
    const slot = this.#bottom.shift();
    const fire = this.#slots.fire(slot) as Fire;
    this.#slots.free(slot);
    this.#count--;
    return fire;
  }

  #pushToRung(slot: number, time: number): boolean {
    for (let level = 0; level < this.#depth; level++) {
      if ((this.#rungs[level] as Rung).push(this.#slots, slot, time)) return true;
    }
    return false;
  }

  /** Brings the nearest events into `bottom`; false if there are none at all. */
  #refill(): boolean {
    for (;;) {
      const wasLast = this.#depth === 0;
      const list = wasLast ? this.#takeTop() : this.#takeFromDeepest();
      if (list === NONE) {
        if (wasLast) return false;
        continue;
      }
      if (this.#bottom.fill(list, BOTTOM_MAX)) return true;
      this.#divide(list);
      if (this.#bottom.size > 0) return true;
    }
  }

  /** The next list of the deepest rung, which goes when this was its last one, so that rungs do not pile up. */
  #takeFromDeepest(): number {
    const rung = this.#rungs[this.#depth - 1] as Rung;
    const list = rung.take();
    if (rung.isExhausted) this.#depth--;
    return list;
  }

  #takeTop(): number {
    const list = this.#top;
    this.#top = NONE;
    this.#limit = -Infinity;
    for (let slot = list; slot !== NONE; slot = this.#slots.next(slot)) {
      this.#limit = Math.max(this.#limit, this.#slots.time(slot));
    }
    return list;
  }

  /** Spreads a list over the buckets of a new rung, or sorts it whole if all its times are equal. */
  #divide(list: number): void {
    const slots = this.#slots;
    let count = 0;
    let sum = 0;
    let min = Infinity;
    let max = -Infinity;
    for (let slot = list; slot !== NONE; slot = slots.next(slot)) {
      const time = slots.time(slot);
      count++;
      sum += time;
      min = Math.min(min, time);
      max = Math.max(max, time);
    }
    if (min === max) {
      this.#bottom.fill(list, Infinity);
      return;
    }
    const width = Math.max(1, ((sum / count - min) / count) * EVENTS_PER_BUCKET);
    const buckets = Math.min(
      Math.ceil((REACH * count) / EVENTS_PER_BUCKET),
      Math.floor((max - min) / width) + 1,
    );
    const rung = this.#addRung();
    rung.reset(min, width, buckets);
    for (let slot = list, next = NONE; slot !== NONE; slot = next) {
      next = slots.next(slot);
      rung.push(slots, slot, slots.time(slot));
    }
  }

  #addRung(): Rung {
    if (this.#depth === this.#rungs.length) this.#rungs.push(new Rung());
    return this.#rungs[this.#depth++] as Rung;
  }

  #dropCancelled(): void {
    while (this.#bottom.size > 0 || this.#refill()) {
      if (this.#slots.fire(this.#bottom.firstSlot) !== undefined) return;
      this.#forget(this.#bottom.shift());
    }
  }

  /** Frees all cancelled slots, in time proportional to what is pending. */
  #sweep(): void {
    const filter = (list: number): number => this.#withoutCancelled(list);
    this.#top = filter(this.#top);
    for (let level = 0; level < this.#depth; level++) (this.#rungs[level] as Rung).filter(filter);
    const rest = filter(this.#bottom.takeAll());
    this.#bottom.fill(rest, Infinity);
  }

  #withoutCancelled(list: number): number {
    const slots = this.#slots;
    let kept = NONE;
    for (let slot = list, next = NONE; slot !== NONE; slot = next) {
      next = slots.next(slot);
      if (slots.fire(slot) === undefined) this.#forget(slot);
      else {
        slots.link(slot, kept);
        kept = slot;
      }
    }
    return kept;
  }

  #forget(slot: number): void {
    this.#slots.free(slot);
    this.#count--;
    this.#cancelled--;
  }

  /** Unique among 2^32 successive events, and random before that. */
  #drawOrder(permute: Random): number {
    return permute.integer(2 ** 20) * 2 ** 32 + (this.#inserted++ % 2 ** 32);
  }
}
