// Lists of slots: what the queue does with whole lists, away from its inner loops.

import { type EventSlots, SLOT } from './slots.ts';

const { none: NONE, numbers: NUMBERS, order: ORDER, words: WORDS, next: NEXT } = SLOT;

/** Above this length insertion sort is no longer the fastest. */
const INSERTION_SORT_MAX = 64;

export interface SortedList {
  first: number;
  last: number;
}

/** What a rung is laid out by. */
export interface Span {
  readonly count: number;
  readonly min: number;
  readonly max: number;
  readonly mean: number;
}

export function spanOf(slots: EventSlots, list: number): Span {
  const { numbers, words } = slots;
  let count = 0;
  let sum = 0;
  let min = Infinity;
  let max = -Infinity;
  for (let slot = list; slot !== NONE; slot = words[(slot << WORDS) | NEXT] as number) {
    const time = numbers[slot << NUMBERS] as number;
    count++;
    sum += time;
    if (time < min) min = time;
    if (time > max) max = time;
  }
  return { count, min, max, mean: sum / count };
}

/** Whether the list has more than `count` slots. */
export function isLonger(slots: EventSlots, list: number, count: number): boolean {
  const { words } = slots;
  let left = count;
  for (let slot = list; slot !== NONE; slot = words[(slot << WORDS) | NEXT] as number) {
    if (left-- === 0) return true;
  }
  return false;
}

/** Sorts by (time, order) into `sorted`, which is written to and not made, for it is needed every few events. */
export function sortList(slots: EventSlots, list: number, sorted: SortedList): void {
  if (isLonger(slots, list, INSERTION_SORT_MAX)) sortLong(slots, list, sorted);
  else sortShort(slots, list, sorted);
}

/** Insertion from the front: lists have their newest slot first, so that equal times walk past nobody. */
function sortShort(slots: EventSlots, list: number, sorted: SortedList): void {
  const { numbers, words } = slots;
  let first = list;
  let last = list;
  let slot = words[(list << WORDS) | NEXT] as number;
  words[(list << WORDS) | NEXT] = NONE;
  while (slot !== NONE) {
    const rest = words[(slot << WORDS) | NEXT] as number;
    const time = numbers[slot << NUMBERS] as number;
    const order = numbers[(slot << NUMBERS) | ORDER] as number;
    let before = NONE;
    let behind = first;
    while (behind !== NONE) {
      const other = numbers[behind << NUMBERS] as number;
      if (other > time || (other === time && (numbers[(behind << NUMBERS) | ORDER] as number) > order)) break;
      before = behind;
      behind = words[(behind << WORDS) | NEXT] as number;
    }
    words[(slot << WORDS) | NEXT] = behind;
    if (before === NONE) first = slot;
    else words[(before << WORDS) | NEXT] = slot;
    if (behind === NONE) last = slot;
    slot = rest;
  }
  sorted.first = first;
  sorted.last = last;
}

function sortLong(slots: EventSlots, list: number, sorted: SortedList): void {
  const { numbers, words } = slots;
  const all: number[] = [];
  for (let slot = list; slot !== NONE; slot = words[(slot << WORDS) | NEXT] as number) all.push(slot);
  const time = (slot: number): number => numbers[slot << NUMBERS] as number;
  const order = (slot: number): number => numbers[(slot << NUMBERS) | ORDER] as number;
  all.reverse().sort((a, b) => time(a) - time(b) || order(a) - order(b));
  all.forEach((slot, i) => {
    words[(slot << WORDS) | NEXT] = all[i + 1] ?? NONE;
  });
  sorted.first = all[0] ?? NONE;
  sorted.last = all.at(-1) ?? NONE;
}
