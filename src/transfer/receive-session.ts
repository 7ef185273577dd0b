// One session of the receiver: an accepted offer, its streams, a writer for each disk, acknowledgements, verification.
//
//   streams ──(pool)──▶ queue of a disk ──▶ writer ──▶ content ──▶ acknowledger ──▶ control
//                                              └──▶ all there, checksum known ──▶ verifier ──▶ control
//
// It ends completed (the sender said goodbye), broken (a later session resumes), or failed.

import { Mailbox } from '../core/mailbox.ts';
import { CancelledError, NetworkError, StoreError, TimeoutError } from '../platform/errors.ts';
import type { Platform, Timer } from '../platform/platform.ts';
import { Acknowledger } from './acknowledger.ts';
import type { BlockHeader, StreamGreeting } from './block-header.ts';
import { Bell, BlockPool } from './block-pool.ts';
import type { ChunkReader } from './chunk-reader.ts';
import type { ControlChannel } from './control-channel.ts';
import { TransferProtocolError, TransferRefusedError, TransferSourceError } from './errors.ts';
import {
  clipReason,
  type FileRanges,
  LIMITS,
  type Offer,
  type ReceiverMessage,
  type SenderMessage,
} from './messages.ts';
import type { Meter } from './meter.ts';
import { type ReceivedBlock, ReceiveStream } from './receive-stream.ts';
import type { ReceivedContent } from './received-content.ts';
import { advance, isFinal, RECEIVE_TRANSITIONS, type ReceiveState } from './session-state.ts';
import { aliveInterval, type TransferTimings } from './timings.ts';

export interface ReceiveSessionOptions {
  readonly platform: Platform;
  readonly channel: ControlChannel<SenderMessage, ReceiverMessage>;
  readonly offer: Offer;
  readonly timings: TransferTimings;
  readonly blocks: number;
  readonly meter: Meter | null;
  readonly diskOf: (file: string) => string;
  /** Throws `TransferRefusedError` when a file of the offer cannot be taken. */
  readonly openContent: (file: Offer['files'][number]) => Promise<ReceivedContent>;
  readonly onProgress: (transfer: string, stored: number, total: number) => void;
}

export type ReceiveOutcome =
  | { readonly kind: 'completed' }
  | { readonly kind: 'broken'; readonly reason: string }
  | { readonly kind: 'failed'; readonly reason: string };

interface StreamSeat {
  current: ReceiveStream | null;
  /** Connections of an epoch before this one are refused: they were given up. */
  epochMin: number;
  /** Blocks that came and are not stored yet. */
  pending: number;
  /** Bytes of earlier connections. */
  receivedBefore: number;
}

export class ReceiveSession {
  readonly #options: ReceiveSessionOptions;
  readonly #contents: ReceivedContent[] = [];
  readonly #checksums = new Map<number, string>();
  readonly #verifying: Mailbox<number>;
  readonly #isVerifying = new Set<number>();
  readonly #verified = new Set<number>();
  readonly #queues = new Map<string, Mailbox<ReceivedBlock>>();
  readonly #pool: BlockPool;
  readonly #bell = new Bell();
  readonly #seats: StreamSeat[];
  readonly #acknowledger: Acknowledger;
  readonly #settling: Promise<void>[] = [];
  readonly #total: number;
  #state: ReceiveState = 'opening';
  #outcome: ReceiveOutcome | null = null;
  #bug: unknown = null;
  #watch: Timer | null = null;
  #doubledBytes = 0;
  #storedBytes = 0;
  #ended: Promise<ReceiveOutcome> | null = null;

  constructor(options: ReceiveSessionOptions) {
    const { offer, platform, timings, channel, blocks } = options;
    this.#options = options;
    this.#pool = new BlockPool(blocks);
    this.#verifying = new Mailbox(offer.files.length);
    this.#total = offer.files.reduce((sum, file) => sum + file.size, 0);
    this.#seats = Array.from({ length: offer.streams }, () => ({
      current: null,
      epochMin: 0,
      pending: 0,
      receivedBefore: 0,
    }));
    this.#acknowledger = new Acknowledger(platform.clock, timings, (files) =>
      channel.send({ kind: 'stored', files, doubledBytes: this.#doubledBytes }),
    );
  }

  get transfer(): string {
    return this.#options.offer.transfer;
  }

  /** Names, sizes and checksums, once completed. */
  get files(): readonly { name: string; size: number; checksum: string }[] {
    return this.#contents.map(({ name, size, checksum }) => ({ name, size, checksum: checksum ?? '' }));
  }

  /** Whether both would write a file of one name. */
  shares(offer: Offer): boolean {
    if (offer.memory !== null || this.#options.offer.memory !== null) return false;
    const names = new Set(offer.files.map((file) => file.name));
    return this.#options.offer.files.some((file) => names.has(file.name));
  }

  /** Bytes that came on each stream, for the sender to tell a slow one from a dead one. */
  received(): number[] {
    return this.#seats.map((seat) => seat.receivedBefore + (seat.current?.received ?? 0));
  }

  /** Rejects on bugs only. */
  run(): Promise<ReceiveOutcome> {
    this.#ended ??= this.#run();
    return this.#ended;
  }

  /** Ends the session and waits until it let go of its files. */
  async end(reason: string): Promise<void> {
    this.#finish({ kind: 'broken', reason });
    await this.#ended;
  }

  /** Takes a connection of one of its streams; resolves when that is over. */
  async serve(greeting: StreamGreeting, reader: ChunkReader): Promise<void> {
    const seat = this.#seats[greeting.stream];
    if (
      seat === undefined ||
      seat.current !== null ||
      greeting.epoch < seat.epochMin ||
      this.#state !== 'receiving'
    )
      return reader.connection.abort();
    const stream = this.#newStream(seat, greeting, reader);
    seat.current = stream;
    try {
      await stream.run();
    } catch (error) {
      stream.abort();
      // The sender notices, asks what came, and connects again.
      if (!(error instanceof NetworkError)) this.#endBy(error);
    } finally {
      seat.receivedBefore += stream.received;
      seat.current = null;
      this.#bell.ring();
    }
  }

  async #run(): Promise<ReceiveOutcome> {
    await this.#guard(this.#open());
    if (this.#outcome === null) {
      this.#watchStreams();
      const writers = [...this.#queues.values()].map((queue) => this.#write(queue));
      const tasks = [this.#listen(), this.#verify(), ...writers];
      await Promise.all(tasks.map((task) => this.#guard(task)));
    }
    this.#watch?.cancel();
    this.#acknowledger.stop();
    while (this.#seats.some((seat) => seat.current !== null)) await this.#bell.wait();
    await Promise.all(this.#settling);
    await this.#letGo();
    if (this.#bug !== null) throw this.#bug;
    return this.#outcome ?? { kind: 'broken', reason: 'the session ended without an outcome' };
  }

  async #open(): Promise<void> {
    const { offer, openContent, channel, diskOf, blocks } = this.#options;
    for (const file of offer.files) {
      const content = await openContent(file);
      this.#contents.push(content);
      this.#storedBytes += content.covered;
      const disk = diskOf(file.name);
      if (!this.#queues.has(disk)) this.#queues.set(disk, new Mailbox(blocks));
    }
    if (this.#outcome !== null) return;
    this.#state = advance(RECEIVE_TRANSITIONS, this.#state, 'receiving');
    await channel.send({ kind: 'accepted', held: this.#held() });
  }

  /** Cut to what one message may carry: what is left out is sent again, and counted as doubled. */
  #held(): FileRanges {
    let left: number = LIMITS.rangesMax;
    return this.#contents.flatMap((content, file) => {
      const ranges = content.ranges().slice(0, left);
      left -= ranges.length;
      return ranges.length === 0 ? [] : [{ file, ranges }];
    });
  }

  async #listen(): Promise<void> {
    const { channel } = this.#options;
    while (this.#outcome === null) {
      const message = await channel.receive();
      if (message === null)
        return this.#finish({ kind: 'broken', reason: 'the sender closed the connection' });
      this.#handle(message);
    }
  }

  #handle(message: SenderMessage): void {
    switch (message.kind) {
      case 'alive':
        return;
      case 'stream-lost':
        this.#settling.push(this.#guard(this.#settle(message.stream, message.epoch)));
        return;
      case 'checksum':
        if (message.file >= this.#contents.length)
          throw new TransferProtocolError('expected a file of the offer', `file ${message.file}`);
        this.#checksums.set(message.file, message.checksum);
        return this.#verifyIfReady(message.file);
      case 'goodbye':
        if (this.#verified.size < this.#contents.length)
          throw new TransferProtocolError('expected goodbye after all was verified', message.kind);
        return this.#finish({ kind: 'completed' });
      case 'failed':
        return this.#finish({ kind: 'failed', reason: `the sender failed: ${message.reason}` });
      case 'offer':
        throw new TransferProtocolError('expected one offer a session', message.kind);
    }
  }

  /** Answers once everything that came on the given-up connection is stored and acknowledged. */
  async #settle(stream: number, epoch: number): Promise<void> {
    const seat = this.#seats[stream];
    if (seat === undefined)
      throw new TransferProtocolError('expected a stream of the offer', `stream ${stream}`);
    seat.epochMin = Math.max(seat.epochMin, epoch + 1);
    seat.current?.abort();
    while (this.#outcome === null && (seat.current !== null || seat.pending > 0)) await this.#bell.wait();
    if (this.#outcome !== null) return;
    this.#acknowledger.flush();
    await this.#options.channel.send({ kind: 'stream-settled', stream, epoch });
  }

  #newStream(seat: StreamSeat, greeting: StreamGreeting, reader: ChunkReader): ReceiveStream {
    return new ReceiveStream({
      stream: greeting.stream,
      epoch: greeting.epoch,
      session: greeting.session,
      reader,
      pool: this.#pool,
      check: (header) => this.#check(header),
      accept: (block) => {
        seat.pending++;
        this.#queueOf(block.file)?.offer(block);
      },
    });
  }

  #check({ file, offset, length }: BlockHeader): void {
    const { files, blockSize } = this.#options.offer;
    const size = files[file]?.size ?? -1;
    if (offset % blockSize === 0 && offset < size && length === Math.min(blockSize, size - offset)) return;
    throw new TransferProtocolError('expected a block of the offer', `file ${file}: ${length} at ${offset}`);
  }

  #queueOf(file: number): Mailbox<ReceivedBlock> | undefined {
    return this.#queues.get(this.#options.diskOf(this.#options.offer.files[file]?.name ?? ''));
  }

  /** What was taken off the network is stored even when the session is over: the next one resumes from there. */
  async #write(queue: Mailbox<ReceivedBlock>): Promise<void> {
    for (let block = await queue.take(); block !== null; block = await queue.take()) {
      try {
        await this.#store(block);
      } finally {
        this.#pool.give();
      }
    }
  }

  async #store({ stream, file, offset, runs, length }: ReceivedBlock): Promise<void> {
    const content = this.#contents[file];
    const seat = this.#seats[stream];
    if (content === undefined || seat === undefined) return;
    if (content.has(offset, length)) this.#doubledBytes += length;
    else {
      await content.write(offset, runs);
      this.#storedBytes += length;
      this.#options.meter?.count(`${this.transfer}/${content.name}`, stream, offset, offset + length);
    }
    seat.pending--;
    if (seat.current === null) this.#bell.ring();
    if (this.#outcome !== null) return;
    this.#acknowledger.add(file, offset, offset + length);
    this.#options.onProgress(this.transfer, this.#storedBytes, this.#total);
    this.#verifyIfReady(file);
  }

  #verifyIfReady(file: number): void {
    const content = this.#contents[file];
    if (content === undefined || content.covered < content.size || !this.#checksums.has(file)) return;
    if (this.#isVerifying.has(file)) return;
    this.#isVerifying.add(file);
    this.#verifying.offer(file);
  }

  async #verify(): Promise<void> {
    for (let file = await this.#verifying.take(); file !== null; file = await this.#verifying.take()) {
      if (this.#outcome !== null) return;
      if (!(await this.#verifyFile(file))) return;
      if (this.#verified.size < this.#contents.length) continue;
      this.#acknowledger.flush();
      const lostBytes = this.#contents.reduce((sum, content) => sum + content.size - content.covered, 0);
      await this.#options.channel.send({ kind: 'completed', lostBytes, doubledBytes: this.#doubledBytes });
    }
  }

  async #verifyFile(file: number): Promise<boolean> {
    const { channel, platform } = this.#options;
    const content = this.#contents[file];
    const checksum = this.#checksums.get(file) ?? '';
    if (content === undefined) return false;
    const { name, size } = content;
    const isRepeated = content.checksum !== null;
    const isIntact = await content.verify(checksum);
    const record = { transfer: this.transfer, file: name, size, checksum };
    if (!isRepeated) platform.log.record(isIntact ? 'file.verified' : 'file.corrupt', record);
    if (!isIntact) {
      // The sender learns which file; what it sent of it is gone, so that a new transfer begins it afresh.
      await channel.send({ kind: 'corrupt', file, checksum });
      this.#finish({ kind: 'failed', reason: `${name} is corrupt` });
      return false;
    }
    this.#verified.add(file);
    await channel.send({ kind: 'verified', file, checksum });
    return true;
  }

  #watchStreams(): void {
    const { platform, timings } = this.#options;
    this.#watch = platform.clock.timer(aliveInterval(timings), () => {
      for (const seat of this.#seats) seat.current?.checkIdle(platform.clock.now(), timings.idleLimit);
      if (this.#outcome === null) this.#watchStreams();
    });
  }

  async #guard(task: Promise<void>): Promise<void> {
    try {
      await task;
    } catch (error) {
      this.#endBy(error);
    }
  }

  #endBy(error: unknown): void {
    if (isBreak(error)) this.#finish({ kind: 'broken', reason: error.message });
    else {
      if (!isFailure(error)) this.#bug ??= error;
      this.#finish({ kind: 'failed', reason: error instanceof Error ? error.message : String(error) });
    }
  }

  /** The first outcome counts; every task ends by itself after it. */
  #finish(outcome: ReceiveOutcome): void {
    if (this.#outcome !== null) return;
    const wasOpening = this.#state === 'opening';
    this.#outcome = outcome;
    if (!isFinal(RECEIVE_TRANSITIONS, this.#state))
      this.#state = advance(RECEIVE_TRANSITIONS, this.#state, outcome.kind);
    const { channel } = this.#options;
    if (outcome.kind === 'failed') {
      const reason = clipReason(outcome.reason);
      channel.send({ kind: wasOpening ? 'refused' : 'failed', reason }).catch(() => {});
    }
    for (const queue of this.#queues.values()) queue.close();
    this.#verifying.close();
    this.#pool.close();
    if (outcome.kind !== 'completed') for (const seat of this.#seats) seat.current?.abort();
    if (outcome.kind === 'broken') channel.abort(new Error(outcome.reason));
    else channel.end().catch(() => {});
    this.#bell.ring();
  }

  async #letGo(): Promise<void> {
    for (const content of this.#contents) {
      await this.#guard(content.close());
      if (this.#outcome?.kind === 'completed') await this.#guard(content.forget());
    }
  }
}

const isBreak = (error: unknown): error is Error =>
  error instanceof NetworkError || error instanceof TimeoutError || error instanceof CancelledError;

const isFailure = (error: unknown): error is Error =>
  error instanceof StoreError ||
  error instanceof TransferProtocolError ||
  error instanceof TransferRefusedError ||
  error instanceof TransferSourceError;
