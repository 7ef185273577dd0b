// Messages over one TCP connection: lines in, lines out, in order. What is sent waits in a bounded queue; when
// it is full the oldest goes, as every message is said again by whoever needs the answer. What a line may say is
// a parameter: agents have their language, applications and the daemon of their host another.

import { assert } from '../core/assert.ts';
import { isBytes, joinBytes } from '../platform/chunk.ts';
import { formatLine, LineFramer } from '../platform/json-lines.ts';
import type { Connection } from '../platform/platform.ts';
import { type Message, messageFault, parseMessage } from './messages.ts';
import { LIMITS } from './timings.ts';

export class LineConnection<In, Out extends object> {
  readonly #connection: Connection;
  /** Throws the room's error for what is no message. */
  readonly #parse: (line: string) => In;
  #queue: Out[] = [];
  #isWriting = false;
  #isOpen = true;

  constructor(connection: Connection, parse: (line: string) => In) {
    this.#connection = connection;
    this.#parse = parse;
  }

  /** The machine at its other side. */
  get peer(): string {
    return this.#connection.remote.machine;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Reads until the connection ends, for whatever reason; never rejects. What is no message ends it, too. */
  async receive(take: (message: In) => void): Promise<void> {
    const lines = new LineFramer(LIMITS.lineBytesMax, messageFault);
    try {
      for (let chunk = await this.#connection.read(); chunk !== null; chunk = await this.#connection.read()) {
        assert(isBytes(chunk), 'messages are real bytes');
        for (const line of lines.push(chunk)) {
          const message = this.#parse(line);
          if (this.#isOpen) take(message);
        }
      }
      this.close();
    } catch (error) {
      if (error instanceof Error && error.name === 'AssertionError') throw error;
      this.abort();
    }
  }

  send(message: Out): void {
    if (!this.#isOpen) return;
    this.#queue.push(message);
    if (this.#queue.length > LIMITS.queuedMessagesMax) this.#queue.shift();
    if (!this.#isWriting) void this.#drain();
  }

  /** What was sent still arrives. */
  close(): void {
    this.#isOpen = false;
    if (!this.#isWriting) void this.#end();
  }

  abort(): void {
    this.#isOpen = false;
    this.#queue = [];
    this.#connection.abort();
  }

  async #end(): Promise<void> {
    await this.#connection.end().catch(() => {});
  }

  async #drain(): Promise<void> {
    this.#isWriting = true;
    try {
      while (this.#queue.length > 0) {
        const batch = this.#queue;
        this.#queue = [];
        const lines = batch.map((one) => (one instanceof Uint8Array ? one : formatLine(one)));
        const [only] = lines;
        await this.#connection.write(lines.length === 1 && only !== undefined ? only : joinBytes(lines));
      }
      if (!this.#isOpen) await this.#connection.end();
    } catch {
      this.abort();
    }
    this.#isWriting = false;
  }
}

/** A message, or the line that it makes, for whoever sends it over many connections. */
export type Outgoing = Message | Uint8Array;

/** Between agents, from clients to agents, and between daemons. */
export class MessageConnection extends LineConnection<Message, Outgoing> {
  constructor(connection: Connection) {
    super(connection, parseMessage);
  }
}
