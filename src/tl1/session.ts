// A lasting conversation with one device: connects, logs in, sends commands, keeps alive, and reconnects with
// back-off when the connection ends. Commands wait their turn, and for the connection.

import { assert } from '../core/assert.ts';
import { after, type Duration, type Instant, ns } from '../core/time.ts';
import { type Address, type Clock, formatAddress, type Log, type Network } from '../platform/platform.ts';
import { formatCommand } from './command.ts';
import { CtagSequence } from './ctag.ts';
import { BLOCK_BYTES_MAX } from './framing.ts';
import { KeepAlive } from './keep-alive.ts';
import { Tl1Link, type Tl1Request } from './link.ts';
import type { Tl1Notification } from './message.ts';
import { type Tl1Outcome, unanswered } from './outcome.ts';
import { quote } from './quoting.ts';
import { TL1_TIMINGS, type Tl1Timings } from './timings.ts';
import { type WaitingCommand, WaitingLine } from './waiting-line.ts';

export interface Tl1Login {
  readonly user: string;
  readonly password: string;
  /** Some devices want the password in quotes; none is put there unasked. */
  readonly isPasswordQuoted?: boolean;
}

export interface Tl1SessionOptions {
  readonly clock: Clock;
  readonly network: Pick<Network, 'connect'>;
  readonly log: Log;
  readonly address: Address;
  /** Target identifier of every command; empty on a direct connection. */
  readonly tid?: string;
  readonly login?: Tl1Login;
  readonly timings?: Partial<Tl1Timings>;
  /** Commands sent and not yet answered; 1 by default, as MonALISA does and every device can bear. */
  readonly inFlightMax?: number;
  readonly blockBytesMax?: number;
}

export type Tl1SessionState = 'connecting' | 'logging-in' | 'ready' | 'waiting' | 'closed';

const TRANSITIONS: Readonly<Record<Tl1SessionState, readonly Tl1SessionState[]>> = {
  connecting: ['logging-in', 'waiting', 'closed'],
  'logging-in': ['ready', 'waiting', 'closed'],
  ready: ['waiting', 'closed'],
  waiting: ['connecting', 'closed'],
  closed: [],
};

/** "Login Not Active" right after a login is asked again so often. */
const LOGIN_RETRIES_MAX = 4;

export class Tl1Session {
  readonly #options: Tl1SessionOptions;
  readonly #timings: Tl1Timings;
  readonly #inFlightMax: number;
  readonly #peer: string;
  readonly #ctags = new CtagSequence();
  readonly #line: WaitingLine;
  readonly #listeners = new Set<(notification: Tl1Notification) => void>();
  readonly #closing = new AbortController();
  readonly #keepAlive: KeepAlive;
  readonly #ended: Promise<void>;
  #state: Tl1SessionState = 'connecting';
  #link: Tl1Link | null = null;
  #lastFailure = 'not connected yet';
  /** The limit of the next login, after one without an answer. */
  #loginLimit: Duration | null = null;

  /** Begins to connect at once. Throws `Tl1CommandError` when the login cannot be written. */
  constructor(options: Tl1SessionOptions) {
    this.#options = options;
    this.#timings = { ...TL1_TIMINGS, ...options.timings };
    this.#inFlightMax = options.inFlightMax ?? 1;
    this.#peer = formatAddress(options.address);
    this.#line = new WaitingLine(options.clock, (request) => this.#unsent(request));
    this.#keepAlive = new KeepAlive({
      clock: options.clock,
      quietMax: this.#timings.keepAliveAfter,
      due: () => this.#keepAliveDue(),
    });
    assert(this.#inFlightMax >= 1, 'a session has at least one command in flight');
    if (options.login !== undefined) formatCommand({ ...this.#loginRequest(options.login), ctag: '' });
    this.#ended = this.#run();
  }

  get state(): Tl1SessionState {
    return this.#state;
  }

  /**
   * Sends one command, with a fresh CTAG, once the session is ready and its turn has come. The limit is for the answer, and
   * "in progress" from the device begins it anew; waiting in line has the same limit since the device last answered.
   * Throws `Tl1CommandError` for a malformed request.
   */
  async execute(request: Tl1Request, options: { limit?: Duration } = {}): Promise<Tl1Outcome> {
    const full = { tid: this.#options.tid ?? '', ...request };
    formatCommand({ ...full, ctag: '' });
    const { clock } = this.#options;
    const limit = options.limit ?? this.#timings.commandLimit;
    let deadline: Instant | null = null;
    for (let retries = 0; ; retries++) {
      const outcome = await this.#enqueue(full, limit);
      if (!isLoginNotActive(outcome)) return outcome;
      deadline ??= after(clock.now(), limit);
      const pause = this.#timings.loginSettling;
      if (retries === LOGIN_RETRIES_MAX || after(clock.now(), pause) >= deadline) {
        this.#link?.end('the device says that the login is not active');
        return outcome;
      }
      await clock.sleep(pause);
    }
  }

  /** Calls `listener` with each notification, also while commands run, until the returned function is called. */
  subscribe(listener: (notification: Tl1Notification) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Logs out, waits at most 1 s for the answer, and drops the connection; waiting commands are unanswered. Repeatable. */
  async close(): Promise<void> {
    if (this.#state !== 'closed') {
      const { login } = this.#options;
      const wasReady = this.#state === 'ready';
      this.#become('closed');
      this.#lastFailure = 'the session is closed';
      this.#closing.abort();
      this.#line.clear();
      if (!wasReady || login === undefined) this.#link?.end(this.#lastFailure);
      else
        this.#link?.finish({ verb: 'CANC-USER', ...this.#tid(), aid: login.user }, this.#timings.closeLimit);
    }
    await this.#ended;
  }

  async #run(): Promise<void> {
    const { reconnectFirst, reconnectLongest, redialLongest } = this.#timings;
    let pause = reconnectFirst;
    while (this.#state !== 'closed') {
      const end = await this.#converse();
      if (this.#isClosed()) return;
      this.#become('waiting');
      const longest = end === 'denied' ? reconnectLongest : Math.min(reconnectLongest, redialLongest);
      pause = end === 'lost' ? reconnectFirst : (Math.min(pause, longest) as Duration);
      await this.#options.clock.sleep(pause, this.#closing.signal).catch(ignore);
      if (this.#isClosed()) return;
      this.#become('connecting');
      pause = Math.min(pause * 2, longest) as Duration;
    }
  }

  /** One connection from beginning to end. `lost`: it came as far as being ready. */
  async #converse(): Promise<'lost' | 'denied' | 'silent'> {
    const link = await this.#connect();
    if (link === null) return 'silent';
    this.#link = link;
    const reading = link.run();
    if (this.#isClosed()) link.end(this.#lastFailure);
    else this.#become('logging-in');
    const login = await this.#logIn(link);
    if (login === 'completed' && link.endReason === null) {
      this.#become('ready');
      this.#record('tl1-session.opened', {});
      this.#pump();
      this.#keepAlive.sent();
    }
    this.#lastFailure = await reading;
    this.#keepAlive.stop();
    this.#link = null;
    this.#record('tl1-session.lost', { reason: this.#lastFailure });
    return login === 'completed' ? 'lost' : login === 'denied' ? 'denied' : 'silent';
  }

  async #connect(): Promise<Tl1Link | null> {
    const { clock, network, address, log, login, blockBytesMax = BLOCK_BYTES_MAX } = this.#options;
    const attempt = new AbortController();
    const abandon = (): void => attempt.abort();
    this.#closing.signal.addEventListener('abort', abandon);
    const timer = clock.timer(this.#timings.connectLimit, abandon);
    try {
      const connection = await network.connect(address, attempt.signal);
      if (!this.#isClosed()) {
        const secrets = login === undefined ? [] : [login.password];
        const onNotification = (n: Tl1Notification): void => this.#notify(n);
        const named = { peer: this.#peer, ctags: this.#ctags };
        return new Tl1Link({ clock, log, connection, ...named, blockBytesMax, secrets, onNotification });
      }
      connection.abort();
    } catch (error) {
      this.#lastFailure = error instanceof Error ? error.message : String(error);
      this.#record('tl1-session.unconnected', { reason: this.#lastFailure });
    } finally {
      timer.cancel();
      this.#closing.signal.removeEventListener('abort', abandon);
    }
    return null;
  }

  /** Unless it is completed, the connection is ended. */
  async #logIn(link: Tl1Link): Promise<Tl1Outcome['kind']> {
    await link.settle(this.#timings.quiet, this.#timings.greetingLimit);
    const { login } = this.#options;
    if (login === undefined) return 'completed';
    const { commandLimit, loginFirst } = this.#timings;
    const limit = Math.min(this.#loginLimit ?? loginFirst, commandLimit) as Duration;
    const outcome = await link.send(this.#loginRequest(login), limit);
    this.#loginLimit = outcome.kind === 'unanswered' ? ns(2 * limit) : null;
    if (outcome.kind === 'completed') return outcome.kind;
    const why =
      outcome.kind === 'denied' ? [outcome.errorCode, ...outcome.comments].join(' ') : outcome.reason;
    link.end(`login of ${login.user}: ${why}`);
    return outcome.kind;
  }

  #loginRequest(login: Tl1Login): Tl1Request {
    const password = login.isPasswordQuoted === true ? quote(login.password) : login.password;
    return { verb: 'ACT-USER', ...this.#tid(), aid: login.user, payload: [password] };
  }

  #tid(): { tid: string } {
    return { tid: this.#options.tid ?? '' };
  }

  #enqueue(request: Tl1Request, limit: Duration): Promise<Tl1Outcome> {
    if (this.#isClosed()) return Promise.resolve(unanswered(this.#lastFailure, false));
    return new Promise((resolve) => {
      const command = { request, limit, resolve };
      const link = this.#line.length === 0 ? this.#freeLink() : null;
      if (link === null) this.#line.add(command);
      else this.#send(link, command);
    });
  }

  /** Sends what may be sent. */
  #pump(): void {
    for (let link = this.#freeLink(); link !== null; link = this.#freeLink()) {
      const command = this.#line.take();
      if (command === undefined) return;
      this.#send(link, command);
    }
  }

  /** The link, when it can take one more command now. */
  #freeLink(): Tl1Link | null {
    const link = this.#link;
    return this.#state === 'ready' && link !== null && link.inFlight < this.#inFlightMax ? link : null;
  }

  #send(link: Tl1Link, command: WaitingCommand): void {
    void link.send(command.request, command.limit).then((outcome) => {
      if (outcome.kind !== 'unanswered') this.#line.answered();
      command.resolve(outcome);
      this.#pump();
    });
    this.#keepAlive.sent();
  }

  #unsent({ verb }: Tl1Request): string {
    const reason = this.#state === 'ready' ? 'its turn did not come within the limit' : this.#lastFailure;
    this.#record('tl1-command.unsent', { verb, reason });
    return reason;
  }

  /** Commands that wait for their turn keep the connection alive by themselves. */
  #keepAliveDue(): void {
    if (this.#state !== 'ready') return;
    if (this.#line.length > 0) this.#keepAlive.sent();
    else void this.#enqueue({ verb: 'RTRV-HDR', ...this.#tid() }, this.#timings.commandLimit);
  }

  #notify(notification: Tl1Notification): void {
    for (const listener of [...this.#listeners]) listener(notification);
  }

  #record(kind: string, fields: { [key: string]: string }): void {
    this.#options.log.record(kind, { peer: this.#peer, ...fields });
  }

  #become(next: Tl1SessionState): void {
    assert(
      TRANSITIONS[this.#state].includes(next),
      `a TL1 session does not go from ${this.#state} to ${next}`,
    );
    this.#state = next;
  }

  /** A method, so that the compiler does not remember the answer across an await. */
  #isClosed(): boolean {
    return this.#state === 'closed';
  }
}

/** PLNA, or the words of a Calient (Pynt). */
function isLoginNotActive(outcome: Tl1Outcome): boolean {
  if (outcome.kind !== 'denied') return false;
  return outcome.errorCode === 'PLNA' || outcome.comments.some((text) => /login not active/i.test(text));
}

function ignore(): void {}
