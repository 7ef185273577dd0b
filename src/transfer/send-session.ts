// One session of the sender: a control connection, the streams, and a reader for each disk.
//
//   disk readers ──(pool)──▶ queue ──▶ streams ══▶ receiver
//        ▲                                │
//        └── work list ◀── lost blocks ◀──┴── in flight ◀── acknowledgements (control)
//
// It ends completed, failed, or broken: broken is worth another session, which resumes from what the receiver has.

import { Mailbox } from '../core/mailbox.ts';
import type { Instant } from '../core/time.ts';
import { withDeadline } from '../platform/deadline.ts';
import { CancelledError, NetworkError, StoreError, TimeoutError } from '../platform/errors.ts';
import { formatAddress, type Platform, type Timer } from '../platform/platform.ts';
import { Bell, BlockPool } from './block-pool.ts';
import { ChunkReader } from './chunk-reader.ts';
import { ControlChannel } from './control-channel.ts';
import { TransferProtocolError, TransferSourceError } from './errors.ts';
import { InFlight } from './in-flight.ts';
import {
  clipReason,
  type FileRanges,
  PROTOCOL_VERSION,
  parseReceiverMessage,
  type ReceiverMessage,
  type SenderMessage,
} from './messages.ts';
import type { Outgoing } from './outgoing.ts';
import { RangeSet } from './range-set.ts';
import { type Block, SendStream } from './send-stream.ts';
import { advance, isFinal, SEND_TRANSITIONS, type SendState } from './session-state.ts';
import { aliveInterval } from './timings.ts';
import { WorkList } from './work-list.ts';

export type SendOutcome =
  | { readonly kind: 'completed'; readonly at: Instant; readonly lostBytes: number }
  | { readonly kind: 'broken'; readonly reason: string; readonly hasProgressed: boolean }
  | { readonly kind: 'failed'; readonly reason: string };

type SendChannel = ControlChannel<ReceiverMessage, SenderMessage>;

export class SendSession {
  readonly #platform: Platform;
  readonly #outgoing: Outgoing;
  readonly #id: number;
  readonly #stop = new AbortController();
  readonly #pool: BlockPool;
  readonly #queue: Mailbox<Block>;
  readonly #bell = new Bell();
  readonly #inFlight: InFlight;
  readonly #stored: RangeSet[];
  readonly #streams: SendStream[] = [];
  readonly #settling = new Map<number, { epoch: number; done: () => void }>();
  readonly #isChecksumSent: boolean[] = [];
  #state: SendState = 'connecting';
  #outcome: SendOutcome | null = null;
  #bug: unknown = null;
  #channel: SendChannel | null = null;
  #work: WorkList | null = null;
  #watch: Timer | null = null;
  #storedBytes = 0;
  #heldBytes = 0;
  #doubledBytes = 0;

  constructor(platform: Platform, outgoing: Outgoing) {
    const { blocks, streams, blockSize, source } = outgoing.options;
    this.#platform = platform;
    this.#outgoing = outgoing;
    this.#id = platform.random.integer(0x100000000);
    this.#pool = new BlockPool(blocks);
    this.#queue = new Mailbox(blocks);
    this.#inFlight = new InFlight(streams, blockSize);
    this.#stored = source.files.map(() => new RangeSet());
  }

  async run(): Promise<SendOutcome> {
    await this.#guard(this.#open());
    if (this.#outcome === null) await this.#transfer();
    this.#watch?.cancel();
    this.#outgoing.doubledBytes += this.#doubledBytes;
    await this.#close();
    if (this.#bug !== null) throw this.#bug;
    return this.#outcome ?? { kind: 'failed', reason: 'the session ended without an outcome' };
  }

  async #open(): Promise<void> {
    const { clock, network } = this.#platform;
    const { to, timings } = this.#outgoing.options;
    const connection = await withDeadline(
      clock,
      timings.connectLimit,
      `connect to ${formatAddress(to)}`,
      (signal) => network.connect(to, signal),
    );
    this.#channel = new ControlChannel({
      clock,
      timings,
      reader: new ChunkReader(connection),
      parse: parseReceiverMessage,
      alive: () => ({ kind: 'alive' }),
    });
    this.#state = advance(SEND_TRANSITIONS, this.#state, 'offering');
    await this.#offer(this.#channel);
  }

  async #offer(channel: SendChannel): Promise<void> {
    const { transfer, streams, blockSize, source } = this.#outgoing.options;
    const { files, memory } = source;
    const version = PROTOCOL_VERSION;
    await channel.send({
      kind: 'offer',
      version,
      session: this.#id,
      transfer,
      streams,
      blockSize,
      files,
      memory,
    });
    for (;;) {
      const answer = await channel.receive();
      if (answer?.kind === 'alive') continue;
      if (answer?.kind === 'accepted') return this.#begin(answer.held);
      if (answer?.kind === 'refused' || answer?.kind === 'failed')
        return this.#finish({ kind: 'failed', reason: `the receiver refused: ${answer.reason}` });
      if (answer === null) return this.#broken('the receiver closed the connection');
      throw new TransferProtocolError('expected accepted or refused', answer.kind);
    }
  }

  #begin(held: FileRanges): void {
    const { source, blockSize } = this.#outgoing.options;
    for (const { file, ranges } of held) for (const [from, to] of ranges) this.#store(file, from, to);
    this.#heldBytes = this.#storedBytes;
    const { transfer } = this.#outgoing.options;
    if (this.#heldBytes > 0)
      this.#platform.log.record('session.resumed', { transfer, held_bytes: this.#heldBytes });
    this.#work = new WorkList({
      sizes: source.files.map((file) => file.size),
      blockSize,
      disks: source.disks,
      held: this.#stored,
      isDigestKnown: (file, block) => this.#outgoing.digests[file]?.has(block) ?? false,
    });
    this.#state = advance(SEND_TRANSITIONS, this.#state, 'sending');
  }

  async #transfer(): Promise<void> {
    const { streams, source } = this.#outgoing.options;
    for (let stream = 0; stream < streams; stream++) this.#streams.push(this.#newStream(stream));
    this.#watchStreams();
    for (const file of source.files.keys()) this.#offerChecksum(file);
    const disks = [...new Set(source.disks)];
    const tasks = [this.#listen(), this.#runStreams(), ...disks.map((disk) => this.#readDisk(disk))];
    await Promise.all(tasks.map((task) => this.#guard(task)));
  }

  async #listen(): Promise<void> {
    const channel = this.#channel;
    while (channel !== null && this.#outcome === null) {
      const message = await channel.receive();
      if (message === null) this.#broken('the receiver closed the control connection');
      else this.#handle(message);
    }
  }

  #handle(message: ReceiverMessage): void {
    switch (message.kind) {
      case 'stored':
        this.#doubledBytes = message.doubledBytes;
        for (const { file, ranges } of message.files)
          for (const [from, to] of ranges) this.#acknowledge(file, from, to);
        this.#outgoing.options.onProgress(this.#storedBytes, this.#outgoing.total);
        return;
      case 'stream-settled':
        return this.#settled(message.stream, message.epoch);
      case 'alive':
        for (const stream of this.#streams.keys()) this.#streams[stream]?.saw(message.received[stream] ?? 0);
        return;
      case 'verified':
        return;
      case 'corrupt':
        return this.#finish({
          kind: 'failed',
          reason: `${this.#name(message.file)} is corrupt at the receiver`,
        });
      case 'completed':
        this.#doubledBytes = message.doubledBytes;
        return this.#finish({
          kind: 'completed',
          at: this.#platform.clock.now(),
          lostBytes: message.lostBytes,
        });
      case 'refused':
      case 'failed':
        return this.#finish({ kind: 'failed', reason: `the receiver failed: ${message.reason}` });
      case 'accepted':
        throw new TransferProtocolError('expected an acknowledgement', message.kind);
    }
  }

  #acknowledge(file: number, from: number, to: number): void {
    this.#store(file, from, to);
    this.#inFlight.acknowledge(file, from, to, (stream) => this.#streams[stream]?.landed());
  }

  #store(file: number, from: number, to: number): void {
    const stored = this.#stored[file];
    const size = this.#outgoing.options.source.files[file]?.size ?? 0;
    if (stored === undefined || to > size)
      throw new TransferProtocolError(
        'expected ranges of the files offered',
        `file ${file}: ${from} to ${to}`,
      );
    this.#storedBytes += stored.add(from, to);
  }

  async #readDisk(disk: number): Promise<void> {
    const reader = this.#outgoing.options.source.openDisk();
    try {
      while (this.#outcome === null) {
        const range = this.#work?.next(disk) ?? null;
        if (range === null) {
          await this.#bell.wait();
          continue;
        }
        const taken = this.#pool.take();
        if (taken !== true && !(await taken)) return;
        const runs = await reader.read(range);
        this.#outgoing.digest(range, runs);
        this.#offerChecksum(range.file);
        if (range.isHeld || !this.#queue.offer({ range, runs })) this.#pool.give();
      }
    } finally {
      await reader.close();
    }
  }

  /** Once every block of the file was digested, in this session or before. */
  #offerChecksum(file: number): void {
    if (this.#isChecksumSent[file] || this.#outgoing.digests[file]?.missing !== 0) return;
    this.#isChecksumSent[file] = true;
    // A write that fails here fails in `#listen`, too.
    this.#channel?.send({ kind: 'checksum', file, checksum: this.#outgoing.checksum(file) }).catch(() => {});
  }

  async #runStreams(): Promise<void> {
    await Promise.all(this.#streams.map((stream) => this.#guard(stream.run())));
    this.#broken('every stream gave up');
  }

  #newStream(stream: number): SendStream {
    return new SendStream({
      platform: this.#platform,
      outgoing: this.#outgoing,
      session: this.#id,
      stream,
      queue: this.#queue,
      pool: this.#pool,
      inFlight: this.#inFlight,
      signal: this.#stop.signal,
      settle: (index, epoch) => this.#settle(index, epoch),
    });
  }

  async #settle(stream: number, epoch: number): Promise<void> {
    const settled = new Promise<void>((done) => this.#settling.set(stream, { epoch, done }));
    await this.#channel?.send({ kind: 'stream-lost', stream, epoch });
    if (this.#outcome === null) await settled;
    for (const range of this.#inFlight.take(stream)) this.#work?.again(range);
    this.#bell.ring();
  }

  #settled(stream: number, epoch: number): void {
    const settling = this.#settling.get(stream);
    if (settling?.epoch !== epoch) return;
    this.#settling.delete(stream);
    settling.done();
  }

  #watchStreams(): void {
    this.#watch = this.#platform.clock.timer(aliveInterval(this.#outgoing.options.timings), () => {
      for (const stream of this.#streams) stream.checkIdle();
      if (this.#outcome === null) this.#watchStreams();
    });
  }

  async #guard(task: Promise<void>): Promise<void> {
    try {
      await task;
    } catch (error) {
      if (isBreak(error)) this.#broken(error.message);
      else if (isFailure(error)) this.#finish({ kind: 'failed', reason: error.message });
      else {
        this.#bug ??= error;
        this.#finish({ kind: 'failed', reason: String(error) });
      }
    }
  }

  #broken(reason: string): void {
    this.#finish({ kind: 'broken', reason, hasProgressed: this.#storedBytes > this.#heldBytes });
  }

  /** The first outcome counts; every task ends by itself after it. */
  #finish(outcome: SendOutcome): void {
    if (this.#outcome !== null) return;
    this.#outcome = outcome;
    if (!isFinal(SEND_TRANSITIONS, this.#state))
      this.#state = advance(SEND_TRANSITIONS, this.#state, outcome.kind);
    this.#stop.abort();
    this.#queue.close();
    this.#pool.close();
    this.#bell.ring();
    for (const { done } of this.#settling.values()) done();
    if (outcome.kind !== 'completed')
      for (const stream of this.#streams) stream.abort(new Error(outcome.reason));
    if (outcome.kind === 'broken') this.#channel?.abort(new Error(outcome.reason));
    else this.#sayLast(outcome);
  }

  #sayLast(outcome: SendOutcome): void {
    const last: SenderMessage =
      outcome.kind === 'failed'
        ? { kind: 'failed', reason: clipReason(outcome.reason) }
        : { kind: 'goodbye' };
    this.#channel?.send(last).catch(() => {});
  }

  /** Lets the last words arrive: waits for the receiver's end, within the limit of a connection set-up. */
  async #close(): Promise<void> {
    const channel = this.#channel;
    if (channel === null) return;
    const { clock } = this.#platform;
    const { connectLimit } = this.#outgoing.options.timings;
    const drain = async (): Promise<void> => {
      await channel.end();
      while ((await channel.receive()) !== null);
    };
    if (this.#outcome?.kind === 'broken') return channel.abort();
    await withDeadline(clock, connectLimit, 'close', drain).catch(() => channel.abort());
  }

  #name(file: number): string {
    return this.#outgoing.options.source.files[file]?.name ?? `file ${file}`;
  }
}

const isBreak = (error: unknown): error is Error =>
  error instanceof NetworkError || error instanceof TimeoutError || error instanceof CancelledError;

const isFailure = (error: unknown): error is Error =>
  error instanceof StoreError ||
  error instanceof TransferProtocolError ||
  error instanceof TransferSourceError;
