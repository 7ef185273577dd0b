// One TCP or Unix socket as a Connection. Reading is pulled: the socket is paused while pieces wait unread, so that
// the other side is held back by the receive window. Writes go out in the order they were called.

import type { Socket } from 'node:net';
import { assert } from '../core/assert.ts';
import { type Chunk, materialise, sliceChunk } from '../platform/chunk.ts';
import { NetworkError } from '../platform/errors.ts';
import { type Address, type Connection, formatAddress } from '../platform/platform.ts';
import { networkError } from './errors.ts';

/** Unread bytes after which the socket is paused; one more piece of Node's (64 KiB) may follow. */
const READ_AHEAD_BYTES_MAX = 64 * 1024;
/** An extent is made into bytes in pieces of this size, so that a long one never stands in memory whole. */
const EXTENT_PIECE_BYTES = 256 * 1024;

interface Pending {
  resolve: () => void;
  reject: (error: NetworkError) => void;
}

export class HostConnection implements Connection {
  readonly local: Address;
  readonly remote: Address;
  readonly #socket: Socket;
  readonly #kind: 'tcp' | 'unix';
  readonly #unread: Uint8Array[] = [];
  #unreadBytes = 0;
  #hasEnd = false;
  #reader: Pending | null = null;
  #lastWrite: Promise<void> = Promise.resolve();
  #isEnded = false;
  #failure: NetworkError | null = null;

  /** `socket` is connected, with allowHalfOpen. */
  constructor(socket: Socket, local: Address, remote: Address, kind: 'tcp' | 'unix' = 'tcp') {
    this.#socket = socket;
    this.#kind = kind;
    this.local = local;
    this.remote = remote;
    socket.on('data', (piece: Uint8Array) => this.#arrived(piece));
    socket.on('end', () => this.#arrivedEnd());
    socket.on('error', (error) => this.#fail(networkError(this.#name('connection'), error, 'reset')));
    socket.on('close', () => {
      if (!this.#hasEnd || !this.#isEnded) this.#fail(new NetworkError('reset', this.#name('connection')));
    });
  }

  async read(): Promise<Chunk | null> {
    assert(this.#reader === null, `${this.#name('read')}: one read at a time`);
    if (this.#unread.length === 0 && !this.#hasEnd && this.#failure === null) {
      await new Promise<void>((resolve, reject) => {
        this.#reader = { resolve, reject };
      });
    }
    const piece = this.#unread.shift();
    if (piece !== undefined) {
      this.#unreadBytes -= piece.length;
      if (this.#unreadBytes < READ_AHEAD_BYTES_MAX) this.#socket.resume();
      return piece;
    }
    if (this.#failure !== null) throw this.#failure;
    return null;
  }

  write(chunk: Chunk): Promise<void> {
    if (this.#isEnded)
      return Promise.reject(this.#failure ?? new NetworkError('closed', this.#name('write')));
    const written = this.#lastWrite.then(() => this.#put(chunk));
    this.#lastWrite = written.catch(() => {});
    return written;
  }

  async end(): Promise<void> {
    if (this.#isEnded) return;
    this.#isEnded = true;
    await this.#lastWrite;
    if (this.#failure === null) this.#socket.end();
  }

  abort(cause?: Error): void {
    if (this.#failure?.code === 'closed') return;
    this.#unread.length = 0;
    this.#isEnded = true;
    this.#failure = null;
    this.#fail(new NetworkError('closed', this.#name('connection'), cause));
    this.#reset();
  }

  /** Not while a shutdown is under way: libuv refuses that, and Node then never lets the process end. It is over at once. */
  #reset(): void {
    const socket = this.#socket;
    // Unix sockets have no reset; the other side reads an end, unless the kernel finds that something was unread.
    if (this.#kind === 'unix') socket.destroy();
    else if (socket.writableEnded && !socket.writableFinished)
      socket.once('finish', () => socket.resetAndDestroy());
    else socket.resetAndDestroy();
  }

  async #put(chunk: Chunk): Promise<void> {
    for (let at = 0; at < chunk.length; ) {
      if (this.#failure !== null) throw this.#failure;
      const to = chunk instanceof Uint8Array ? chunk.length : Math.min(at + EXTENT_PIECE_BYTES, chunk.length);
      await this.#flush(materialise(sliceChunk(chunk, at, to)));
      at = to;
    }
    if (this.#failure !== null) throw this.#failure;
  }

  /** Resolves once the kernel has the bytes, so that they may be reused, or when nobody will ever take them. */
  #flush(bytes: Uint8Array): Promise<void> {
    return new Promise((resolve) => this.#socket.write(bytes, () => resolve()));
  }

  #arrived(piece: Uint8Array): void {
    if (this.#failure !== null) return;
    this.#unread.push(new Uint8Array(piece.buffer, piece.byteOffset, piece.byteLength));
    this.#unreadBytes += piece.length;
    if (this.#unreadBytes >= READ_AHEAD_BYTES_MAX) this.#socket.pause();
    this.#wakeReader();
  }

  #arrivedEnd(): void {
    this.#hasEnd = true;
    this.#wakeReader();
  }

  #wakeReader(): void {
    const reader = this.#reader;
    this.#reader = null;
    reader?.resolve();
  }

  /** The first failure stays; what arrived before it can still be read. */
  #fail(error: NetworkError): void {
    if (this.#failure !== null) return;
    this.#failure = error;
    const reader = this.#reader;
    this.#reader = null;
    reader?.reject(error);
  }

  #name(operation: string): string {
    return `${operation} ${formatAddress(this.local)} to ${formatAddress(this.remote)}`;
  }
}
