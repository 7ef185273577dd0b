// The receiving half of a connection: puts what arrives in order, keeps it until it is read, and says how far the
// other side may send. It acknowledges by what it returns; sending that is its owner's.

import { ByteRanges, type Ranges } from '../net/byte-ranges.ts';
import { type Chunk, joinChunks } from '../platform/chunk.ts';

export interface Acknowledgement {
  readonly cumulative: number;
  /** What has arrived beyond the first hole. */
  readonly received: Ranges;
  /** Free bytes of the receive buffer, from `cumulative` on. */
  readonly window: number;
}

/** Where the bytes of the stream are until they are acknowledged. */
export interface ByteSource {
  slices(from: number, to: number): Chunk[];
}

export class TcpReceiver {
  readonly #bufferBytes: number;
  readonly #source: ByteSource;
  readonly #early = new ByteRanges();
  readonly #ready: Chunk[] = [];
  #unread = 0;
  /** All before this offset has arrived. */
  #next = 0;
  #finAt = Infinity;
  #advertised: number;

  constructor(bufferBytes: number, source: ByteSource) {
    this.#bufferBytes = bufferBytes;
    this.#source = source;
    this.#advertised = bufferBytes;
  }

  /** In-order bytes so far. */
  get delivered(): number {
    return Math.min(this.#next, this.#finAt);
  }

  get hasData(): boolean {
    return this.#ready.length > 0;
  }

  /** Everything has been read, and the other side has ended. */
  get isAtEnd(): boolean {
    return this.#next > this.#finAt && this.#ready.length === 0;
  }

  /** The other side's FIN has arrived, with all before it. */
  get hasFin(): boolean {
    return this.#next > this.#finAt;
  }

  /** `finAt`: the offset of the FIN, which counts as a byte; Infinity while there is none. */
  arrive(ranges: Ranges, finAt: number): void {
    if (finAt < this.#finAt) this.#finAt = finAt;
    const before = this.#next;
    if (this.#early.isEmpty && ranges.length === 2 && (ranges[0] as number) <= before) {
      // Nothing is missing, as nearly always.
      this.#next = Math.max(before, ranges[1] as number);
    } else this.#insert(ranges);
    const end = this.delivered;
    const from = Math.min(before, this.#finAt);
    if (end > from) for (const piece of this.#source.slices(from, end)) this.#keep(piece);
  }

  #insert(ranges: Ranges): void {
    const before = this.#next;
    for (let i = 0; i + 1 < ranges.length; i += 2) {
      const start = Math.max(ranges[i] as number, before);
      const end = ranges[i + 1] as number;
      if (start < end) this.#early.add(start, end);
    }
    this.#next = this.#early.takeFrom(before);
  }

  /** What to tell the sender now. */
  acknowledgement(): Acknowledgement {
    const window = Math.max(0, this.#bufferBytes - this.#unread);
    this.#advertised = this.#next + window;
    return { cumulative: this.#next, received: this.#early.bounds, window };
  }

  /** The next piece; only when there is data. */
  take(): Chunk | undefined {
    const chunk = this.#ready.shift();
    if (chunk !== undefined) this.#unread -= chunk.length;
    return chunk;
  }

  /** Reading has opened the window so far that the sender should hear of it unasked (RFC 9293, section 3.8.6.2.2). */
  get owesWindow(): boolean {
    const edge = this.#next + this.#bufferBytes - this.#unread;
    return edge - this.#advertised >= this.#bufferBytes / WINDOW_UPDATES_PER_BUFFER;
  }

  drop(): void {
    this.#ready.length = 0;
    this.#unread = 0;
  }

  #keep(chunk: Chunk): void {
    this.#unread += chunk.length;
    const last = this.#ready.at(-1);
    const joined = last === undefined ? null : joinChunks(last, chunk);
    if (joined === null) this.#ready.push(chunk);
    else this.#ready[this.#ready.length - 1] = joined;
  }
}

/** Every read would be an event of its own otherwise; what arrives is acknowledged with the window of that time anyway. */
const WINDOW_UPDATES_PER_BUFFER = 4;
