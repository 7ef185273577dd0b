// One session of the receiver: an accepted offer, its streams, a writer for each disk, acknowledgements, verification.
//
//   streams ──(pool)──▶ queue of a disk ──▶ writer ──▶ content ──▶ acknowledger ──▶ control
//                                              └──▶ all there, checksum known ──▶ verifier ──▶ control
//
// It ends completed (the sender said goodbye), broken (a later session resumes), or failed.

import { NetworkError } from '../platform/errors.ts';
import type { Platform, Timer } from '../platform/platform.ts';
import { Acknowledger } from './acknowledger.ts';
import type { BlockHeader, StreamGreeting } from './block-header.ts';
import { BlockPool } from './block-pool.ts';
import type { ChunkReader } from './chunk-reader.ts';
import type { ControlChannel } from './control-channel.ts';
import { DiskQueues } from './disk-queues.ts';
import { TransferProtocolError } from './errors.ts';
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
import { SessionEnd } from './session-end.ts';
import { advance, isFinal, RECEIVE_TRANSITIONS, type ReceiveState } from './session-state.ts';
import { StreamSeats } from './stream-seats.ts';
import { aliveInterval, type TransferTimings } from './timings.ts';
import { Verifier } from './verifier.ts';

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

export class ReceiveSession {
  readonly #options: ReceiveSessionOptions;
  readonly #contents: ReceivedContent[] = [];
  readonly #verifier: Verifier;
  readonly #disks: DiskQueues;
  readonly #pool: BlockPool;
  readonly #seats: StreamSeats;
  readonly #acknowledger: Acknowledger;
  readonly #settling: Promise<void>[] = [];
  readonly #total: number;
  #state: ReceiveState = 'opening';
  readonly #end = new SessionEnd<ReceiveOutcome>({
    broken: (reason) => ({ kind: 'broken', reason }),
    failed: (reason) => ({ kind: 'failed', reason }),
    ended: (outcome) => this.#letAllEnd(outcome),
  });
  #watch: Timer | null = null;
  #doubledBytes = 0;
  #storedBytes = 0;
  #ended: Promise<ReceiveOutcome> | null = null;

  constructor(options: ReceiveSessionOptions) {
    const { offer, platform, timings, channel, blocks, diskOf } = options;
    this.#options = options;
    this.#pool = new BlockPool(blocks);
    const disks = offer.files.map((file) => diskOf(file.name));
    this.#disks = new DiskQueues(disks, this.#pool);
    this.#total = offer.files.reduce((sum, file) => sum + file.size, 0);
    this.#seats = new StreamSeats(offer.streams);
    this.#verifier = new Verifier({
      transfer: offer.transfer,
      contents: this.#contents,
      fileCount: offer.files.length,
      log: platform.log,
      say: (message) => channel.send(message),
      isOver: () => this.#end.isOver,
      corrupt: (name) => this.#end.fail(`${name} is corrupt`),
      done: () => this.#sayCompleted(),
    });
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
    return this.#seats.received();
  }

  /** Rejects on bugs only. */
  run(): Promise<ReceiveOutcome> {
    this.#ended ??= this.#run();
    return this.#ended;
  }

  /** Ends the session and waits until it let go of its files. */
  async end(reason: string): Promise<void> {
    this.#end.break(reason);
    await this.#ended;
  }

  /** Takes a connection of one of its streams; resolves when that is over. */
  async serve(greeting: StreamGreeting, reader: ChunkReader): Promise<void> {
    if (!this.#seats.admits(greeting) || this.#state !== 'receiving') return reader.connection.abort();
    await this.#seats.run(greeting.stream, this.#newStream(greeting, reader), (error) => {
      // The sender notices, asks what came, and connects again.
      if (!(error instanceof NetworkError)) this.#end.endBy(error);
    });
  }

  async #run(): Promise<ReceiveOutcome> {
    await this.#end.guard(this.#open());
    if (!this.#end.isOver) {
      this.#watchStreams();
      const writers = this.#disks.write((block) => this.#store(block));
      const tasks = [this.#listen(), this.#verifier.run(), ...writers];
      await Promise.all(tasks.map((task) => this.#end.guard(task)));
    }
    this.#watch?.cancel();
    this.#acknowledger.stop();
    await this.#seats.left();
    await Promise.all(this.#settling);
    await this.#letGo();
    return this.#end.result();
  }

  async #open(): Promise<void> {
    const { offer, openContent, channel } = this.#options;
    for (const file of offer.files) {
      const content = await openContent(file);
      this.#contents.push(content);
      this.#storedBytes += content.held.covered;
    }
    if (this.#end.isOver) return;
    this.#state = advance(RECEIVE_TRANSITIONS, this.#state, 'receiving');
    await channel.send({ kind: 'accepted', held: this.#held() });
  }

  /** Cut to what one message may carry: what is left out is sent again, and counted as doubled. */
  #held(): FileRanges {
    let left: number = LIMITS.rangesMax;
    return this.#contents.flatMap((content, file) => {
      const ranges = content.held.pairs().slice(0, left);
      left -= ranges.length;
      return ranges.length === 0 ? [] : [{ file, ranges }];
    });
  }

  async #listen(): Promise<void> {
    const { channel } = this.#options;
    while (!this.#end.isOver) {
      const message = await channel.receive();
      if (message === null) return this.#end.break('the sender closed the connection');
      this.#handle(message);
    }
  }

  #handle(message: SenderMessage): void {
    switch (message.kind) {
      case 'alive':
        return;
      case 'stream-lost':
        this.#settling.push(this.#end.guard(this.#settle(message.stream, message.epoch)));
        return;
      case 'checksum':
        return this.#verifier.expect(message.file, message.checksum);
      case 'goodbye':
        if (!this.#verifier.isDone)
          throw new TransferProtocolError('expected goodbye after all was verified', message.kind);
        return this.#end.finish({ kind: 'completed' });
      case 'failed':
        return this.#end.fail(`the sender failed: ${message.reason}`);
      case 'offer':
        throw new TransferProtocolError('expected one offer a session', message.kind);
    }
  }

  /** Answers once everything that came on the given-up connection is stored and acknowledged. */
  async #settle(stream: number, epoch: number): Promise<void> {
    await this.#seats.settle(stream, epoch, () => this.#end.isOver);
    if (this.#end.isOver) return;
    this.#acknowledger.flush();
    await this.#options.channel.send({ kind: 'stream-settled', stream, epoch });
  }

  #newStream(greeting: StreamGreeting, reader: ChunkReader): ReceiveStream {
    return new ReceiveStream({
      stream: greeting.stream,
      epoch: greeting.epoch,
      session: greeting.session,
      reader,
      pool: this.#pool,
      check: (header) => this.#check(header),
      accept: (block) => {
        this.#seats.arrived(block.stream);
        this.#disks.add(block);
      },
    });
  }

  #check({ file, offset, length }: BlockHeader): void {
    const { files, blockSize } = this.#options.offer;
    const size = files[file]?.size ?? -1;
    if (offset % blockSize === 0 && offset < size && length === Math.min(blockSize, size - offset)) return;
    throw new TransferProtocolError('expected a block of the offer', `file ${file}: ${length} at ${offset}`);
  }

  async #store({ stream, file, offset, runs, length }: ReceivedBlock): Promise<void> {
    const content = this.#contents[file];
    if (content === undefined) return;
    if (content.held.has(offset, offset + length)) this.#doubledBytes += length;
    else {
      await content.write(offset, runs);
      this.#storedBytes += length;
      this.#options.meter?.count(`${this.transfer}/${content.name}`, stream, offset, offset + length);
    }
    this.#seats.stored(stream);
    if (this.#end.isOver) return;
    this.#acknowledger.add(file, offset, offset + length);
    this.#options.onProgress(this.transfer, this.#storedBytes, this.#total);
    this.#verifier.look(file);
  }

  async #sayCompleted(): Promise<void> {
    this.#acknowledger.flush();
    const lostBytes = this.#contents.reduce((sum, content) => sum + content.size - content.held.covered, 0);
    await this.#options.channel.send({ kind: 'completed', lostBytes, doubledBytes: this.#doubledBytes });
  }

  #watchStreams(): void {
    const { platform, timings } = this.#options;
    this.#watch = platform.clock.timer(aliveInterval(timings), () => {
      this.#seats.checkIdle(platform.clock.now(), timings.idleLimit);
      if (!this.#end.isOver) this.#watchStreams();
    });
  }

  /** Every task ends by itself after this. */
  #letAllEnd(outcome: ReceiveOutcome): void {
    const wasOpening = this.#state === 'opening';
    if (!isFinal(RECEIVE_TRANSITIONS, this.#state))
      this.#state = advance(RECEIVE_TRANSITIONS, this.#state, outcome.kind);
    const { channel } = this.#options;
    if (outcome.kind === 'failed') {
      const reason = clipReason(outcome.reason);
      channel.send({ kind: wasOpening ? 'refused' : 'failed', reason }).catch(() => {});
    }
    this.#disks.close();
    this.#verifier.close();
    this.#pool.close();
    if (outcome.kind !== 'completed') this.#seats.abort();
    if (outcome.kind === 'broken') channel.abort(new Error(outcome.reason));
    else channel.end().catch(() => {});
    this.#seats.wake();
  }

  async #letGo(): Promise<void> {
    for (const content of this.#contents) {
      await this.#end.guard(content.close());
      if (this.#end.outcome?.kind === 'completed') await this.#end.guard(content.forget());
    }
  }
}
