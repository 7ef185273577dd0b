// What an application uses to have light paths: it asks an agent, keeps the lease of what it got alive, and
// hears what becomes of it. When it goes without a word, the agent releases its paths at the end of the lease.

import { between, type Duration, type Instant, ns, seconds } from '../core/time.ts';
import { withDeadline } from '../platform/deadline.ts';
import { TimeoutError } from '../platform/errors.ts';
import { type Address, formatAddress, type Platform } from '../platform/platform.ts';
import type { Message, MessageOf } from './messages.ts';
import {
  type PathAnswer,
  type PathGrant,
  type PathRefusal,
  type PathReservation,
  refusal,
} from './path-answer.ts';
import type { PathTerms } from './path-terms.ts';
import { ignoreCancelled, PeerLink } from './peer-link.ts';
import { DEFAULT_TIMINGS } from './timings.ts';

export interface PathRequest {
  readonly path: string;
  /** Terminals. */
  readonly from: string;
  readonly to: string;
  readonly terms?: PathTerms;
}

export interface PathNews {
  readonly path: string;
  /** `down`: it has no light, and comes back when it can. `gone`: it will not come back by itself. */
  readonly state: 'up' | 'rerouting' | 'down' | 'gone';
  readonly reason: string;
  /** Of its route now, end to end, as far as that is known here. */
  readonly fibres?: readonly string[];
}

export interface ClientTimings {
  /** 10 s: MonALISA's renewal. */
  readonly heartbeat: Duration;
  /** A request or release fails when the agent has said nothing of it for this long: ours, above what all tries of one path take. */
  readonly requestLimit: Duration;
  readonly connectLimit: Duration;
  readonly connectAgain: Duration;
  readonly probePeriod: Duration;
}

export const CLIENT_TIMINGS: ClientTimings = { ...DEFAULT_TIMINGS, requestLimit: seconds(40) };

interface Pending {
  readonly message: Message;
  /** When it was made, or the agent last said that it is at it. */
  heardAt: Instant;
  readonly done: (answer: PathAnswer) => void;
}

export class PathClient {
  readonly #platform: Pick<Platform, 'clock' | 'network'>;
  readonly #agent: Address;
  readonly #timings: ClientTimings;
  readonly #link: PeerLink;
  readonly #stop = new AbortController();
  readonly #held = new Set<string>();
  /** Of held paths, as they were last granted. */
  readonly #fibres = new Map<string, readonly string[]>();
  readonly #requests = new Map<string, Pending>();
  readonly #releases = new Map<string, () => void>();
  readonly #frees = new Map<string, { message: Message; done: (ports: readonly string[]) => void }>();
  readonly #listeners = new Set<(news: PathNews) => void>();
  readonly #tasks: Promise<unknown>;

  constructor(
    platform: Pick<Platform, 'clock' | 'network'>,
    agent: Address,
    timings: Partial<ClientTimings> = {},
  ) {
    this.#platform = platform;
    this.#agent = agent;
    this.#timings = { ...CLIENT_TIMINGS, ...timings };
    this.#link = new PeerLink({
      platform,
      to: agent,
      timings: this.#timings,
      opened: (send) => this.#sayAll(send),
      received: (message) => this.#receive(message),
    });
    this.#tasks = Promise.all([this.#link.run(), this.#keepAlive()]);
  }

  /**
   * Asks for a light path. Resolves when it carries light or cannot be had, or when the agent has said nothing of it for
   * the request limit: where many ask at once, it may long wait for its turn.
   * Asking again for a path that is held answers with it as it is.
   */
  async request(request: PathRequest): Promise<PathGrant | PathRefusal> {
    const { path } = request;
    const answer = await this.#ask(path, { type: 'request', ...request });
    if (answer.kind === 'reserved') return refusal(path, 'name-taken', `${path} is reserved`);
    if (answer.kind === 'granted' && !this.#stop.signal.aborted) this.#held.add(path);
    return answer;
  }

  /**
   * Asks for a path whose terms reserve it. Resolves when its ports are booked or cannot be; what becomes of it, at its
   * start and later, is news.
   */
  async reserve(request: PathRequest): Promise<PathReservation | PathRefusal> {
    const answer = await this.#ask(request.path, { type: 'request', ...request });
    if (answer.kind === 'granted')
      return refusal(request.path, 'name-taken', `path ${request.path} is there already`);
    if (answer.kind === 'reserved' && !this.#stop.signal.aborted) this.#held.add(request.path);
    return answer;
  }

  /** Has what is on hold connected. Resolves as `request` does, or as `reserve` where its time is yet to come. */
  async confirm(path: string): Promise<PathAnswer> {
    const answer = await this.#ask(path, { type: 'confirm', path });
    if (answer.kind === 'granted' && !this.#stop.signal.aborted) this.#held.add(path);
    return answer;
  }

  /**
   * An operator's: has the switch of this client's agent let go of whatever it has of a path whose coordinator is gone
   * for good. Resolves with the ports, or null when the agent did not answer. Each switch of the path is asked by itself.
   */
  async free(path: string, by: string): Promise<readonly string[] | null> {
    const { clock } = this.#platform;
    const ports = await withDeadline(clock, this.#timings.requestLimit, `free path ${path}`, () => {
      const freed = new Promise<readonly string[]>((done) =>
        this.#frees.set(path, { message: { type: 'free', path, by }, done }),
      );
      this.#link.send({ type: 'free', path, by });
      return freed;
    }).catch((error: unknown) => {
      ignoreTimeout(error);
      return null;
    });
    this.#frees.delete(path);
    return ports;
  }

  /** Whether there is a connection to the agent now. */
  get isInTouch(): boolean {
    return this.#link.isUp;
  }

  /** Keeps a path again that an earlier life of this client had. What has become of it is news. */
  resume(path: string): void {
    this.#held.add(path);
    this.#link.send({ type: 'keep', paths: [path] });
  }

  /** Gives the path back. Resolves when the agent has let it go; if it never answers, the lease ends the path. */
  async release(path: string): Promise<void> {
    this.#forget(path);
    await withDeadline(this.#platform.clock, this.#timings.requestLimit, `release of path ${path}`, () => {
      const released = new Promise<void>((done) => this.#releases.set(path, done));
      this.#link.send({ type: 'give-back', path });
      return released;
    }).catch(ignoreTimeout);
    this.#releases.delete(path);
  }

  /** Calls `listener` when a held path is rerouted, is up again or gone, until the returned function is called. */
  subscribe(listener: (news: PathNews) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Gives everything back and ends. */
  async close(): Promise<void> {
    await Promise.all([...this.#held].map((path) => this.release(path)));
    this.#stop.abort();
    this.#link.close();
    await this.#tasks;
  }

  /** Ends without a word, as a client that died. */
  abandon(): void {
    this.#stop.abort();
    this.#link.abort();
  }

  async #ask(path: string, message: Message): Promise<PathAnswer> {
    if (this.#requests.has(path)) return refusal(path, 'name-taken', 'a request for it is under way');
    const { clock } = this.#platform;
    let done: Pending['done'] = () => {};
    const answered = new Promise<PathAnswer>((resolve) => {
      done = resolve;
    });
    const pending: Pending = { message, done, heardAt: clock.now() };
    this.#requests.set(path, pending);
    this.#link.send(message);
    const leftOf = (): Duration =>
      ns(Math.max(0, this.#timings.requestLimit - between(pending.heardAt, clock.now())));
    let answer: PathAnswer | undefined;
    for (let left = leftOf(); left > 0 && answer === undefined; left = leftOf())
      answer = await withDeadline(clock, left, `request of path ${path}`, () => answered).catch(
        ignoreTimeout,
      );
    this.#requests.delete(path);
    return answer ?? this.#unanswered(path);
  }

  /** What was asked for, too: an agent may take longer over it than its lease for a client lasts. */
  async #keepAlive(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      await this.#platform.clock.sleep(this.#timings.heartbeat, signal).catch(ignoreCancelled);
      if (!signal.aborted)
        this.#link.send({ type: 'keep', paths: [...this.#held, ...this.#requests.keys()] });
    }
  }

  /** On each new connection: what is held, and what was asked and not answered on the old one. */
  #sayAll(send: (message: Message) => void): void {
    if (this.#held.size > 0) send({ type: 'keep', paths: [...this.#held] });
    for (const { message } of this.#requests.values()) send(message);
    for (const { message } of this.#frees.values()) send(message);
    for (const path of this.#releases.keys()) send({ type: 'give-back', path });
  }

  #receive(message: Message): void {
    if (message.type === 'granted') {
      if (this.#held.has(message.path)) this.#fibres.set(message.path, message.fibres);
      this.#requests.get(message.path)?.done(grantOf(message));
    } else if (message.type === 'reserved') {
      const { path, fibres, start, end } = message;
      this.#requests.get(path)?.done({ kind: 'reserved', path, fibres, start, end });
    } else if (message.type === 'refused')
      this.#requests.get(message.path)?.done(refusal(message.path, message.kind, message.reason));
    else if (message.type === 'freed') this.#frees.get(message.path)?.done(message.ports);
    else if (message.type === 'path-state' && message.state === 'setting-up') this.#heardOf(message.path);
    else if (message.type === 'given-back') this.#givenBack(message.path);
    else if (message.type === 'path-state' && this.#held.has(message.path)) {
      const { path, reason } = message;
      const state = message.state as PathNews['state'];
      const fibres = this.#fibres.get(path);
      if (state === 'gone') this.#forget(path);
      const news = { path, state, reason, ...(fibres && { fibres }) };
      for (const listener of [...this.#listeners]) listener(news);
    }
  }

  #heardOf(path: string): void {
    const pending = this.#requests.get(path);
    if (pending !== undefined) pending.heardAt = this.#platform.clock.now();
  }

  #forget(path: string): boolean {
    this.#fibres.delete(path);
    return this.#held.delete(path);
  }

  #givenBack(path: string): void {
    this.#releases.get(path)?.();
    this.#requests.get(path)?.done(refusal(path, 'withdrawn', 'given back'));
    if (!this.#forget(path)) return;
    for (const listener of [...this.#listeners]) listener({ path, state: 'gone', reason: 'released' });
  }

  /** The agent may still set it up: it is told not to. */
  #unanswered(path: string): PathRefusal {
    this.#link.send({ type: 'give-back', path });
    const agent = formatAddress(this.#agent);
    const limit = this.#timings.requestLimit / 1e9;
    return refusal(path, 'no-answer', `agent ${agent} did not answer within ${limit} s`);
  }
}

const grantOf = ({ path, revision, fibres, crossConnects, setup_ns }: MessageOf<'granted'>): PathGrant => ({
  kind: 'granted',
  path,
  revision,
  fibres,
  crossConnects,
  setup: ns(setup_ns),
});

function ignoreTimeout(error: unknown): undefined {
  if (!(error instanceof TimeoutError)) throw error;
}
