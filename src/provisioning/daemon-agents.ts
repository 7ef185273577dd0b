// The agents that a daemon may ask: which of them is nearest, by round trips measured over connections of their own, and
// whether the ones that keep its paths are still in touch.

import { between, type Duration, type Instant } from '../core/time.ts';
import { withDeadline } from '../platform/deadline.ts';
import { NetworkError, TimeoutError } from '../platform/errors.ts';
import { type Address, formatAddress, type Platform } from '../platform/platform.ts';
import { PathClient, type PathNews, type PathRequest } from './client.ts';
import { DAEMON_LIMITS, type DaemonTimings } from './daemon-config.ts';
import { MessageConnection } from './message-connection.ts';
import { type PathAnswer, refusal } from './path-answer.ts';
import { ignoreCancelled } from './peer-link.ts';

export interface DaemonAgentsOptions {
  readonly platform: Pick<Platform, 'clock' | 'network'>;
  readonly agents: readonly Address[];
  readonly timings: DaemonTimings;
  readonly news: (agent: Address, news: PathNews) => void;
  readonly watch: (task: Promise<unknown>) => void;
}

interface Asked {
  readonly address: Address;
  readonly client: PathClient;
  /** When it was last in touch. */
  seen: Instant;
}

export class DaemonAgents {
  readonly #o: DaemonAgentsOptions;
  readonly #asked = new Map<string, Asked>();
  /** Those that answered, nearest first. */
  #survey: { readonly order: readonly Address[]; readonly at: Instant } | null = null;

  constructor(options: DaemonAgentsOptions) {
    this.#o = options;
  }

  /** The nearest one that answers now, but for those; null when none does. */
  async nearest(except: ReadonlySet<string>): Promise<Address | null> {
    const isAsked = (agent: Address): boolean => !except.has(formatAddress(agent));
    const { surveyLife } = this.#o.timings;
    if (this.#survey !== null && between(this.#survey.at, this.#now()) < surveyLife) {
      for (const agent of this.#survey.order.filter(isAsked))
        if ((await this.#roundTrip(agent)) !== null) return agent;
    }
    return (await this.#measure()).find(isAsked) ?? null;
  }

  /** As `PathClient` answers; an agent that goes out of touch meanwhile is `no-answer` after a while. */
  async request(agent: Address, request: PathRequest): Promise<PathAnswer> {
    const asked = this.#ask(agent);
    const { client } = asked;
    const isNow = request.terms?.reserve === undefined;
    const answer = isNow ? client.request(request) : client.reserve(request);
    const settled = new AbortController();
    const silence = this.#outOfTouch(asked, settled.signal);
    const first = await Promise.race([answer, silence]);
    settled.abort();
    if (first !== null) return first;
    void this.release(agent, request.path);
    return refusal(request.path, 'no-answer', `agent ${formatAddress(agent)} is out of touch`);
  }

  confirm(agent: Address, path: string): Promise<PathAnswer> {
    return this.#ask(agent).client.confirm(path);
  }

  resume(agent: Address, path: string): void {
    this.#ask(agent).client.resume(path);
  }

  /** Resolves when the agent has let it go, or cannot be told. */
  release(agent: Address, path: string): Promise<void> {
    const released = this.#ask(agent).client.release(path);
    this.#o.watch(released);
    return released;
  }

  /** How long the agent has been out of touch. */
  silence(agent: Address): Duration {
    return this.#silenceOf(this.#ask(agent));
  }

  /** Has `silence` up to date. */
  look(): void {
    for (const asked of this.#asked.values()) this.#silenceOf(asked);
  }

  #silenceOf(asked: Asked): Duration {
    if (asked.client.isInTouch) asked.seen = this.#now();
    return between(asked.seen, this.#now());
  }

  #ask(address: Address): Asked {
    const name = formatAddress(address);
    const known = this.#asked.get(name);
    if (known !== undefined) return known;
    const { platform, timings, news } = this.#o;
    const client = new PathClient(platform, address, timings);
    client.subscribe((each) => news(address, each));
    const asked = { address, client, seen: this.#now() };
    this.#asked.set(name, asked);
    return asked;
  }

  /** Resolves with null once the agent has been out of touch for the limit; never after the signal. */
  async #outOfTouch(asked: Asked, signal: AbortSignal): Promise<null> {
    const { agentLimit, tick } = this.#o.timings;
    asked.seen = this.#now();
    while (!signal.aborted && this.#silenceOf(asked) < agentLimit)
      await this.#o.platform.clock.sleep(tick, signal).catch(ignoreCancelled);
    return signal.aborted ? new Promise<null>(() => {}) : null;
  }

  async #measure(): Promise<readonly Address[]> {
    const found: { agent: Address; time: number }[] = [];
    const { agents } = this.#o;
    for (let from = 0; from < agents.length; from += DAEMON_LIMITS.probesMax) {
      const some = agents.slice(from, from + DAEMON_LIMITS.probesMax);
      const times = await Promise.all(some.map((agent) => this.#roundTrip(agent)));
      for (const [i, agent] of some.entries()) {
        const time = times[i];
        if (time !== null && time !== undefined) found.push({ agent, time });
      }
    }
    const order = found.sort((a, b) => a.time - b.time).map(({ agent }) => agent);
    this.#survey = { order, at: this.#now() };
    return order;
  }

  /** From a probe to its answer; null when none comes in time. */
  async #roundTrip(agent: Address): Promise<Duration | null> {
    const { platform, timings } = this.#o;
    const what = `probe of agent ${formatAddress(agent)}`;
    return await withDeadline(platform.clock, timings.probeLimit, what, async (signal) => {
      const connection = await platform.network.connect(agent, signal);
      const messages = new MessageConnection(connection);
      signal.addEventListener('abort', () => messages.abort());
      const sentAt = this.#now();
      messages.send({ type: 'ping', number: 1 });
      let time: Duration | null = null;
      await messages.receive((message) => {
        if (message.type === 'pong' && time === null) {
          time = between(sentAt, this.#now());
          messages.abort();
        }
      });
      return time;
    }).catch(ignoreUnanswered);
  }

  #now(): Instant {
    return this.#o.platform.clock.now();
  }
}

function ignoreUnanswered(error: unknown): null {
  if (error instanceof NetworkError || error instanceof TimeoutError) return null;
  if (error instanceof Error && error.name === 'CancelledError') return null;
  throw error;
}
