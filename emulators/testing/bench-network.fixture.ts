// A network in memory without delays, for one machine and the tests' clients. A client that does not read
// holds the writer back after a few chunks.

import { Mailbox } from '../../src/core/mailbox.ts';
import { type Chunk, materialise } from '../../src/platform/chunk.ts';
import { NetworkError } from '../../src/platform/errors.ts';
import type { Address, Connection, DatagramSocket, Listener, Network } from '../../src/platform/platform.ts';
import { decodeLatin1, encodeLatin1 } from '../../src/tl1/latin1.ts';

const chunksUnreadMax = 4;

class BenchConnection implements Connection {
  readonly local: Address = { machine: 'bench', tcpPort: 1 };
  readonly remote: Address = { machine: 'bench', tcpPort: 2 };
  readonly #inbox: Mailbox<Uint8Array>;
  readonly #outbox: Mailbox<Uint8Array>;
  readonly #fate: { isAborted: boolean };

  constructor(inbox: Mailbox<Uint8Array>, outbox: Mailbox<Uint8Array>, fate: { isAborted: boolean }) {
    this.#inbox = inbox;
    this.#outbox = outbox;
    this.#fate = fate;
  }

  get isAborted(): boolean {
    return this.#fate.isAborted;
  }

  async read(): Promise<Chunk | null> {
    const chunk = await this.#inbox.take();
    if (this.isAborted) throw new NetworkError('reset', 'read');
    return chunk;
  }

  async write(chunk: Chunk): Promise<void> {
    const isTaken = await this.#outbox.put(Uint8Array.from(materialise(chunk)));
    if (!isTaken) throw new NetworkError(this.isAborted ? 'reset' : 'closed', 'write');
  }

  async end(): Promise<void> {
    this.#outbox.close();
  }

  abort(): void {
    this.#fate.isAborted = true;
    this.#inbox.close();
    this.#outbox.close();
  }
}

/** A client that takes what comes as text, from the moment it is made. */
export class BenchClient {
  readonly #connection: BenchConnection;
  #received = '';
  isEnded = false;
  /** Sends that the other side has not taken. */
  unsent = 0;

  constructor(connection: BenchConnection, isReading: boolean) {
    this.#connection = connection;
    if (isReading) void this.#read();
  }

  get isDropped(): boolean {
    return this.#connection.isAborted;
  }

  send(text: string): void {
    this.unsent++;
    void this.#connection.write(encodeLatin1(text)).then(
      () => this.unsent--,
      () => {},
    );
  }

  end(): void {
    void this.#connection.end();
  }

  abort(): void {
    this.#connection.abort();
  }

  /** What came since the last call. */
  take(): string {
    const text = this.#received;
    this.#received = '';
    return text;
  }

  async #read(): Promise<void> {
    try {
      for (let chunk = await this.#connection.read(); chunk !== null; chunk = await this.#connection.read())
        this.#received += decodeLatin1(materialise(chunk));
      this.isEnded = true;
    } catch {
      // Seen as isDropped.
    }
  }
}

export class BenchNetwork implements Network {
  readonly #accepts = new Map<number, (connection: Connection) => void>();

  async listen(tcpPort: number, accept: (connection: Connection) => void): Promise<Listener> {
    if (this.#accepts.has(tcpPort)) throw new NetworkError('in-use', `listen at ${tcpPort}`);
    this.#accepts.set(tcpPort, accept);
    const close = async (): Promise<void> => void this.#accepts.delete(tcpPort);
    return { address: { machine: 'bench', tcpPort }, close };
  }

  async connect(to: Address): Promise<Connection> {
    return this.#open(to.tcpPort);
  }

  client(tcpPort: number, isReading = true): BenchClient {
    return new BenchClient(this.#open(tcpPort), isReading);
  }

  datagrams(): Promise<DatagramSocket> {
    throw new NetworkError('unreachable', 'datagrams');
  }

  isListening(tcpPort: number): boolean {
    return this.#accepts.has(tcpPort);
  }

  #open(tcpPort: number): BenchConnection {
    const accept = this.#accepts.get(tcpPort);
    if (accept === undefined) throw new NetworkError('refused', `connect to ${tcpPort}`);
    const [there, back] = [new Mailbox<Uint8Array>(64), new Mailbox<Uint8Array>(chunksUnreadMax)];
    const fate = { isAborted: false };
    accept(new BenchConnection(there, back, fate));
    return new BenchConnection(back, there, fate);
  }
}
