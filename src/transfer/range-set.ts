// The bytes of a file that are known to be there, as disjoint half-open intervals in order. Adding tells how many bytes
// were new, so that doubled bytes (added minus new) and lost bytes (size minus covered) are counted, not guessed.

import { assert } from '../core/assert.ts';

export type Range = readonly [from: number, to: number];

export class RangeSet {
  readonly #starts: number[] = [];
  readonly #ends: number[] = [];
  #covered = 0;

  constructor(ranges: Iterable<Range> = []) {
    for (const [from, to] of ranges) this.add(from, to);
  }

  /** Bytes in the set. */
  get covered(): number {
    return this.#covered;
  }

  /** Disjoint intervals it takes to say so. */
  get size(): number {
    return this.#starts.length;
  }

  /** Adds [from, to) and returns how many of its bytes were not there before. */
  add(from: number, to: number): number {
    assert(
      from >= 0 && from <= to && Number.isSafeInteger(to),
      () => `a range is ordered and whole, got ${from}..${to}`,
    );
    if (from === to) return 0;
    const first = this.#firstEndingFrom(from);
    let last = first;
    let start = from;
    let end = to;
    let already = 0;
    for (; last < this.#starts.length && this.#start(last) <= to; last++) {
      already += this.#end(last) - this.#start(last);
      start = Math.min(start, this.#start(last));
      end = Math.max(end, this.#end(last));
    }
    if (last === first + 1) this.#replace(first, start, end);
    else this.#splice(first, last - first, start, end);
    const added = end - start - already;
    this.#covered += added;
    return added;
  }

  has(from: number, to: number): boolean {
    if (from >= to) return true;
    const at = this.#firstEndingFrom(from);
    return at < this.#starts.length && this.#start(at) <= from && this.#end(at) >= to;
  }

  /** The intervals in order; a copy. */
  pairs(): [from: number, to: number][] {
    return this.#starts.map((start, i) => [start, this.#end(i)]);
  }

  /** Index of the first interval that ends at or after `position`: the first that could touch what begins there. */
  #firstEndingFrom(position: number): number {
    let low = 0;
    let high = this.#ends.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#end(middle) < position) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #replace(at: number, start: number, end: number): void {
    this.#starts[at] = start;
    this.#ends[at] = end;
  }

  #splice(at: number, count: number, start: number, end: number): void {
    this.#starts.splice(at, count, start);
    this.#ends.splice(at, count, end);
  }

  #start(i: number): number {
    return this.#starts[i] as number;
  }

  #end(i: number): number {
    return this.#ends[i] as number;
  }
}

/** The whole blocks inside `ranges`, as ranges: what a session with this block size can call held. */
export function wholeBlocks(ranges: readonly Range[], blockSize: number, size: number): Range[] {
  const whole: Range[] = [];
  for (const [from, to] of ranges) {
    const start = Math.ceil(from / blockSize) * blockSize;
    const end = to >= size ? size : Math.floor(to / blockSize) * blockSize;
    if (start < end) whole.push([start, end]);
  }
  return whole;
}
