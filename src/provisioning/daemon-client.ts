// What an application of a host uses to ask its daemon: one connection, whose end gives back what it asked for. Answers
// are matched by what they are about, as several requests may be under way.

import type { Address, Network } from '../platform/platform.ts';
import {
  type DaemonAnswer,
  type DaemonAnswerOf,
  type DaemonRequest,
  type PathStatus,
  parseDaemonAnswer,
} from './daemon-messages.ts';
import { LineConnection } from './message-connection.ts';

export type DaemonPathAnswer = DaemonAnswerOf<'granted' | 'reserved' | 'refused'>;
export type DaemonPathRequest = Omit<Extract<DaemonRequest, { type: 'request' }>, 'type'>;

interface Waiting {
  readonly takes: (answer: DaemonAnswer) => boolean;
  /** Null when the daemon has gone. */
  readonly done: (answer: DaemonAnswer | null) => void;
}

export class DaemonClient {
  readonly #connection: LineConnection<DaemonAnswer, DaemonRequest>;
  #waiting: Waiting[] = [];
  #news: (status: PathStatus) => void = () => {};
  /** Resolves when the connection has ended, from whichever side. */
  readonly ended: Promise<void>;

  private constructor(connection: LineConnection<DaemonAnswer, DaemonRequest>) {
    this.#connection = connection;
    this.ended = connection.receive((answer) => this.#receive(answer)).then(() => this.#end());
  }

  /** Rejects with `NetworkError` where no daemon listens. */
  static async connect(network: Pick<Network, 'connect'>, daemon: Address): Promise<DaemonClient> {
    const connection = await network.connect(daemon);
    return new DaemonClient(new LineConnection(connection, parseDaemonAnswer));
  }

  get isOpen(): boolean {
    return this.#connection.isOpen;
  }

  request(request: DaemonPathRequest): Promise<DaemonPathAnswer> {
    return this.#askForPath({ type: 'request', ...request }, request.path);
  }

  confirm(path: string): Promise<DaemonPathAnswer> {
    return this.#askForPath({ type: 'confirm', path }, path);
  }

  /** Resolves when it is given back, or the daemon has gone, which comes to the same after its grace. */
  async release(path: string): Promise<void> {
    await this.#ask(
      { type: 'release', path },
      (answer) => answer.type === 'released' && answer.path === path,
    );
  }

  /** Null when the daemon has gone. */
  async list(): Promise<readonly PathStatus[] | null> {
    const answer = await this.#ask({ type: 'list' }, ({ type }) => type === 'paths');
    return answer?.type === 'paths' ? answer.paths : null;
  }

  /** Calls `news` with each path as it is now, and again whenever it changes. */
  watch(news: (status: PathStatus) => void): void {
    this.#news = news;
    this.#connection.send({ type: 'watch' });
  }

  /** Paths that are not detached are given back after the daemon's grace. */
  close(): void {
    this.#connection.close();
  }

  async #askForPath(request: DaemonRequest, path: string): Promise<DaemonPathAnswer> {
    const answer = await this.#ask(request, (each) => isPathAnswer(each) && each.path === path);
    if (answer !== null && isPathAnswer(answer)) return answer;
    const [kind, reason] =
      answer?.type === 'error'
        ? (['bad-request', answer.reason] as const)
        : (['no-answer', 'the daemon has gone'] as const);
    return { type: 'refused', path, kind, reason };
  }

  /** What could not be read is answered with an error; requests of this client are answered in order then. */
  #ask(request: DaemonRequest, takes: (answer: DaemonAnswer) => boolean): Promise<DaemonAnswer | null> {
    if (!this.#connection.isOpen) return Promise.resolve(null);
    return new Promise((done) => {
      this.#waiting.push({ takes: (answer) => answer.type === 'error' || takes(answer), done });
      this.#connection.send(request);
    });
  }

  #receive(answer: DaemonAnswer): void {
    if (answer.type === 'news') {
      const { type: _, ...status } = answer;
      return this.#news(status);
    }
    const waiting = this.#waiting.find(({ takes }) => takes(answer));
    this.#waiting = this.#waiting.filter((each) => each !== waiting);
    waiting?.done(answer);
  }

  #end(): void {
    for (const { done } of this.#waiting.splice(0)) done(null);
  }
}

const isPathAnswer = (answer: DaemonAnswer): answer is DaemonPathAnswer =>
  answer.type === 'granted' || answer.type === 'reserved' || answer.type === 'refused';
