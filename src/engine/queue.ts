// Pending events in the total order (time, insertion number), as a ladder: far events lie unsorted in the top,
// nearer ones in the buckets of rungs, each rung dividing one bucket of the rung above it, and only the few
// nearest are sorted, in the bottom. Pushing and popping take constant time on average whatever the number
// pending and however uneven their times (Tang, Goh, Thng: "Ladder queue", ACM TOMACS 15(3), 2005; widths here
// follow the mean, so that a few far timers do not coarsen the buckets of the many near events).

import type { Random } from '../platform/platform.ts';
import { Rung } from './rung.ts';
import { isLonger, type SortedList, sortList, spanOf } from './slot-list.ts';
import { EventSlots, type Fire, SLOT } from './slots.ts';

const { none: NONE, numbers: NUMBERS, order: ORDER, words: WORDS, next: NEXT } = SLOT;

/** A list longer than this is divided by a new rung instead of being sorted. */
const LIST_MAX = 48;
/** Buckets are taken until the bottom has this many events, or this share of those divided: see `#gather`. */
const GATHERED_MAX = 16;
const GATHERED_SHARE = 1 / 16;
/**
 * Events per bucket, if these lie evenly. A rung reaches `reach` times the mean distance of its events from its start (by
 * Markov's inequality all but 1/reach of them lie within); a long reach divides less often, until the buckets no longer fit
 * the cache. Measured with 100, 10,000 and 1,000,000 pending events.
 */
const EVENTS_PER_BUCKET = 0.5;
const REACHES = [
  { countMax: 1_000, reach: 16 },
  { countMax: 50_000, reach: 8 },
] as const;
const REACH_BEYOND = 4;
/** Cancelled events stay in their lists until there are more of them than this and than live ones. */
const CANCELLED_MIN = 1024;

export class EventQueue {
  readonly #slots = new EventSlots();
  /** The rung that nearly every event goes to, and all of them; the deepest of those in use holds the nearest events. */
  readonly #base = new Rung();
  readonly #rungs: Rung[] = [this.#base];
  #depth = 0;
  #top = NONE;
  /** Times after this one go to the top. */
  #limit = -Infinity;
  /** The bottom: a sorted list. `#last` means nothing while it is empty. */
  #first = NONE;
  #last = NONE;
  readonly #sorted: SortedList = { first: NONE, last: NONE };
  #gatheredMax = 1;
  /** Cancelled, and still in a list. */
  #cancelled = 0;
  #inserted = 0;
  /** Taken or forgotten. */
  #removed = 0;
  readonly #permute: Random | null;

  /** `permute` puts events of equal time into a random order instead of that of their insertion. */
  constructor(permute: Random | null = null) {
    this.#permute = permute;
  }

  /** Events pending, without the cancelled ones. */
  get size(): number {
    return this.#inserted - this.#removed - this.#cancelled;
  }

  /** Adds an event and returns its handle. `time` is a whole number. */
  push(time: number, fire: Fire): number {
    const slots = this.#slots;
    if (slots.free === NONE) slots.grow();
    const { numbers, words } = slots;
    const slot = slots.free;
    const order = this.#permute === null ? this.#inserted++ : this.#drawOrder(this.#permute);
    slots.free = words[(slot << WORDS) | NEXT] as number;
    numbers[slot << NUMBERS] = time;
    numbers[(slot << NUMBERS) | ORDER] = order;
    slots.fires[slot] = fire;
    if (time > this.#limit) {
      words[(slot << WORDS) | NEXT] = this.#top;
      this.#top = slot;
    } else if (!this.#pushToRung(words, slot, time)) this.#pushToBottom(slot, time, order);
    return slots.handle(slot, order);
  }

  /** Removes a pending event; false if it was popped or cancelled before. */
  cancel(handle: number): boolean {
    if (!this.#slots.cancel(handle)) return false;
    this.#cancelled++;
    if (this.#cancelled > Math.max(CANCELLED_MIN, this.size)) this.#sweep();
    return true;
  }

  /** The time of the first event, Infinity if there is none. */
  nextTime(): number {
    if (this.#cancelled > 0) this.#dropCancelled();
    if (this.#first === NONE && !this.#refill()) return Infinity;
    return this.#slots.numbers[this.#first << NUMBERS] as number;
  }

  /** Removes the first event and returns its callback, undefined if there is none. */
  pop(): Fire | undefined {
    return this.nextTime() === Infinity ? undefined : this.take();
  }

  /** `pop`, for who has just learnt from `nextTime` that there is an event. */
  take(): Fire {
    const slots = this.#slots;
    const slot = this.#first;
    const fire = slots.fires[slot] as Fire;
    this.#first = slots.words[(slot << WORDS) | NEXT] as number;
    slots.release(slot);
    this.#removed++;
    return fire;
  }

  #pushToRung(words: Int32Array, slot: number, time: number): boolean {
    if (this.#depth === 0) return false;
    const bucket = bucketOf(this.#base, time);
    if (bucket < this.#base.current) return this.#pushToDeeperRung(words, slot, time);
    addToBucket(this.#base, bucket, words, slot);
    return true;
  }

  #pushToDeeperRung(words: Int32Array, slot: number, time: number): boolean {
    for (let level = 1; level < this.#depth; level++) {
      const rung = this.#rungs[level] as Rung;
      const bucket = bucketOf(rung, time);
      if (bucket < rung.current) continue;
      addToBucket(rung, bucket, words, slot);
      return true;
    }
    return false;
  }

  /** Inserts into the sorted list; one scheduled for the present instant is mostly the last and walks past nobody. */
  #pushToBottom(slot: number, time: number, order: number): void {
    const { numbers, words } = this.#slots;
    const isBefore = (other: number): boolean => {
      const otherTime = numbers[other << NUMBERS] as number;
      return (
        otherTime < time || (otherTime === time && (numbers[(other << NUMBERS) | ORDER] as number) < order)
      );
    };
    if (this.#first === NONE || isBefore(this.#last)) {
      this.#append(slot, slot);
      return;
    }
    let before = NONE;
    let behind = this.#first;
    let walked = 0;
    for (; isBefore(behind); walked++) {
      before = behind;
      behind = words[(behind << WORDS) | NEXT] as number;
    }
    words[(slot << WORDS) | NEXT] = behind;
    if (before === NONE) this.#first = slot;
    else words[(before << WORDS) | NEXT] = slot;
    if (walked > LIST_MAX) this.#divide(this.#takeBottom());
  }

  /** Adds a sorted list, all of which comes behind what the bottom has. */
  #append(first: number, last: number): void {
    const { words } = this.#slots;
    if (this.#first === NONE) this.#first = first;
    else words[(this.#last << WORDS) | NEXT] = first;
    words[(last << WORDS) | NEXT] = NONE;
    this.#last = last;
  }

  #appendUnsorted(list: number): void {
    sortList(this.#slots, list, this.#sorted);
    this.#append(this.#sorted.first, this.#sorted.last);
  }

  #takeBottom(): number {
    const list = this.#first;
    this.#first = NONE;
    return list;
  }

  /** Brings the nearest events into the empty bottom; false if there are none at all. */
  #refill(): boolean {
    while (this.#first === NONE) {
      if (this.#depth > 0) this.#gather(this.#rungs[this.#depth - 1] as Rung);
      else if (this.#top === NONE) {
        this.#limit = -Infinity;
        return false;
      } else this.#settle(this.#takeTop());
    }
    return true;
  }

  /**
   * Moves the next buckets of the deepest rung to the bottom. Several at a time, since their memory is then fetched at once
   * and pops do not wait for pushes; few compared with those pending, since who comes later walks through the bottom.
   */
  #gather(rung: Rung): void {
    const { words, fires } = this.#slots;
    const { heads, bits } = rung;
    const end = bits + (rung.last >>> 5);
    let at = bits + (rung.current >>> 5);
    // A rung whose last bucket has been taken may begin behind its last word.
    let word = at > end ? 0 : (heads[at] as number);
    for (let left = this.#gatheredMax; left > 0; left--) {
      while (word === 0 && at < end) word = heads[++at] as number;
      if (word === 0) {
        this.#depth--;
        return;
      }
      const low = word & -word;
      const bucket = ((at - bits) << 5) + 31 - Math.clz32(low);
      const list = heads[bucket] as number;
      const isSingle = words[(list << WORDS) | NEXT] === NONE;
      const isLong = !isSingle && isLonger(this.#slots, list, LIST_MAX);
      if (isLong && this.#first !== NONE) return;
      word ^= low;
      heads[at] = word;
      heads[bucket] = NONE;
      rung.current = bucket + 1;
      if (isLong) {
        // An exhausted rung accepts nothing more: the new one takes its place, so that rungs do not pile up.
        if (bucket === rung.last) this.#depth--;
        this.#divide(list);
        return;
      }
      // Asking what the callback is brings its memory in, too.
      if (isSingle && typeof fires[list] !== 'function') this.#forget(list);
      else if (isSingle) this.#append(list, list);
      else this.#appendUnsorted(list);
    }
  }

  /** Sorts a list into the empty bottom if it is short, and divides it otherwise. */
  #settle(list: number): void {
    if (isLonger(this.#slots, list, LIST_MAX)) this.#divide(list);
    else this.#appendUnsorted(list);
  }

  #takeTop(): number {
    const list = this.#top;
    this.#top = NONE;
    this.#limit = spanOf(this.#slots, list).max;
    return list;
  }

  /** Spreads a list over the buckets of a new rung, or sorts it whole if all its times are equal. */
  #divide(list: number): void {
    const { numbers, words } = this.#slots;
    const { count, min, max, mean } = spanOf(this.#slots, list);
    if (min === max) {
      this.#appendUnsorted(list);
      return;
    }
    const width = Math.max(1, ((mean - min) / count) * EVENTS_PER_BUCKET);
    const buckets = Math.ceil((reachFor(count) * count) / EVENTS_PER_BUCKET);
    // With nothing in the top, the first rung may take all that comes up to its end.
    if (this.#depth === 0 && this.#top === NONE) this.#limit = Math.max(this.#limit, min + width * buckets);
    this.#gatheredMax = Math.max(1, Math.min(GATHERED_MAX, Math.floor(count * GATHERED_SHARE)));
    if (this.#depth === this.#rungs.length) this.#rungs.push(new Rung());
    const rung = this.#rungs[this.#depth++] as Rung;
    rung.reset(min, width, buckets);
    for (let slot = list, next = NONE; slot !== NONE; slot = next) {
      next = words[(slot << WORDS) | NEXT] as number;
      addToBucket(rung, bucketOf(rung, numbers[slot << NUMBERS] as number), words, slot);
    }
  }

  #dropCancelled(): void {
    while (this.#first !== NONE || this.#refill()) {
      const slot = this.#first;
      if (this.#slots.fires[slot] !== undefined) return;
      this.#first = this.#slots.words[(slot << WORDS) | NEXT] as number;
      this.#forget(slot);
    }
  }

  /** Frees all cancelled slots, in time proportional to what is pending. */
  #sweep(): void {
    const filter = (list: number): number => this.#withoutCancelled(list);
    this.#top = filter(this.#top);
    for (let level = 0; level < this.#depth; level++) (this.#rungs[level] as Rung).filter(filter);
    const rest = filter(this.#takeBottom());
    if (rest !== NONE) this.#appendUnsorted(rest);
  }

  #withoutCancelled(list: number): number {
    const { words, fires } = this.#slots;
    let kept = NONE;
    for (let slot = list, next = NONE; slot !== NONE; slot = next) {
      next = words[(slot << WORDS) | NEXT] as number;
      if (fires[slot] === undefined) this.#forget(slot);
      else {
        words[(slot << WORDS) | NEXT] = kept;
        kept = slot;
      }
    }
    return kept;
  }

  #forget(slot: number): void {
    this.#slots.release(slot);
    this.#removed++;
    this.#cancelled--;
  }

  /** Unique among 2^32 successive events, and random before that. */
  #drawOrder(permute: Random): number {
    return permute.integer(2 ** 20) * 2 ** 32 + (this.#inserted++ % 2 ** 32);
  }
}

function bucketOf(rung: Rung, time: number): number {
  return Math.min((time - rung.start) * rung.perNs, rung.last) | 0;
}

function addToBucket(rung: Rung, bucket: number, words: Int32Array, slot: number): void {
  const { heads, bits } = rung;
  words[(slot << WORDS) | NEXT] = heads[bucket] as number;
  heads[bucket] = slot;
  const word = bits + (bucket >>> 5);
  heads[word] = (heads[word] as number) | (1 << (bucket & 31));
}

function reachFor(count: number): number {
  return REACHES.find(({ countMax }) => count <= countMax)?.reach ?? REACH_BEYOND;
}
