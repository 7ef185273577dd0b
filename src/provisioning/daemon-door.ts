// Where the applications of a host come in: one connection each, a request a line. What an application asks for belongs
// to its connection, unless it says otherwise.

import type { Connection } from '../platform/platform.ts';
import { DAEMON_LIMITS } from './daemon-config.ts';
import {
  type BadRequest,
  type DaemonAnswer,
  type DaemonAnswerOf,
  type DaemonRequest,
  type PathStatus,
  parseDaemonRequest,
} from './daemon-messages.ts';
import type { DaemonPaths } from './daemon-paths.ts';
import { LineConnection } from './message-connection.ts';
import { type PathAnswer, refusal } from './path-answer.ts';

type Application = LineConnection<DaemonRequest | BadRequest, DaemonAnswer>;

export interface DaemonDoorOptions {
  /** Where paths begin, if nothing else is said. */
  readonly host: string;
  readonly paths: DaemonPaths;
  readonly statuses: () => readonly PathStatus[];
  readonly watch: (task: Promise<unknown>) => void;
}

export class DaemonDoor {
  readonly #o: DaemonDoorOptions;
  readonly #watchers = new Set<Application>();
  /** What watchers were told last, by path. */
  readonly #told = new Map<string, string>();
  #connections = 0;

  constructor(options: DaemonDoorOptions) {
    this.#o = options;
  }

  accept(connection: Connection): void {
    if (this.#connections >= DAEMON_LIMITS.connectionsMax) return connection.abort();
    this.#connections++;
    const application: Application = new LineConnection(connection, parseDaemonRequest);
    const served = application.receive((request) => this.#o.watch(this.#serve(application, request)));
    this.#o.watch(
      served.then(() => {
        this.#connections--;
        this.#watchers.delete(application);
        this.#o.paths.gone(application);
      }),
    );
  }

  /** Only what is new is news. */
  tell(status: PathStatus): void {
    const { path, state } = status;
    const text = JSON.stringify(status);
    if (this.#told.get(path) === text) return;
    if (state === 'ended') this.#told.delete(path);
    else this.#told.set(path, text);
    for (const application of this.#watchers) application.send({ type: 'news', ...status });
  }

  async #serve(application: Application, request: DaemonRequest | BadRequest): Promise<void> {
    const { paths, statuses } = this.#o;
    switch (request.type) {
      case 'bad':
        return application.send({ type: 'error', reason: request.reason });
      case 'list':
        return application.send({ type: 'paths', paths: [...statuses()] });
      case 'watch':
        this.#watchers.add(application);
        for (const status of statuses()) application.send({ type: 'news', ...status });
        return;
      case 'release':
        await paths.release(request.path);
        return application.send({ type: 'released', path: request.path });
      case 'confirm':
        return application.send(answerOf(request.path, await paths.confirm(request.path)));
      case 'request':
        return application.send(answerOf(request.path, await this.#request(application, request)));
    }
  }

  async #request(
    application: Application,
    request: Extract<DaemonRequest, { type: 'request' }>,
  ): Promise<PathAnswer> {
    const { path, from = this.#o.host, to, terms = {}, detached = false } = request;
    if (from === to) return refusal(path, 'bad-request', `both ends are at ${to}`);
    return await this.#o.paths.request(application, { path, from, to, terms, isDetached: detached });
  }
}

/** By the name that the application gave it. */
function answerOf(path: string, answer: PathAnswer): DaemonAnswerOf<'granted' | 'reserved' | 'refused'> {
  if (answer.kind === 'refused') return { type: 'refused', path, kind: answer.why, reason: answer.reason };
  const fibres = [...answer.fibres];
  if (answer.kind === 'granted') return { type: 'granted', path, fibres, setup_ns: answer.setup };
  return { type: 'reserved', path, fibres, start: answer.start, end: answer.end };
}
