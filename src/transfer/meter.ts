// Counts what a transfer delivered: each useful byte once, however often it came, also across sessions and restarts of
// the receiver. Given from outside, so that whoever samples the goodput holds it.

import { RangeSet } from './range-set.ts';

export class Meter {
  readonly #files = new Map<string, RangeSet>();
  /** Useful bytes written at the receiver by each stream. */
  readonly perStream: number[] = [];
  #delivered = 0;

  /** Useful bytes written at the receiver. */
  get delivered(): number {
    return this.#delivered;
  }

  count(file: string, stream: number, from: number, to: number): void {
    let ranges = this.#files.get(file);
    if (ranges === undefined) {
      ranges = new RangeSet();
      this.#files.set(file, ranges);
    }
    const added = ranges.add(from, to);
    this.#delivered += added;
    while (this.perStream.length <= stream) this.perStream.push(0);
    this.perStream[stream] = (this.perStream[stream] ?? 0) + added;
  }
}
