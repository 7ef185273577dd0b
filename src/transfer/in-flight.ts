// The blocks that were given to a stream and not yet acknowledged. It keeps ranges, not contents: a lost block is read
// again, so that memory does not grow with the delay of the network.

import { assert } from '../core/assert.ts';
import type { BlockRange } from './work-list.ts';

interface Flight {
  readonly stream: number;
  readonly range: BlockRange;
}

export class InFlight {
  readonly #flights = new Map<number, Flight>();
  readonly #perStream: number[];
  readonly #blockSize: number;

  constructor(streams: number, blockSize: number) {
    this.#perStream = Array.from({ length: streams }, () => 0);
    this.#blockSize = blockSize;
  }

  get size(): number {
    return this.#flights.size;
  }

  /** Blocks in flight on one stream. */
  on(stream: number): number {
    return this.#perStream[stream] ?? 0;
  }

  add(stream: number, range: BlockRange): void {
    const key = keyOf(range.file, range.block);
    assert(!this.#flights.has(key), () => `block ${range.block} of file ${range.file} is in flight twice`);
    this.#flights.set(key, { stream, range });
    this.#perStream[stream] = this.on(stream) + 1;
  }

  /** The receiver stored [from, to) of the file. Calls `landed` for the stream of each block that was in flight. */
  acknowledge(file: number, from: number, to: number, landed: (stream: number) => void): void {
    for (let block = Math.floor(from / this.#blockSize); block * this.#blockSize < to; block++) {
      const key = keyOf(file, block);
      const flight = this.#flights.get(key);
      if (flight === undefined) continue;
      this.#remove(key, flight);
      landed(flight.stream);
    }
  }

  /** Takes out what is in flight on a stream: what was lost with it. */
  take(stream: number): BlockRange[] {
    const lost: BlockRange[] = [];
    for (const [key, flight] of this.#flights) {
      if (flight.stream !== stream) continue;
      lost.push(flight.range);
      this.#remove(key, flight);
    }
    return lost;
  }

  #remove(key: number, flight: Flight): void {
    this.#flights.delete(key);
    this.#perStream[flight.stream] = this.on(flight.stream) - 1;
  }
}

/** A transfer has far fewer than 2^32 blocks, and 2^21 files keep the key exact. */
const keyOf = (file: number, block: number): number => file * 0x100000000 + block;
