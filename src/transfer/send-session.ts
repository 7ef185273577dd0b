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
import type { Platform, Timer } from '../platform/platform.ts';
import { Bell, BlockPool } from './block-pool.ts';
import { Delivery } from './delivery.ts';
import { TransferProtocolError } from './errors.ts';
import { offerFiles, openChannel, type SendChannel } from './handshake.ts';
import { InFlight } from './in-flight.ts';
import { clipReason, type FileRanges, type ReceiverMessage, type SenderMessage } from './messages.ts';
import type { Outgoing } from './outgoing.ts';
import { type Block, SendStream } from './send-stream.ts';
import { SessionEnd } from './session-end.ts';
import { advance, isFinal, SEND_TRANSITIONS, type SendState } from './session-state.ts';
import { aliveInterval } from './timings.ts';
import { WorkList } from './work-list.ts';

export type SendOutcome =
  | { readonly kind: 'completed'; readonly at: Instant; readonly lostBytes: number }
  | { readonly kind: 'broken'; readonly reason: string; readonly hasProgressed: boolean }
  | { readonly kind: 'failed'; readonly reason: string };

export class SendSession {
  readonly #platform: Platform;
  readonly #outgoing: Outgoing;
  readonly #id: number;
  readonly #stop = new AbortController();
  readonly #pool: BlockPool;
  readonly #queue: Mailbox<Block>;
  readonly #bell = new Bell();
  readonly #inFlight: InFlight;
  readonly #delivery: Delivery;
  readonly #streams: SendStream[] = [];
  readonly #settling = new Map<number, { epoch: number; done: () => void }>();
  readonly #isChecksumSent: boolean[] = [];
  #state: SendState = 'connecting';
  readonly #end = new SessionEnd<SendOutcome>({
    broken: (reason) => ({ kind: 'broken', reason, hasProgressed: this.#delivery.hasProgressed }),
    failed: (reason) => ({ kind: 'failed', reason }),
    ended: (outcome) => this.#letAllEnd(outcome),
  });
  #channel: SendChannel | null = null;
  #work: WorkList | null = null;
  #watch: Timer | null = null;
  #doubledBytes = 0;

  constructor(platform: Platform, outgoing: Outgoing) {
    const { blocks, streams, blockSize, source } = outgoing.options;
    this.#platform = platform;
    this.#outgoing = outgoing;
    this.#id = platform.random.integer(0x100000000);
    this.#pool = new BlockPool(blocks);
    this.#queue = new Mailbox(blocks);
    this.#inFlight = new InFlight(streams, blockSize);
    this.#delivery = new Delivery(source.files.map((file) => file.size));
  }

  async run(): Promise<SendOutcome> {
    await this.#end.guard(this.#open());
    if (!this.#end.isOver) await this.#transfer();
    this.#watch?.cancel();
    this.#outgoing.doubledBytes += this.#doubledBytes;
    await this.#close();
    return this.#end.result();
  }

  async #open(): Promise<void> {
    this.#channel = await openChannel(this.#platform, this.#outgoing);
    this.#state = advance(SEND_TRANSITIONS, this.#state, 'offering');
    const answer = await offerFiles(this.#channel, this.#outgoing, this.#id);
    if (answer.kind === 'accepted') this.#begin(answer.held);
    else if (answer.kind === 'closed') this.#end.break('the receiver closed the connection');
    else this.#end.fail(`the receiver refused: ${answer.reason}`);
  }

  #begin(held: FileRanges): void {
    const { transfer, source, blockSize } = this.#outgoing.options;
    this.#delivery.begin(held);
    const { heldBytes } = this.#delivery;
    if (heldBytes > 0) this.#platform.log.record('session.resumed', { transfer, held_bytes: heldBytes });
    this.#work = new WorkList({
      sizes: source.files.map((file) => file.size),
      blockSize,
      disks: source.disks,
      held: this.#delivery.stored,
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
    await Promise.all(tasks.map((task) => this.#end.guard(task)));
  }

  async #listen(): Promise<void> {
    const channel = this.#channel;
    while (channel !== null && !this.#end.isOver) {
      const message = await channel.receive();
      if (message === null) this.#end.break('the receiver closed the control connection');
      else this.#handle(message);
    }
  }

  #handle(message: ReceiverMessage): void {
    switch (message.kind) {
      case 'stored':
        return this.#stored(message);
      case 'stream-settled':
        return this.#settled(message.stream, message.epoch);
      case 'alive':
        for (const stream of this.#streams.keys()) this.#streams[stream]?.saw(message.received[stream] ?? 0);
        return;
      case 'verified':
        return;
      case 'corrupt':
        return this.#end.fail(`${this.#name(message.file)} is corrupt at the receiver`);
      case 'completed':
        this.#doubledBytes = message.doubledBytes;
        return this.#end.finish({
          kind: 'completed',
          at: this.#platform.clock.now(),
          lostBytes: message.lostBytes,
        });
      case 'refused':
      case 'failed':
        return this.#end.fail(`the receiver failed: ${message.reason}`);
      case 'accepted':
        throw new TransferProtocolError('expected an acknowledgement', message.kind);
    }
  }

  #stored({ files, doubledBytes }: Extract<ReceiverMessage, { kind: 'stored' }>): void {
    this.#doubledBytes = doubledBytes;
    for (const { file, ranges } of files)
      for (const [from, to] of ranges) {
        this.#delivery.add(file, from, to);
        this.#inFlight.acknowledge(file, from, to, (stream) => this.#streams[stream]?.landed());
      }
    this.#outgoing.options.onProgress(this.#delivery.bytes, this.#outgoing.total);
  }

  async #readDisk(disk: number): Promise<void> {
    const reader = this.#outgoing.options.source.openDisk();
    try {
      while (!this.#end.isOver) {
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
    await Promise.all(this.#streams.map((stream) => this.#end.guard(stream.run())));
    this.#end.break('every stream gave up');
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
    if (!this.#end.isOver) await settled;
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
      if (!this.#end.isOver) this.#watchStreams();
    });
  }

  /** Every task ends by itself after this. */
  #letAllEnd(outcome: SendOutcome): void {
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
    if (this.#end.outcome?.kind === 'broken') return channel.abort();
    await withDeadline(clock, connectLimit, 'close', drain).catch(() => channel.abort());
  }

  #name(file: number): string {
    return this.#outgoing.options.source.files[file]?.name ?? `file ${file}`;
  }
}
