// One side of the control connection: lines out, lines in, and the watch over its silence. It says `alive` when there is
// nothing else to say, and drops the connection when the other side says nothing for the idle limit.

import { formatDuration } from '../core/time.ts';
import { isBytes } from '../platform/chunk.ts';
import { TimeoutError } from '../platform/errors.ts';
import { LineFramer } from '../platform/json-lines.ts';
import { type Clock, formatAddress, type Timer } from '../platform/platform.ts';
import type { ChunkReader } from './chunk-reader.ts';
import { TransferProtocolError } from './errors.ts';
import {
  formatMessage,
  LIMITS,
  protocolFault,
  type ReceiverMessage,
  type SenderMessage,
} from './messages.ts';
import { aliveInterval, type TransferTimings } from './timings.ts';

export interface ControlChannelOptions<In, Out> {
  readonly clock: Pick<Clock, 'now' | 'timer'>;
  readonly reader: ChunkReader;
  readonly timings: TransferTimings;
  readonly parse: (line: string) => In;
  /** What to say when there is nothing else to say; called at each look at the silence. */
  readonly alive: () => Out;
}

export class ControlChannel<In, Out extends SenderMessage | ReceiverMessage> {
  readonly #options: ControlChannelOptions<In, Out>;
  readonly #framer = new LineFramer(LIMITS.lineBytesMax, protocolFault);
  readonly #lines: string[] = [];
  #writing: Promise<void> = Promise.resolve();
  #timer: Timer | null = null;
  #heardAt: number;
  #silence: TimeoutError | null = null;
  #isClosed = false;

  constructor(options: ControlChannelOptions<In, Out>) {
    this.#options = options;
    this.#heardAt = options.clock.now();
    this.#watch();
  }

  /** Messages go out in the order of the calls; resolves when this one is on its way. */
  send(message: Out): Promise<void> {
    const line = formatMessage(message);
    this.#writing = this.#writing.then(() => this.#options.reader.connection.write(line));
    return this.#writing;
  }

  /** The next message, null after the other side's end. Rejects with what broke: network, silence or protocol. */
  async receive(): Promise<In | null> {
    for (;;) {
      const line = this.#lines.shift();
      if (line !== undefined) return this.#options.parse(line);
      const chunk = await this.#read();
      if (chunk === null) return null;
      if (!isBytes(chunk)) throw new TransferProtocolError('expected a message', 'synthetic data');
      this.#heardAt = this.#options.clock.now();
      this.#lines.push(...this.#framer.push(chunk));
    }
  }

  /** Ends this side after what was sent; the other side may still speak. */
  async end(): Promise<void> {
    this.#stopWatch();
    await this.#writing.catch(() => {});
    await this.#options.reader.connection.end().catch(() => {});
  }

  abort(cause?: Error): void {
    this.#stopWatch();
    this.#options.reader.connection.abort(cause);
  }

  async #read() {
    try {
      return await this.#options.reader.next(READ_BYTES_MAX);
    } catch (error) {
      throw this.#silence ?? error;
    }
  }

  #watch(): void {
    if (this.#isClosed) return;
    const { clock, timings, reader } = this.#options;
    this.#timer = clock.timer(aliveInterval(timings), () => {
      if (clock.now() - this.#heardAt >= timings.idleLimit) {
        this.#silence = new TimeoutError(
          `transfer control of ${formatAddress(reader.connection.remote)}`,
          formatDuration(timings.idleLimit),
        );
        this.abort(this.#silence);
        return;
      }
      // A failed write shows as a failed read, too.
      this.send(this.#options.alive()).catch(() => {});
      this.#watch();
    });
  }

  #stopWatch(): void {
    this.#isClosed = true;
    this.#timer?.cancel();
  }
}

/** So that a flood of short lines is taken in portions. */
const READ_BYTES_MAX = 64 * 2 ** 10;
