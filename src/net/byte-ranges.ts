// A set of stream offsets as disjoint ranges in rising order: what a receiver holds beyond the first hole. Ranges
// travel as flat arrays [start, end, start, end, …], each end exclusive.

import { assert } from '../core/assert.ts';

export type Ranges = readonly number[];

export const rangesLength = (ranges: Ranges): number => {
  let length = 0;
  for (let i = 0; i + 1 < ranges.length; i += 2) length += (ranges[i + 1] as number) - (ranges[i] as number);
  return length;
};

export class ByteRanges {
  #bounds: number[] = [];

  /** The ranges as they are now, of which the set makes no use any more when it changes. */
  get bounds(): Ranges {
    return this.#bounds;
  }

  get isEmpty(): boolean {
    return this.#bounds.length === 0;
  }

  add(start: number, end: number): void {
    assert(start <= end, () => `a range cannot end before it starts: ${start} to ${end}`);
    if (start === end) return;
    const old = this.#bounds;
    const next: number[] = [];
    let from = start;
    let to = end;
    let isPlaced = false;
    for (let i = 0; i + 1 < old.length; i += 2) {
      const a = old[i] as number;
      const b = old[i + 1] as number;
      if (b < from) next.push(a, b);
      else if (a > to) {
        if (!isPlaced) next.push(from, to);
        isPlaced = true;
        next.push(a, b);
      } else {
        from = Math.min(from, a);
        to = Math.max(to, b);
      }
    }
    if (!isPlaced) next.push(from, to);
    this.#bounds = next;
  }

  /** Takes out the range that begins at or before `offset`, and gives where it ends; `offset` itself when there is none. */
  takeFrom(offset: number): number {
    let reached = offset;
    let taken = 0;
    while (taken + 1 < this.#bounds.length && (this.#bounds[taken] as number) <= reached) {
      reached = Math.max(reached, this.#bounds[taken + 1] as number);
      taken += 2;
    }
    if (taken > 0) this.#bounds = this.#bounds.slice(taken);
    return reached;
  }
}
