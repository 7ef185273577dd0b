// One rung of the ladder: a span of time in buckets of equal width, each an unsorted list of slots, emptied from
// the left; a bit per bucket says which hold anything, so that empty ones cost next to nothing. What lies outside
// the span goes into the outermost buckets: the bucket of a time never decreases as time grows, whatever the
// rounding, so the order of buckets is an order of times. The queue fills and empties it; see there.

import { SLOT } from './slots.ts';

const NONE = SLOT.none;

const BUCKETS_AT_START = 64;

export class Rung {
  /** The heads of the buckets' lists, then, from `bits` on, the bits, 32 to a word. */
  heads = emptyHeads(BUCKETS_AT_START);
  bits = BUCKETS_AT_START;
  start = 0.5;
  perNs = 0.5;
  /** The last bucket, and the first that is not yet passed: times of earlier ones are refused. */
  last = 0;
  current = 0;

  /** Lays the rung out anew. It must be empty. */
  reset(start: number, width: number, buckets: number): void {
    if (buckets > this.bits) {
      this.bits = 2 ** Math.ceil(Math.log2(buckets));
      this.heads = emptyHeads(this.bits);
    }
    this.start = start;
    this.perNs = 1 / width;
    this.last = buckets - 1;
    this.current = 0;
  }

  /** Replaces the list of each bucket by what `filter` makes of it. */
  filter(filter: (head: number) => number): void {
    for (let bucket = this.current; bucket <= this.last; bucket++) {
      const head = this.heads[bucket] as number;
      if (head === NONE) continue;
      const kept = filter(head);
      this.heads[bucket] = kept;
      const word = this.bits + (bucket >>> 5);
      if (kept === NONE) this.heads[word] = (this.heads[word] as number) & ~(1 << (bucket & 31));
    }
  }
}

function emptyHeads(buckets: number): Int32Array {
  return new Int32Array(buckets + (buckets >>> 5)).fill(NONE, 0, buckets);
}
