// The seam. Everything a program may ask of the machine it runs on; passed in, never ambient. A class takes
// the narrowest part that it needs. A program is a function of (platform, configuration): the same code runs
// wherever these interfaces are implemented, and `*.conformance.ts` beside this file says what they promise.

import type { Duration, Instant, WallTime } from '../core/time.ts';
import type { Chunk } from './chunk.ts';

export interface Platform {
  /** The machine's name, as other machines address it. */
  readonly machine: string;
  readonly clock: Clock;
  readonly network: Network;
  readonly store: Store;
  readonly random: Random;
  readonly log: Log;
}

export interface Clock {
  /** Monotonic; never goes back, and means nothing on another machine. */
  now(): Instant;
  /** The calendar; may be wrong, drift and jump. */
  wall(): WallTime;
  /** Resolves after `d`; rejects with `CancelledError` as soon as `signal` is aborted. */
  sleep(d: Duration, signal?: AbortSignal): Promise<void>;
  /** Calls `fire` once after `d`, unless cancelled. Timers of equal time fire in the order they were set. */
  timer(d: Duration, fire: () => void): Timer;
}

export interface Timer {
  /** After this `fire` is never called. Repeating it, or calling it late, does nothing. */
  cancel(): void;
}

/** A machine's name and a TCP or UDP port on it. */
export interface Address {
  readonly machine: string;
  readonly tcpPort: number;
}

export const formatAddress = (a: Address): string => `${a.machine}:${a.tcpPort}`;

export interface Network {
  /** A TCP connection. Rejects with `NetworkError` (refused, unreachable, timed-out) or `CancelledError`. */
  connect(to: Address, signal?: AbortSignal): Promise<Connection>;
  /** Listens at a TCP port of this machine, 0 for any free one. Rejects with `NetworkError` in-use. `accept` must not throw. */
  listen(tcpPort: number, accept: (connection: Connection) => void): Promise<Listener>;
  /** Binds a UDP port of this machine, 0 for any free one. Rejects with `NetworkError` in-use. */
  datagrams(udpPort: number): Promise<DatagramSocket>;
}

export interface Listener {
  /** Where it listens: this machine, with the port really bound. */
  readonly address: Address;
  /** Stops accepting; accepted connections live on. Repeatable. */
  close(): Promise<void>;
}

/** One side of a TCP connection: an ordered stream of bytes each way. */
export interface Connection {
  readonly local: Address;
  readonly remote: Address;
  /**
   * The next piece of the stream, of any length above 0, or null after the other side's `end`. One read at a time.
   * Rejects with `NetworkError`: reset, timed-out, closed.
   */
  read(): Promise<Chunk | null>;
  /**
   * Takes the chunk and resolves when the next write is welcome, so that a fast writer is held back; from then on its bytes
   * may be reused. Writes go out in the order of their calls. Rejects like `read`.
   */
  write(chunk: Chunk): Promise<void>;
  /** Half-close: what was written still arrives, then the other side reads null. Reading goes on. Repeatable. */
  end(): Promise<void>;
  /** Drops the connection at once; pending and later calls on this side reject with `closed`, the other side sees `reset`. Repeatable. */
  abort(cause?: Error): void;
}

export interface DatagramSocket {
  readonly address: Address;
  /** Best effort: may be lost, doubled or overtaken; never throws because of the other side. At most 65,507 bytes. */
  send(to: Address, payload: Uint8Array): void;
  /** The next datagram; rejects with `NetworkError` closed after `close`. */
  receive(): Promise<Datagram>;
  close(): void;
}

export interface Datagram {
  readonly from: Address;
  readonly payload: Uint8Array;
}

/** Files by relative name, `/` between folders; folders come into being with their files. Failures are `StoreError`. */
export interface Store {
  /** `read`: must exist. `write`: created if absent, kept if there. `create`: must not exist. */
  open(name: string, mode: 'read' | 'write' | 'create'): Promise<StoredFile>;
  /** Replaces `to` if it is there; atomic, and durable once resolved. */
  rename(from: string, to: string): Promise<void>;
  /** Removing what is not there does nothing. */
  remove(name: string): Promise<void>;
  /** Names of all files that start with `prefix`, in code-point order. */
  list(prefix: string): Promise<string[]>;
  stat(name: string): Promise<FileStat | null>;
}

export interface FileStat {
  readonly size: number;
}

export interface StoredFile {
  /** Up to `length` bytes at `offset`: possibly fewer, none (length 0) only at the end of the file. */
  read(offset: number, length: number): Promise<Chunk>;
  /** All of the chunk, whose bytes may be reused after; a gap before it reads as zero bytes. Not safe against a crash until `sync` resolved. */
  write(offset: number, chunk: Chunk): Promise<void>;
  truncate(length: number): Promise<void>;
  /** What was written before the call survives a crash once this resolves. */
  sync(): Promise<void>;
  size(): Promise<number>;
  close(): Promise<void>;
}

export interface Random {
  /** Uniform in [0, 1). */
  next(): number;
  /** Uniform among 0 … below - 1. */
  integer(below: number): number;
  /** A stream of its own, decided by this stream's seed and `name` alone, not by what was drawn before. */
  fork(name: string): Random;
}

/** Values that a record may carry; keys in the order written. */
export type LogValue =
  | string
  | number
  | boolean
  | null
  | readonly LogValue[]
  | { readonly [key: string]: LogValue };

export interface Log {
  /**
   * Records one domain event: `kind` is `noun.verb` in the past tense (`lease.granted`), `fields` say of what. Time and
   * machine are added by the platform. Records are the raw material of metrics and checkers; they are never read back
   * by the program that writes them.
   */
  record(kind: string, fields: { readonly [key: string]: LogValue }): void;
}
