// One data stream of the sender: takes whatever block is next, and connects again when its connection breaks. What was
// lost with a connection is asked of the receiver, through the session, before the stream goes on.

import type { Mailbox } from '../core/mailbox.ts';
import { formatDuration, type Instant } from '../core/time.ts';
import type { Chunk } from '../platform/chunk.ts';
import { withDeadline } from '../platform/deadline.ts';
import { CancelledError, TimeoutError } from '../platform/errors.ts';
import { type Connection, formatAddress, type Platform } from '../platform/platform.ts';
import { formatBlockHeader, formatStreamGreeting } from './block-header.ts';
import type { BlockPool } from './block-pool.ts';
import { isBreak } from './errors.ts';
import type { InFlight } from './in-flight.ts';
import type { Outgoing } from './outgoing.ts';
import { backoffBefore } from './timings.ts';
import type { BlockRange } from './work-list.ts';

/** A block in memory: it holds a place in the pool until it was written. */
export interface Block {
  readonly range: BlockRange;
  readonly runs: readonly Chunk[];
}

export interface SendStreamOptions {
  readonly platform: Platform;
  readonly outgoing: Outgoing;
  readonly session: number;
  readonly stream: number;
  readonly queue: Mailbox<Block>;
  readonly pool: BlockPool;
  readonly inFlight: InFlight;
  /** The session is over, for better or worse. */
  readonly signal: AbortSignal;
  /** Resolves once it is known what the receiver has of this stream's blocks, and the others are to be read again. */
  readonly settle: (stream: number, epoch: number) => Promise<void>;
}

export class SendStream {
  readonly #options: SendStreamOptions;
  #connection: Connection | null = null;
  #epoch = 0;
  #attempts = 0;
  #movedAt: Instant;
  #received = 0;

  constructor(options: SendStreamOptions) {
    this.#options = options;
    this.#movedAt = options.platform.clock.now();
  }

  /** Ends when the session does, or when attempts in a row failed without progress. Rejects on bugs only. */
  async run(): Promise<void> {
    const { platform, outgoing, signal, stream, settle } = this.#options;
    const { timings, transfer } = outgoing.options;
    for (;;) {
      const reason = await this.#connectAndSend();
      if (reason === null || signal.aborted) return;
      platform.log.record('stream.broken', { transfer, stream, reason });
      await settle(stream, this.#epoch);
      if (++this.#attempts >= timings.streamAttemptsMax) return;
      if (!(await this.#pause())) return;
      this.#epoch++;
    }
  }

  /** A block of this stream was stored. */
  landed(): void {
    this.#attempts = 0;
    this.#movedAt = this.#options.platform.clock.now();
  }

  /** The receiver saw so many bytes of this stream so far. */
  saw(received: number): void {
    if (received > this.#received) this.#movedAt = this.#options.platform.clock.now();
    this.#received = received;
  }

  /** Drops the connection when blocks are in flight and nothing moved for the idle limit. */
  checkIdle(): void {
    const { platform, outgoing, inFlight, stream } = this.#options;
    const { idleLimit } = outgoing.options.timings;
    if (this.#connection === null || inFlight.on(stream) === 0) return;
    if (platform.clock.now() - this.#movedAt < idleLimit) return;
    this.abort(new TimeoutError(`stream ${stream}`, formatDuration(idleLimit)));
  }

  abort(cause: Error): void {
    this.#connection?.abort(cause);
  }

  /** Null after an end in order, otherwise why it broke. */
  async #connectAndSend(): Promise<string | null> {
    try {
      const connection = await this.#connect();
      this.#connection = connection;
      await this.#sendBlocks(connection);
      await connection.end();
      return null;
    } catch (error) {
      if (isBreak(error)) return reasonOf(error);
      throw error;
    } finally {
      this.#connection = null;
    }
  }

  async #connect(): Promise<Connection> {
    const { platform, outgoing, session, stream, signal } = this.#options;
    const { to, timings, transfer } = outgoing.options;
    const connection = await withDeadline(
      platform.clock,
      timings.connectLimit,
      `connect stream ${stream} to ${formatAddress(to)}`,
      (either) => platform.network.connect(to, either),
      signal,
    );
    this.#movedAt = platform.clock.now();
    platform.log.record('stream.opened', { transfer, stream });
    await connection.write(formatStreamGreeting({ session, stream, epoch: this.#epoch }));
    return connection;
  }

  async #sendBlocks(connection: Connection): Promise<void> {
    const { queue, pool, signal } = this.#options;
    for (let sequence = 0; ; sequence++) {
      const block = await queue.take();
      if (block === null || signal.aborted) return;
      try {
        await this.#sendBlock(connection, block, sequence);
      } finally {
        pool.give();
      }
    }
  }

  async #sendBlock(connection: Connection, { range, runs }: Block, sequence: number): Promise<void> {
    const { outgoing, inFlight, session, stream, signal, platform } = this.#options;
    const wait = outgoing.options.rateLimit?.take(range.length, signal);
    if (wait !== undefined) await wait;
    if (inFlight.on(stream) === 0) this.#movedAt = platform.clock.now();
    inFlight.add(stream, range);
    const { file, offset, length } = range;
    await connection.write(formatBlockHeader({ session, file, offset, length, sequence }));
    for (const run of runs) await connection.write(run);
  }

  /** False when the session ended meanwhile. */
  async #pause(): Promise<boolean> {
    const { platform, outgoing, signal } = this.#options;
    try {
      await platform.clock.sleep(backoffBefore(this.#attempts, outgoing.options.timings), signal);
      return true;
    } catch (error) {
      if (error instanceof CancelledError) return false;
      throw error;
    }
  }
}

/** An aborted connection tells why it was aborted. */
const reasonOf = (error: Error): string =>
  error.cause instanceof Error ? error.cause.message : error.message;
