// One TCP connection to a device: commands go out with a CTAG each, messages come in and find theirs. When it
// ends, for whatever reason, every command in flight is unanswered. It neither logs in nor reconnects.

import { between, type Duration, formatDuration, type Instant } from '../core/time.ts';
import { materialise } from '../platform/chunk.ts';
import type { Clock, Connection, Log, Timer } from '../platform/platform.ts';
import { formatCommand, type Tl1Command } from './command.ts';
import type { CtagSequence } from './ctag.ts';
import { printableHead, Tl1FramingError, withoutSecrets } from './errors.ts';
import { type Tl1Block, Tl1Framer } from './framing.ts';
import { encodeLatin1 } from './latin1.ts';
import { parseMessage, type Tl1Acknowledgement, type Tl1Notification, type Tl1Response } from './message.ts';
import { type Tl1Outcome, Tl1Reply, unanswered } from './outcome.ts';

/** Everything of a command but its CTAG, which is given when it is sent. */
export type Tl1Request = Omit<Tl1Command, 'ctag'>;

export interface Tl1LinkOptions {
  readonly clock: Pick<Clock, 'now' | 'timer'>;
  readonly log: Log;
  readonly connection: Connection;
  /** For the records. */
  readonly peer: string;
  readonly ctags: CtagSequence;
  readonly blockBytesMax: number;
  readonly secrets: readonly string[];
  readonly onNotification: (notification: Tl1Notification) => void;
}

interface Exchange {
  readonly verb: string;
  readonly limit: Duration;
  readonly reply: Tl1Reply;
  readonly resolve: (outcome: Tl1Outcome) => void;
  timer: Timer;
}

/** So many commands in a row without a single message from the device, and the connection is taken for dead. */
const SILENCES_MAX = 2;

export class Tl1Link {
  readonly #options: Tl1LinkOptions;
  readonly #framer: Tl1Framer;
  readonly #exchanges = new Map<string, Exchange>();
  /** Text without a header is a greeting until the first message. */
  #isGreeting = true;
  #greeting = '';
  #hasPrompt = false;
  #silences = 0;
  #heardAt: Instant;
  #onHeard: (() => void) | null = null;
  #endReason: string | null = null;

  constructor(options: Tl1LinkOptions) {
    this.#options = options;
    this.#framer = new Tl1Framer(options);
    this.#heardAt = options.clock.now();
  }

  /** Why it ended; null while it lives. */
  get endReason(): string | null {
    return this.#endReason;
  }

  get inFlight(): number {
    return this.#exchanges.size;
  }

  /** Reads until the connection ends; resolves to the reason. Start it once. */
  async run(): Promise<string> {
    while (this.#endReason === null) {
      const chunk = await this.#options.connection.read().catch((error: Error) => error);
      if (chunk instanceof Error) this.end(chunk.message);
      else if (chunk === null) this.end('the device closed the connection');
      else this.#receive(materialise(chunk));
    }
    return this.#endReason;
  }

  /** Resolves once the device shows a prompt, or says nothing for `quiet`, or after `limit`, or at the end. */
  settle(quiet: Duration, limit: Duration): Promise<void> {
    const { clock } = this.#options;
    return new Promise((resolve) => {
      const done = (): void => {
        quietTimer.cancel();
        limitTimer.cancel();
        this.#onHeard = null;
        resolve();
      };
      let quietTimer = clock.timer(quiet, done);
      const limitTimer = clock.timer(limit, done);
      this.#onHeard = () => {
        if (this.#endReason !== null || this.#isAtPrompt()) return done();
        quietTimer.cancel();
        quietTimer = clock.timer(quiet, done);
      };
      if (this.#endReason !== null || this.#isAtPrompt()) done();
    });
  }

  /** Sends the command at once. Never rejects; a malformed request throws `Tl1CommandError`. */
  send(request: Tl1Request, limit: Duration): Promise<Tl1Outcome> {
    if (this.#endReason !== null) return Promise.resolve(unanswered(this.#endReason, false));
    const ctag = this.#options.ctags.next((used) => this.#exchanges.has(used));
    const text = formatCommand({ ...request, ctag });
    return new Promise((resolve) => {
      const timer = this.#options.clock.timer(limit, () => this.#expire(ctag));
      const exchange = { verb: request.verb, limit, reply: new Tl1Reply(), resolve, timer };
      this.#exchanges.set(ctag, exchange);
      this.#options.connection.write(encodeLatin1(text)).catch((error: Error) => this.end(error.message));
    });
  }

  /** Sends a last command and drops the connection at its answer, or after `limit`. */
  finish(request: Tl1Request, limit: Duration): void {
    const done = (): void => this.end(FINISHED);
    void this.send(request, limit).then(done);
    this.#options.connection.end().catch(done);
  }

  /** Drops the connection; commands in flight are unanswered. The first reason stays. */
  end(reason: string): void {
    if (this.#endReason !== null) return;
    this.#endReason = withoutSecrets(reason, this.#options.secrets);
    this.#options.connection.abort();
    for (const ctag of [...this.#exchanges.keys()]) this.#settleExchange(ctag, unanswered(this.#endReason));
    this.#onHeard?.();
  }

  #receive(bytes: Uint8Array): void {
    this.#heardAt = this.#options.clock.now();
    for (const block of this.#framer.push(bytes)) {
      if (this.#endReason === null) this.#block(block);
    }
    const { failure } = this.#framer;
    if (failure !== null) this.end(failure.message);
    this.#onHeard?.();
  }

  #block(block: Tl1Block): void {
    const message = parseMessage(block);
    this.#hasPrompt = message.kind === 'prompt' || message.kind === 'unrecognised';
    if (message.kind === 'prompt') return;
    if (message.kind === 'unrecognised') {
      if (this.#isGreeting) {
        this.#greeting = message.text.trim();
        return;
      }
      const head = withoutSecrets(message.text.trim(), this.#options.secrets);
      this.end(new Tl1FramingError('not a TL1 message', head).message);
      return;
    }
    this.#isGreeting = false;
    this.#silences = 0;
    if (message.kind === 'notification') this.#options.onNotification(message);
    else this.#reply(message);
  }

  #reply(message: Tl1Response | Tl1Acknowledgement): void {
    const exchange = this.#exchanges.get(message.ctag);
    if (exchange === undefined) {
      this.#record('tl1-reply.dropped', { ctag: message.ctag, code: message.code });
      return;
    }
    const outcome = exchange.reply.take(message);
    if (outcome === 'longer') {
      exchange.timer.cancel();
      exchange.timer = this.#options.clock.timer(exchange.limit, () => this.#expire(message.ctag));
    } else if (outcome !== 'more') this.#settleExchange(message.ctag, outcome);
  }

  /** A message cut short, or silence again, means that this connection is of no more use; one lost answer does not. */
  #expire(ctag: string): void {
    const exchange = this.#exchanges.get(ctag);
    if (exchange === undefined) return;
    const { limit } = exchange;
    const torn = tornMessage(this.#framer.pendingText);
    const silence = between(this.#heardAt, this.#options.clock.now());
    const instead = torn !== '' ? torn : this.#isGreeting ? this.#greeting : '';
    this.#settleExchange(ctag, unanswered(`no answer within ${formatDuration(limit)}${this.#only(instead)}`));
    this.#silences++;
    // A device that drips is never silent; what it drips is no answer either.
    if (torn !== '' && (silence >= limit / 2 || this.#silences >= SILENCES_MAX)) {
      const head = withoutSecrets(torn, this.#options.secrets);
      this.end(new Tl1FramingError('a message does not end', head).message);
    } else if (this.#silences >= SILENCES_MAX)
      this.end(`${this.#silences} commands without a message in answer`);
  }

  /** What came in place of an answer, for whoever has to find out. */
  #only(text: string): string {
    if (text === '') return '';
    return `, only "${printableHead(withoutSecrets(text, this.#options.secrets))}"`;
  }

  #settleExchange(ctag: string, outcome: Tl1Outcome): void {
    const exchange = this.#exchanges.get(ctag);
    if (exchange === undefined) return;
    this.#exchanges.delete(ctag);
    exchange.timer.cancel();
    if (outcome.kind === 'unanswered') {
      this.#record('tl1-command.unanswered', { verb: exchange.verb, ctag, reason: outcome.reason });
    }
    exchange.resolve(outcome);
  }

  #record(kind: string, fields: { [key: string]: string }): void {
    this.#options.log.record(kind, { peer: this.#options.peer, ...fields });
  }

  #isAtPrompt(): boolean {
    const pending = this.#framer.pendingText.trimEnd();
    return pending === '' ? this.#hasPrompt : PROMPT.test(pending);
  }
}

const FINISHED = 'the session was closed';

/** `agent> ` of a Calient; `<` and `;` at the start of a line are blocks already. */
const PROMPT = /[<>;]$/;

/** What is pending when prompts and echoed commands are left aside. */
function tornMessage(pending: string): string {
  const lines = pending.split(/[\r\n]+/).filter((line) => line.trim() !== '' && !PROMPT.test(line.trimEnd()));
  return lines.join('\r\n');
}
