// One side of a TCP connection as a program holds it: reads, writes and the end of it, over a sender and a receiver. Its
// peer is the other side's object; what passes between them goes over the links as bursts and acknowledgements. Opening
// is the stack's (tcp-stack.ts).

import { assert } from '../core/assert.ts';
import { between, type Instant } from '../core/time.ts';
import type { EventHandle } from '../engine/engine.ts';
import type { Ranges } from '../net/byte-ranges.ts';
import { type Chunk, chunkLength } from '../platform/chunk.ts';
import { NetworkError } from '../platform/errors.ts';
import { type Address, type Connection, formatAddress } from '../platform/platform.ts';
import { never } from './boot.ts';
import type { TcpHost } from './tcp-host.ts';
import { type Acknowledgement, type ByteSource, TcpReceiver } from './tcp-receiver.ts';
import { type SenderOutput, TcpSender } from './tcp-sender.ts';

/** `established` lasts until a failure: a connection that both sides have ended stays, and answers late segments. */
export type TcpConnectionState = 'syn-sent' | 'syn-received' | 'established' | 'failed';

const ALLOWED: Readonly<Record<TcpConnectionState, readonly TcpConnectionState[]>> = {
  'syn-sent': ['established', 'failed'],
  'syn-received': ['established', 'failed'],
  established: ['failed'],
  failed: [],
};

interface Waiter<T> {
  readonly resolve: (value: T) => void;
  readonly reject: (error: Error) => void;
  readonly wait: number;
}

/** It is its own sender's output and its receiver's source: thousands are open at once, and each closure counts. */
export class TcpConnection implements Connection, SenderOutput, ByteSource {
  readonly local: Address;
  readonly remote: Address;
  readonly host: TcpHost;
  readonly sender: TcpSender;
  readonly receiver: TcpReceiver;
  /** Told once, when a connection that was being opened is open, or has failed. */
  onOpened: ((error: NetworkError | null) => void) | null = null;
  /** When the only SYN so far was sent; null when it had to be repeated, and its answer times nothing (Karn). */
  synSentAt: Instant | null = null;
  synTimer: EventHandle | null = null;
  /** The other side, as its last SYN made it: a repeated one finds it again. */
  answeredBy: TcpConnection | null = null;
  #state: TcpConnectionState;
  #peer: TcpConnection | null = null;
  #reader: Waiter<Chunk | null> | null = null;
  #writers: Waiter<void>[] = [];
  #failure: NetworkError | null = null;

  constructor(
    host: TcpHost,
    local: Address,
    remote: Address,
    mss: number,
    state: 'syn-sent' | 'syn-received',
  ) {
    this.host = host;
    this.local = local;
    this.remote = remote;
    this.#state = state;
    this.sender = new TcpSender(host.engine, host.options, mss, this);
    this.receiver = new TcpReceiver(host.options.receiveBuffer, this);
  }

  get state(): TcpConnectionState {
    return this.#state;
  }

  get isOpening(): boolean {
    return this.#state === 'syn-sent' || this.#state === 'syn-received';
  }

  get peer(): TcpConnection {
    assert(this.#peer !== null, () => `${formatAddress(this.local)} has no peer yet`);
    return this.#peer;
  }

  get hasPeer(): boolean {
    return this.#peer !== null;
  }

  meet(peer: TcpConnection): void {
    this.#peer = peer;
  }

  read(): Promise<Chunk | null> {
    if (this.host.isCrashed) return never();
    assert(this.#reader === null, () => `two reads at once from ${formatAddress(this.remote)}`);
    const chunk = this.receiver.take();
    if (chunk !== undefined) {
      if (this.receiver.owesWindow && this.#state === 'established') this.#sendAcknowledgement(null, true);
      return Promise.resolve(chunk);
    }
    if (this.receiver.isAtEnd) return Promise.resolve(null);
    if (this.#failure !== null) return Promise.reject(this.#error('read from'));
    return new Promise((resolve, reject) => {
      this.#reader = { resolve, reject, wait: this.#waitFor('a read from') };
    });
  }

  write(chunk: Chunk): Promise<void> {
    if (this.host.isCrashed) return never();
    if (this.#failure !== null) return Promise.reject(this.#error('write to'));
    if (this.sender.finAt !== Infinity) {
      return Promise.reject(new NetworkError('closed', `write to ${formatAddress(this.remote)}`));
    }
    if (chunkLength(chunk) > 0) this.sender.write(chunk);
    this.host.steps.taken('send');
    if (this.sender.hasRoom) return Promise.resolve();
    return new Promise((resolve, reject) => {
      this.#writers.push({ resolve, reject, wait: this.#waitFor('a write to') });
    });
  }

  end(): Promise<void> {
    if (this.host.isCrashed) return never();
    if (this.#failure === null) this.sender.end();
    return Promise.resolve();
  }

  abort(cause?: Error): void {
    if (this.host.isCrashed || this.#failure !== null) return;
    this.sendReset();
    this.receiver.drop();
    this.fail('closed', cause);
  }

  /** The handshake is over. Its round trip is the first sample of the sender's. */
  establish(): void {
    this.#enter('established');
    this.#stopSyn();
    if (this.synSentAt !== null) this.sender.sampled(between(this.synSentAt, this.host.engine.now()));
    this.#opened(null);
  }

  fail(code: 'refused' | 'reset' | 'timed-out' | 'closed', cause?: Error): void {
    if (this.#state === 'failed') return;
    this.#enter('failed');
    this.#failure = new NetworkError(code, `connection to ${formatAddress(this.remote)}`, cause);
    this.stop();
    this.#opened(this.#failure);
    if (this.#reader !== null) this.#settle(this.#reader).reject(this.#error('read from'));
    this.#reader = null;
    for (const writer of this.#writers.splice(0)) this.#settle(writer).reject(this.#error('write to'));
  }

  /** Nothing is sent any more, nothing is counted as a connection of this host. Nobody is told. */
  stop(): void {
    this.#stopSyn();
    this.sender.stop();
    this.host.forget(this);
  }

  sendReset(): void {
    const peer = this.#peer;
    if (peer !== null) this.host.sendReset(this.local, peer);
  }

  /** A burst of the peer's arrived. */
  onBurst(ranges: Ranges, finAt: number, sentAt: Instant, isAlone: boolean): void {
    if (this.#state === 'failed') {
      this.sendReset();
      return;
    }
    if (this.#state === 'syn-received') this.establish();
    this.receiver.arrive(ranges, finAt);
    this.#sendAcknowledgement(ranges.length === 0 ? null : sentAt, isAlone);
    this.#deliver();
    this.#forgetIfOver();
  }

  onAcknowledgement(acknowledgement: Acknowledgement, sentAt: Instant | null): void {
    if (this.#state !== 'failed') this.sender.acknowledge(acknowledgement, sentAt);
  }

  onReset(): void {
    this.fail('reset');
  }

  /** The sender's. */
  burst(ranges: Ranges, tail: Instant): void {
    const { tcp, finAt } = this.sender;
    this.host.sendBurst(this.local, this.peer, tcp.mss, ranges, finAt, tail);
  }

  /** The sender's. */
  acknowledged(): void {
    if (this.sender.hasRoom && this.#writers.length > 0)
      for (const writer of this.#writers.splice(0)) this.#settle(writer).resolve();
    this.#forgetIfOver();
  }

  /** The sender's. */
  gaveUp(): void {
    this.fail('timed-out');
  }

  /** The receiver's: what has arrived is still where it was written. */
  slices(from: number, to: number): Chunk[] {
    return this.peer.sender.slices(from, to);
  }

  #sendAcknowledgement(sentAt: Instant | null, isAlone: boolean): void {
    const acknowledgement = this.receiver.acknowledgement();
    this.host.sendAcknowledgement(this.local, this.peer, acknowledgement, sentAt, isAlone);
  }

  #deliver(): void {
    const reader = this.#reader;
    if (reader === null) return;
    const chunk = this.receiver.take();
    if (chunk === undefined && !this.receiver.isAtEnd) return;
    this.#reader = null;
    this.#settle(reader).resolve(chunk ?? null);
  }

  #forgetIfOver(): void {
    if (this.sender.isDone && this.receiver.hasFin) this.host.forget(this);
  }

  #waitFor(what: string): number {
    return this.host.waits.add(this.host.machine, what, this.remote);
  }

  #settle<T>(waiter: Waiter<T>): Waiter<T> {
    this.host.waits.remove(waiter.wait);
    this.host.engine.woke();
    return waiter;
  }

  #error(what: string): NetworkError {
    const failure = this.#failure as NetworkError;
    return new NetworkError(failure.code, `${what} ${formatAddress(this.remote)}`, failure.cause);
  }

  #opened(error: NetworkError | null): void {
    const told = this.onOpened;
    this.onOpened = null;
    told?.(error);
  }

  #stopSyn(): void {
    if (this.synTimer !== null) this.host.engine.cancel(this.synTimer);
    this.synTimer = null;
  }

  #enter(state: TcpConnectionState): void {
    assert(
      ALLOWED[this.#state].includes(state),
      () => `a connection cannot go from ${this.#state} to ${state}`,
    );
    this.#state = state;
  }
}
