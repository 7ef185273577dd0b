// The light paths of this host's applications: asks an agent for each, has it kept alive while its application lives,
// asks again for what was lost, and gives it back when the application has gone.

import { type Duration, ns } from '../core/time.ts';
import { formatAddress, type Platform } from '../platform/platform.ts';
import type { PathNews } from './client.ts';
import { DaemonAgents } from './daemon-agents.ts';
import { DAEMON_LIMITS, type DaemonConfig, type DaemonTimings } from './daemon-config.ts';
import type { DaemonLights } from './daemon-lights.ts';
import { DaemonPath } from './daemon-path.ts';
import type { DaemonStore } from './daemon-store.ts';
import { type PathAnswer, type PathGrant, refusal } from './path-answer.ts';
import type { PathTerms } from './path-terms.ts';

export interface DaemonPathsOptions {
  readonly platform: Platform;
  readonly config: DaemonConfig;
  readonly timings: DaemonTimings;
  readonly store: DaemonStore;
  readonly lights: DaemonLights;
  /** Told of each change of a path. */
  readonly changed: (path: DaemonPath) => void;
  readonly watch: (task: Promise<unknown>) => void;
}

export interface WantedPath {
  readonly path: string;
  readonly from: string;
  readonly to: string;
  readonly terms: PathTerms;
  readonly isDetached: boolean;
}

interface Kept {
  readonly path: DaemonPath;
  /** What its first request came to. */
  readonly answer: Promise<PathAnswer>;
  /** Before it is asked for again. */
  pause: Duration;
  isPaused: boolean;
}

export class DaemonPaths {
  readonly #o: DaemonPathsOptions;
  readonly #agents: DaemonAgents;
  readonly #paths = new Map<string, Kept>();

  constructor(options: DaemonPathsOptions) {
    this.#o = options;
    const { platform, config, timings, watch } = options;
    this.#agents = new DaemonAgents({
      ...{ platform, timings, watch },
      agents: config.agents,
      news: (agent, news) => this.#hear(formatAddress(agent), news),
    });
  }

  get all(): readonly DaemonPath[] {
    return [...this.#paths.values()].map(({ path }) => path);
  }

  /** Those of the last life: applications have the grace to come back for theirs. */
  restore(): void {
    for (const kept of this.#o.store.before) {
      const path = DaemonPath.restore(kept);
      const { alias: name, fibres } = path;
      const answer: PathGrant = {
        kind: 'granted',
        path: name,
        revision: 0,
        fibres,
        crossConnects: [],
        setup: ns(0),
      };
      const entry = this.#keep(path, Promise.resolve(answer));
      if (!path.isDetached) this.#endAfterGrace(path);
      if (kept.isHeld && path.agent !== null) this.#agents.resume(path.agent, name);
      else this.#askAgainLater(entry);
    }
  }

  /** Asking again for a path that is there answers as the first time, and takes it over when its application has gone. */
  async request(owner: object, wanted: WantedPath): Promise<PathAnswer> {
    const { path: name, from, to } = wanted;
    const known = this.#paths.get(name);
    if (known !== undefined) {
      const { path } = known;
      const isOthers = path.owner !== null && path.owner !== owner;
      if (isOthers || !path.isWanted || path.from !== from || path.to !== to)
        return refusal(name, 'name-taken', `there is another path ${name}`);
      path.owner = owner;
      path.isDetached = wanted.isDetached;
      return await known.answer;
    }
    if (this.#paths.size >= DAEMON_LIMITS.pathsMax)
      return refusal(name, 'limit', `more than ${DAEMON_LIMITS.pathsMax} paths`);
    const path = new DaemonPath(wanted);
    path.owner = owner;
    const answer = this.#obtain(path);
    const kept = this.#keep(path, answer);
    this.#o.changed(path);
    this.#settle(kept, await answer, true);
    return await answer;
  }

  async confirm(name: string): Promise<PathAnswer> {
    const path = this.#paths.get(name)?.path;
    if (path?.state !== 'reserved' || path.agent === null)
      return refusal(name, 'hold-expired', 'nothing is on hold for it');
    const answer = await this.#agents.confirm(path.agent, path.alias);
    if (answer.kind === 'granted' && path.isWanted) this.#up(path, answer.fibres);
    return answer;
  }

  /** Traffic leaves it first. Resolves when its agent has let it go, or cannot be told. */
  async release(name: string, reason = 'released'): Promise<void> {
    const kept = this.#paths.get(name);
    if (kept === undefined || !kept.path.isWanted) return;
    const { path } = kept;
    path.enter('leaving', reason);
    this.#o.lights.drop(path.alias);
    this.#changed(path);
    if (path.agent !== null) await this.#agents.release(path.agent, path.alias);
    this.#end(path, reason);
  }

  /** Its paths have the grace, but for those that were to outlive it. */
  gone(owner: object): void {
    for (const { path } of this.#paths.values()) {
      if (path.owner !== owner) continue;
      path.owner = null;
      if (!path.isDetached) this.#endAfterGrace(path);
    }
  }

  async run(): Promise<never> {
    const { platform, timings } = this.#o;
    for (;;) {
      await platform.clock.sleep(timings.tick);
      this.#agents.look();
      for (const kept of [...this.#paths.values()]) {
        const { agent, isHeld, terms, alias } = kept.path;
        // What is booked stays in the calendars of its switches, whoever is away.
        if (agent === null || !isHeld || kept.isPaused || terms.reserve !== undefined) continue;
        if (this.#agents.silence(agent) < timings.agentGone) continue;
        this.#o.watch(this.#agents.release(agent, alias));
        this.#lose(kept, `agent ${formatAddress(agent)} is out of touch`);
      }
    }
  }

  #keep(path: DaemonPath, answer: Promise<PathAnswer>): Kept {
    const kept = { path, answer, pause: this.#o.timings.askFirst, isPaused: false };
    this.#paths.set(path.path, kept);
    return kept;
  }

  /** Asks the nearest agent, and the next where one does not answer. */
  async #obtain(path: DaemonPath): Promise<PathAnswer> {
    const silent = new Set<string>();
    for (;;) {
      const agent = await this.#agents.nearest(silent);
      if (!path.isWanted) return refusal(path.path, 'withdrawn', path.reason);
      if (agent === null) return refusal(path.path, 'no-answer', `no agent answers${this.#listed()}`);
      path.askOf(agent);
      await this.#save();
      if (!path.isWanted) return refusal(path.path, 'withdrawn', path.reason);
      const { from, to, terms, alias } = path;
      const answer = await this.#agents.request(agent, { path: alias, from, to, terms });
      if (answer.kind !== 'refused' || answer.why !== 'no-answer' || !path.isWanted) return answer;
      silent.add(formatAddress(agent));
    }
  }

  #listed(): string {
    const names = this.#o.config.agents.map(formatAddress);
    return names.length === 0 ? ': none is known' : ` of ${names.join(', ')}`;
  }

  /** A first request that is refused ends the path; what was there before is asked for again. */
  #settle(kept: Kept, answer: PathAnswer, isFirst: boolean): void {
    const { path } = kept;
    // Given back meanwhile: its agent was told.
    if (!path.isWanted || path.state !== 'asking') return;
    if (answer.kind === 'granted') {
      kept.pause = this.#o.timings.askFirst;
      this.#up(path, answer.fibres);
    } else if (answer.kind === 'reserved') {
      path.fibres = answer.fibres;
      path.enter('reserved');
      this.#changed(path);
    } else if (isFirst) {
      path.enter('ended', answer.reason);
      this.#remove(path);
    } else {
      path.enter('down', answer.reason);
      this.#askAgainLater(kept);
      this.#changed(path);
    }
  }

  #hear(agent: string, news: PathNews): void {
    const kept = [...this.#paths.values()].find(
      ({ path }) => path.alias === news.path && path.agent !== null && formatAddress(path.agent) === agent,
    );
    if (kept === undefined || !kept.path.isHeld || kept.isPaused) return;
    const { path } = kept;
    if (news.state === 'up') return this.#up(path, news.fibres ?? path.fibres);
    if (news.state === 'gone') {
      if (path.terms.reserve === undefined) this.#lose(kept, news.reason);
      else this.#end(path, news.reason);
      return;
    }
    path.enter(news.state, news.reason);
    this.#changed(path);
  }

  #up(path: DaemonPath, fibres: readonly string[]): void {
    path.fibres = fibres;
    path.enter('up');
    this.#changed(path);
  }

  /** Nobody has it any more, but its application. */
  #lose(kept: Kept, reason: string): void {
    const { path } = kept;
    this.#o.lights.drop(path.alias);
    path.enter('down', reason);
    this.#askAgainLater(kept);
    this.#changed(path);
  }

  #askAgainLater(kept: Kept): void {
    const { platform, timings, watch, changed } = this.#o;
    const { path, pause } = kept;
    kept.isPaused = true;
    kept.pause = ns(Math.min(2 * pause, timings.askMost));
    platform.clock.timer(pause, () => {
      kept.isPaused = false;
      if (!path.isWanted) return;
      path.enter('asking');
      changed(path);
      watch(this.#obtain(path).then((answer) => this.#settle(kept, answer, false)));
    });
  }

  #endAfterGrace(path: DaemonPath): void {
    const { platform, timings, watch } = this.#o;
    platform.clock.timer(timings.grace, () => {
      if (path.owner === null && !path.isDetached && path.isWanted)
        watch(this.release(path.path, 'its application has gone'));
    });
  }

  #end(path: DaemonPath, reason: string): void {
    if (path.state === 'ended') return;
    path.enter('ended', reason);
    this.#remove(path);
  }

  #remove(path: DaemonPath): void {
    this.#paths.delete(path.path);
    this.#o.lights.drop(path.alias);
    this.#changed(path);
  }

  /** Light counts while an agent says that there is some; a route that moves loses it by itself. */
  #changed(path: DaemonPath): void {
    const { lights, watch, changed } = this.#o;
    const { alias, state, fibres, terms } = path;
    const isUp = state === 'up' || state === 'rerouting';
    // One way only, there is no light to agree on, and no way back for what goes over it.
    const peer = this.#peerOf(path);
    if (peer !== null && path.isWanted && terms.isSimplex !== true) {
      if (isUp || state === 'down') lights.follow(alias, peer, { isUp, fibres });
    }
    watch(this.#save());
    changed(path);
  }

  #peerOf({ from, to }: DaemonPath): string | null {
    const { host } = this.#o.config;
    return from === host ? to : to === host ? from : null;
  }

  async #save(): Promise<void> {
    await this.#o.store.save(this.all.filter(({ isWanted }) => isWanted).map(({ kept }) => kept));
  }
}
