// Sends files, or the content of no file, to a receiver: session after session until all is verified there, as long as
// one session in so many makes progress.

import { assert } from '../core/assert.ts';
import { type Bytes, type BytesPerSecond, bytes } from '../core/quantity.ts';
import { between, type Duration } from '../core/time.ts';
import { StoreError } from '../platform/errors.ts';
import type { Address, Platform } from '../platform/platform.ts';
import { type BlockSource, fileSource, type MemorySource, memorySource } from './block-source.ts';
import { portableSha256, type Sha256 } from './checksum.ts';
import { TransferSourceError } from './errors.ts';
import { LIMITS, offerFault, PROTOCOL_VERSION } from './messages.ts';
import { Outgoing } from './outgoing.ts';
import { RateLimit } from './rate-limit.ts';
import { type SendOutcome, SendSession } from './send-session.ts';
import { backoffBefore, DEFAULT_TIMINGS, type TransferTimings } from './timings.ts';

export interface SendOptions {
  /** Names the transfer, for its records and to resume: another program run that offers the same continues it. */
  readonly transfer: string;
  readonly to: Address;
  /** Names in the store; they keep their last part at the receiver. */
  readonly files: readonly string[] | MemorySource;
  /** Data streams (default 4). */
  readonly streams?: number;
  /** Bytes of a block (default 1 MiB). */
  readonly blockSize?: Bytes;
  /** Blocks in memory at once (default 64). */
  readonly blocks?: number;
  /** A rate, or a limit that its holder adjusts in flight. */
  readonly rateLimit?: RateLimit | BytesPerSecond;
  readonly timings?: Partial<TransferTimings>;
  readonly sha256?: Sha256;
  /** The disk of a file; files of different disks are read at the same time (default: all on one). */
  readonly diskOf?: (file: string) => string;
  /** Bytes stored at the receiver so far, those of earlier sessions included. */
  readonly onProgress?: (stored: number, total: number) => void;
}

export type TransferResult =
  | {
      readonly kind: 'completed';
      readonly bytes: number;
      readonly duration: Duration;
      readonly files: readonly { readonly name: string; readonly size: number; readonly checksum: string }[];
      readonly doubledBytes: number;
      readonly lostBytes: number;
    }
  | { readonly kind: 'failed'; readonly reason: string };

export const DEFAULT_STREAMS = 4;
export const DEFAULT_BLOCK_SIZE = bytes(2 ** 20);
export const DEFAULT_BLOCKS = 64;

/** Resolves when all is verified at the receiver, or failed for good; rejects on bugs only. */
export async function send(platform: Platform, options: SendOptions): Promise<TransferResult> {
  const startedAt = platform.clock.now();
  const prepared = await prepare(platform, options);
  if (typeof prepared === 'string') return fail(platform, options.transfer, prepared);
  const { transfer, streams } = prepared.options;
  platform.log.record('transfer.started', { transfer, bytes: prepared.total, streams });
  const outcome = await runSessions(platform, prepared);
  if (outcome.kind !== 'completed') return fail(platform, transfer, outcome.reason);
  const duration = between(startedAt, outcome.at);
  const { doubledBytes, total } = prepared;
  platform.log.record('transfer.completed', {
    transfer,
    bytes: total,
    duration_ns: duration,
    doubled_bytes: doubledBytes,
    lost_bytes: outcome.lostBytes,
  });
  const files = prepared.options.source.files.map((file, i) => ({ ...file, checksum: prepared.checksum(i) }));
  return { kind: 'completed', bytes: total, duration, files, doubledBytes, lostBytes: outcome.lostBytes };
}

/** A session after a broken one, with back-off, while no more than `sessionAttemptsMax` in a row made no progress. */
async function runSessions(
  platform: Platform,
  outgoing: Outgoing,
): Promise<Exclude<SendOutcome, { kind: 'broken' }>> {
  const { timings, transfer } = outgoing.options;
  let attemptsMax = Math.min(timings.firstAttemptsMax, timings.sessionAttemptsMax);
  for (let attempt = 1; ; attempt++) {
    const outcome = await new SendSession(platform, outgoing).run();
    if (outcome.kind !== 'broken') return outcome;
    if (outcome.hasProgressed) {
      attempt = 1;
      attemptsMax = timings.sessionAttemptsMax;
    }
    if (attempt >= attemptsMax) return { kind: 'failed', reason: outcome.reason };
    platform.log.record('session.broken', { transfer, attempt, reason: outcome.reason });
    await platform.clock.sleep(backoffBefore(attempt, timings));
  }
}

/** The transfer ready to go, or why it cannot. */
async function prepare(platform: Platform, options: SendOptions): Promise<Outgoing | string> {
  const { transfer, to, streams = DEFAULT_STREAMS, blockSize = DEFAULT_BLOCK_SIZE } = options;
  checkOptions(streams, blockSize);
  const source = await openSource(platform, options);
  if (typeof source === 'string') return source;
  const { files, memory } = source;
  const fault = offerFault({
    ...{ kind: 'offer', version: PROTOCOL_VERSION, session: 0 },
    ...{ transfer, streams, blockSize, files, memory },
  });
  if (fault !== null) return fault;
  return new Outgoing({
    transfer,
    to,
    source,
    streams,
    blockSize,
    blocks: options.blocks ?? DEFAULT_BLOCKS,
    rateLimit: rateLimitOf(platform, options.rateLimit),
    timings: { ...DEFAULT_TIMINGS, ...options.timings },
    sha256: options.sha256 ?? portableSha256,
    onProgress: options.onProgress ?? (() => {}),
  });
}

function rateLimitOf(platform: Platform, limit: RateLimit | BytesPerSecond | undefined): RateLimit | null {
  return typeof limit === 'number' ? new RateLimit(platform.clock, limit) : (limit ?? null);
}

function checkOptions(streams: number, blockSize: number): void {
  const { streamsMax, blockSizeMin, blockSizeMax } = LIMITS;
  assert(
    Number.isInteger(streams) && streams >= 1 && streams <= streamsMax,
    `1 to ${streamsMax} streams, got ${streams}`,
  );
  assert(
    Number.isInteger(blockSize) && blockSize >= blockSizeMin && blockSize <= blockSizeMax,
    `a block has ${blockSizeMin} to ${blockSizeMax} bytes, got ${blockSize}`,
  );
}

async function openSource(platform: Platform, options: SendOptions): Promise<BlockSource | string> {
  const { files } = options;
  if ('memory' in files) return memorySource(files, platform.random.fork('memory').integer(0x100000000));
  if (files.length === 0 || files.length > LIMITS.filesMax)
    return `1 to ${LIMITS.filesMax} files, got ${files.length}`;
  try {
    return await fileSource(platform.store, files, options.diskOf ?? (() => 'disk'));
  } catch (error) {
    if (error instanceof TransferSourceError || error instanceof StoreError) return error.message;
    throw error;
  }
}

function fail(platform: Platform, transfer: string, reason: string): TransferResult {
  platform.log.record('transfer.failed', { transfer, reason });
  return { kind: 'failed', reason };
}
