// The data streams of a session at the receiver: which connection each has now, which were given up, and how many
// blocks came and are not stored yet.

import type { StreamGreeting } from './block-header.ts';
import { Bell } from './block-pool.ts';
import { TransferProtocolError } from './errors.ts';
import type { ReceiveStream } from './receive-stream.ts';

interface StreamSeat {
  current: ReceiveStream | null;
  /** Connections of an epoch before this one are refused: they were given up. */
  epochMin: number;
  /** Blocks that came and are not stored yet. */
  pending: number;
  /** Bytes of earlier connections. */
  receivedBefore: number;
}

export class StreamSeats {
  readonly #seats: readonly StreamSeat[];
  readonly #bell = new Bell();

  constructor(streams: number) {
    this.#seats = Array.from({ length: streams }, () => ({
      ...{ current: null, epochMin: 0, pending: 0, receivedBefore: 0 },
    }));
  }

  /** Bytes that came on each stream. */
  received(): number[] {
    return this.#seats.map((seat) => seat.receivedBefore + (seat.current?.received ?? 0));
  }

  /** False for a stream that is not of the session, has a connection, or gave this one up. */
  admits({ stream, epoch }: StreamGreeting): boolean {
    const seat = this.#seats[stream];
    return seat !== undefined && seat.current === null && epoch >= seat.epochMin;
  }

  /** Runs the connection in the seat of its stream; `broken` hears what broke it. */
  async run(stream: number, connection: ReceiveStream, broken: (error: unknown) => void): Promise<void> {
    const seat = this.#at(stream);
    seat.current = connection;
    try {
      await connection.run();
    } catch (error) {
      connection.abort();
      broken(error);
    } finally {
      seat.receivedBefore += connection.received;
      seat.current = null;
      this.#bell.ring();
    }
  }

  /** A block came, and is to be stored. */
  arrived(stream: number): void {
    this.#at(stream).pending++;
  }

  stored(stream: number): void {
    const seat = this.#at(stream);
    seat.pending--;
    if (seat.current === null) this.#bell.ring();
  }

  /** Gives up connections up to `epoch`, and waits until all that came on them is stored, or the session is over. */
  async settle(stream: number, epoch: number, isOver: () => boolean): Promise<void> {
    const seat = this.#at(stream);
    seat.epochMin = Math.max(seat.epochMin, epoch + 1);
    seat.current?.abort();
    while (!isOver() && (seat.current !== null || seat.pending > 0)) await this.#bell.wait();
  }

  /** Resolves when no stream has a connection. */
  async left(): Promise<void> {
    while (this.#seats.some((seat) => seat.current !== null)) await this.#bell.wait();
  }

  checkIdle(now: number, idleLimit: number): void {
    for (const seat of this.#seats) seat.current?.checkIdle(now, idleLimit);
  }

  abort(): void {
    for (const seat of this.#seats) seat.current?.abort();
  }

  /** The session is over: nobody waits on. */
  wake(): void {
    this.#bell.ring();
  }

  #at(stream: number): StreamSeat {
    const seat = this.#seats[stream];
    if (seat === undefined)
      throw new TransferProtocolError('expected a stream of the offer', `stream ${stream}`);
    return seat;
  }
}
