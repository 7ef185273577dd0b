// The receiving program: listens at one TCP port for control connections (which begin with a JSON object) and for data
// streams (which begin with a greeting), and gives each to its session. Anyone who reaches the port may send files into
// the folder: there is no authentication.

import type { Bytes } from '../core/quantity.ts';
import { withDeadline } from '../platform/deadline.ts';
import { NetworkError, TimeoutError } from '../platform/errors.ts';
import type { Connection, Platform } from '../platform/platform.ts';
import { parseStreamGreeting, STREAM_GREETING_BYTES } from './block-header.ts';
import { portableSha256, type Sha256 } from './checksum.ts';
import { ChunkReader } from './chunk-reader.ts';
import { ControlChannel } from './control-channel.ts';
import { TransferProtocolError } from './errors.ts';
import {
  clipReason,
  type Offer,
  offerFault,
  parseSenderMessage,
  type ReceiverMessage,
  type SenderMessage,
} from './messages.ts';
import type { Meter } from './meter.ts';
import { type ReceiveOutcome, ReceiveSession } from './receive-session.ts';
import type { ReceivedContent } from './received-content.ts';
import { ReceivedFile } from './received-file.ts';
import { ReceivedMemory } from './received-memory.ts';
import { DEFAULT_TIMINGS, type TransferTimings } from './timings.ts';

export interface ReceiverOptions {
  readonly tcpPort: number;
  /** Folder in the store that files go to; empty for its top. */
  readonly folder: string;
  readonly meter?: Meter;
  /** Ends the program after the first transfer that completed or failed. */
  readonly once?: boolean;
  /** Checksum over what the store gives back (default), or over what was received. */
  readonly verify?: 'stored' | 'received';
  /** Replace files that are there (default: refuse them). */
  readonly overwrite?: boolean;
  /** Blocks in memory at once, for each session (default 64). */
  readonly blocks?: number;
  readonly timings?: Partial<TransferTimings>;
  readonly sha256?: Sha256;
  readonly diskOf?: (file: string) => string;
  readonly onListening?: (tcpPort: number) => void;
  readonly onProgress?: (transfer: string, stored: number, total: number) => void;
  readonly onEnd?: (end: ReceiveEnd) => void;
}

export interface ReceiveEnd {
  readonly transfer: string;
  readonly outcome: ReceiveOutcome;
  readonly files: readonly {
    readonly name: string;
    readonly size: Bytes | number;
    readonly checksum: string;
  }[];
}

/** Sessions at once, and connections that have not said yet what they are. */
const SESSIONS_MAX = 64;
const NEWCOMERS_MAX = 512;

/** Runs until its machine stops; with `once`, resolves after one transfer. Rejects when it cannot listen, and on bugs. */
export async function receiverProgram(platform: Platform, options: ReceiverOptions): Promise<void> {
  const receiver = new Receiver(platform, options);
  const listener = await platform.network.listen(options.tcpPort, (connection) =>
    receiver.accept(connection),
  );
  options.onListening?.(listener.address.tcpPort);
  try {
    await receiver.done;
  } finally {
    await listener.close();
  }
}

class Receiver {
  readonly #platform: Platform;
  readonly #options: ReceiverOptions;
  readonly #timings: TransferTimings;
  readonly #sessions = new Map<number, ReceiveSession>();
  #newcomers = 0;
  #finish: () => void = () => {};
  #fail: (error: unknown) => void = () => {};
  readonly done: Promise<void>;

  constructor(platform: Platform, options: ReceiverOptions) {
    this.#platform = platform;
    this.#options = options;
    this.#timings = { ...DEFAULT_TIMINGS, ...options.timings };
    this.done = new Promise((resolve, reject) => {
      this.#finish = resolve;
      this.#fail = reject;
    });
  }

  accept(connection: Connection): void {
    if (this.#newcomers >= NEWCOMERS_MAX) return connection.abort();
    this.#welcome(connection).catch((error: unknown) => {
      connection.abort();
      if (!isTheirs(error)) this.#fail(error);
    });
  }

  async #welcome(connection: Connection): Promise<void> {
    const reader = new ChunkReader(connection);
    this.#newcomers++;
    const { idleLimit } = this.#timings;
    const first = withDeadline(this.#platform.clock, idleLimit, 'greeting', () => this.#greeting(reader));
    const greeting = await first.finally(() => this.#newcomers--);
    if (greeting === 'control') return this.#control(reader);
    const session = this.#sessions.get(greeting.session);
    if (session === undefined) return connection.abort();
    await session.serve(greeting, reader);
  }

  async #greeting(reader: ChunkReader) {
    if ((await reader.peek()) === BRACE) return 'control';
    const greeting = parseStreamGreeting((await reader.bytes(STREAM_GREETING_BYTES)) ?? new Uint8Array());
    if (greeting === null) throw new TransferProtocolError('expected a greeting', 'something else');
    return greeting;
  }

  async #control(reader: ChunkReader): Promise<void> {
    let session: ReceiveSession | null = null;
    const channel: ReceiveChannel = new ControlChannel({
      clock: this.#platform.clock,
      reader,
      timings: this.#timings,
      parse: parseSenderMessage,
      alive: () => ({ kind: 'alive', received: session?.received() ?? [] }),
    });
    try {
      const offer = await channel.receive();
      if (offer?.kind !== 'offer')
        throw new TransferProtocolError('expected an offer', offer?.kind ?? 'the end');
      const fault = offerFault(offer) ?? this.#fault(offer);
      if (fault !== null) return await refuse(channel, 'refused', fault);
      for (const earlier of [...this.#sessions.values()])
        if (earlier.transfer === offer.transfer) await earlier.end('the sender came back');
      session = this.#newSession(channel, offer);
    } catch (error) {
      if (error instanceof TransferProtocolError) return await refuse(channel, 'failed', error.message);
      channel.abort();
      throw error;
    }
    await this.#run(session, reader, channel);
  }

  async #run(session: ReceiveSession, reader: ChunkReader, channel: ReceiveChannel): Promise<void> {
    const { onEnd, once } = this.#options;
    const outcome = await session.run();
    for (const [id, known] of this.#sessions) if (known === session) this.#sessions.delete(id);
    onEnd?.({ transfer: session.transfer, outcome, files: session.files });
    if (outcome.kind !== 'broken') await this.#linger(reader, channel);
    if (once && outcome.kind !== 'broken') this.#finish();
  }

  /** Our last words arrive only while the connection stands: wait for the sender's end, not for long. */
  async #linger(reader: ChunkReader, channel: ReceiveChannel): Promise<void> {
    const drain = async (): Promise<void> => {
      await channel.end();
      while ((await reader.next(DRAIN_BYTES)) !== null);
    };
    const { clock } = this.#platform;
    await withDeadline(clock, this.#timings.connectLimit, 'close', drain).catch(() => channel.abort());
  }

  #newSession(channel: ReceiveChannel, offer: Offer): ReceiveSession {
    const { meter, blocks, diskOf, onProgress } = this.#options;
    const session = new ReceiveSession({
      platform: this.#platform,
      channel,
      offer,
      timings: this.#timings,
      blocks: blocks ?? DEFAULT_BLOCKS,
      meter: meter ?? null,
      diskOf: diskOf ?? (() => 'disk'),
      openContent: (file) => this.#openContent(offer, file),
      onProgress: onProgress ?? (() => {}),
    });
    this.#sessions.set(offer.session, session);
    return session;
  }

  async #openContent(offer: Offer, file: Offer['files'][number]): Promise<ReceivedContent> {
    const { folder, verify = 'stored', overwrite = false, sha256 = portableSha256 } = this.#options;
    const { blockSize, transfer, memory } = offer;
    if (memory !== null) return new ReceivedMemory({ ...file, ...memory, blockSize, sha256 });
    const { journalBytes } = this.#timings;
    const { store } = this.#platform;
    const { name, size } = file;
    return ReceivedFile.find({
      ...{ store, folder, transfer, name, size, blockSize },
      ...{ verify, overwrite, journalBytes, sha256 },
    });
  }

  #fault(offer: Offer): string | null {
    if (this.#sessions.has(offer.session)) return 'the session is known already';
    if (this.#sessions.size >= SESSIONS_MAX) return `${SESSIONS_MAX} transfers are under way`;
    const other = [...this.#sessions.values()].find(
      (session) => session.transfer !== offer.transfer && session.shares(offer),
    );
    return other === undefined ? null : `transfer ${other.transfer} brings a file of the same name`;
  }
}

type ReceiveChannel = ControlChannel<SenderMessage, ReceiverMessage>;

const DEFAULT_BLOCKS = 64;
const DRAIN_BYTES = 64 * 2 ** 10;
const BRACE = 0x7b;

async function refuse(channel: ReceiveChannel, kind: 'refused' | 'failed', reason: string): Promise<void> {
  channel.send({ kind, reason: clipReason(reason) }).catch(() => {});
  await channel.end();
}

/** What the other side, or the network, may do: the connection ends, the program goes on. */
const isTheirs = (error: unknown): boolean =>
  error instanceof NetworkError || error instanceof TimeoutError || error instanceof TransferProtocolError;
