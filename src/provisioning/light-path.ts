// One light path as its coordinator looks after it: allocate, wait for light, hold, and when light is lost find
// the failed fibre and move the path. One task, one event at a time; each step is one of the pure parts.
//
//   allocating -> lighting -> up -> locating -> moving -> lighting -> up ...
//                    any of them -> ended

import { assert } from '../core/assert.ts';
import { propagationDelay } from '../core/quantity.ts';
import { after, between, type Instant, ns } from '../core/time.ts';
import type { AgentContext } from './agent-context.ts';
import type { Refusal } from './coordinator.ts';
import type { DecisionLog, PathEntry } from './decision-log.ts';
import { EventBox } from './event-box.ts';
import { FailureLocator, type LocatorVerdict } from './failure-locator.ts';
import { searchFailure } from './failure-search.ts';
import type { MessageOf } from './messages.ts';
import type { PathEvent } from './path-event.ts';
import { compareRoutes, crossConnectsOf, type Hop, type Route, type RouteChange } from './route.ts';
import { Avoided, chooseRoute, type RouteChoice } from './route-choice.ts';
import { LIMITS } from './timings.ts';
import type { TransactionRunner } from './transaction-runner.ts';

export type LightPathState = 'allocating' | 'lighting' | 'up' | 'locating' | 'moving' | 'ended';
const TRANSITIONS: Readonly<Record<LightPathState, readonly LightPathState[]>> = {
  allocating: ['lighting', 'ended'],
  lighting: ['up', 'locating', 'ended'],
  up: ['locating', 'moving', 'ended'],
  locating: ['up', 'moving', 'ended'],
  moving: ['lighting', 'ended'],
  ended: [],
};

export interface LightPathNews {
  up(path: LightPath): void;
  rerouting(path: LightPath): void;
  /** The path is over. `wasUp`: it once was. `reason` is null when it was wanted. */
  ended(path: LightPath, wasUp: boolean, reason: string | null): void;
  /** A switch no longer has anything of the path up to that revision to hold. */
  release(path: string, switchName: string, revision: number): void;
}

export class LightPath {
  readonly name: string;
  readonly from: string;
  readonly to: string;
  readonly #c: AgentContext;
  readonly #log: DecisionLog;
  readonly #runner: TransactionRunner;
  readonly #news: LightPathNews;
  readonly #events: EventBox<PathEvent>;
  readonly #requestedAt: Instant;
  #setUpAt: Instant | null = null;
  /** The revision that was last seen to carry light. */
  #lastUpRevision = -1;
  #state: LightPathState = 'allocating';
  #route: Route | null = null;
  /** Of the route; tries have later numbers. */
  #revision = 0;
  #lastRevision: number;
  /** What switches hold as far as is known. */
  #held: Hop[] = [];
  /** Rounds of questions so far: answers to an older loss's questions are known by them. */
  #rounds = 0;
  /** Switches that have said they know the revision. */
  #told = new Set<string>();
  #isStopped = false;
  #failure: string | null = null;

  constructor(
    ends: { path: string; from: string; to: string },
    context: AgentContext,
    log: DecisionLog,
    runner: TransactionRunner,
    news: LightPathNews,
  ) {
    this.name = ends.path;
    this.from = ends.from;
    this.to = ends.to;
    this.#c = context;
    this.#log = log;
    this.#runner = runner;
    this.#news = news;
    this.#events = new EventBox(context.platform.clock);
    this.#requestedAt = context.platform.clock.now();
    this.#lastRevision = -1;
  }

  get state(): LightPathState {
    return this.#state;
  }

  get revision(): number {
    return this.#revision;
  }

  get route(): Route | null {
    return this.#route;
  }

  get held(): readonly Hop[] {
    return this.#held;
  }

  get setup(): number {
    return between(this.#requestedAt, this.#setUpAt ?? this.#requestedAt);
  }

  /** The hops that have not confirmed the revision they should know. */
  get untold(): readonly Hop[] {
    return this.#held.filter((hop) => !this.#told.has(hop.switchName));
  }

  /** Sets the path up and looks after it to its end. */
  async run(): Promise<void> {
    const avoided = new Avoided();
    this.#failure = await this.#move(avoided);
    await this.#live(avoided);
  }

  /** A path of the log, after a restart: as it is decided, once `settled`. */
  async resume(entry: PathEntry, settled: Promise<unknown>): Promise<void> {
    this.#adopt(entry.route, entry.revision, []);
    // Silence right after a restart means that links are not up yet, not that a switch is gone.
    this.#lastUpRevision = entry.revision;
    this.#held = [...entry.route.hops];
    this.#setUpAt = this.#requestedAt;
    this.#enter('lighting');
    await settled;
    this.#failure = await this.#findOut(new Avoided(), new FailureLocator(entry.route, this.#rounds), []);
    await this.#live(new Avoided());
  }

  put(event: PathEvent): void {
    if (event.kind === 'stop') this.#isStopped = true;
    this.#events.put(event);
  }

  /** `from` has answered a renewal. */
  renewed(from: string, { revision, isHeld }: MessageOf<'renewed'>): void {
    if (revision !== this.#revision) return;
    if (isHeld) this.#told.add(from);
    else if (this.#state === 'up' || this.#state === 'lighting')
      this.put({ kind: 'not-held', from, revision });
  }

  async #live(first: Avoided): Promise<void> {
    let avoided = first;
    while (this.#failure === null && !this.#isStopped) {
      const event = await this.#events.next(null);
      avoided = new Avoided();
      if (event?.kind === 'loss' && event.message.revision === this.#revision)
        this.#failure = await this.#recover(avoided, event);
      else if (event?.kind === 'not-held' && event.revision === this.#revision)
        this.#failure = await this.#remake(avoided, event.from);
    }
    await this.#end();
  }

  async #end(): Promise<void> {
    const wasUp = this.#setUpAt !== null;
    this.#enter('ended');
    await this.#log.append({ kind: 'path-ended', path: this.name });
    for (const { switchName } of this.#held) this.#news.release(this.name, switchName, this.#lastRevision);
    this.#held = [];
    this.#news.ended(this, wasUp, this.#isStopped ? null : this.#failure);
  }

  #recover(avoided: Avoided, loss: PathEvent & { kind: 'loss' }): Promise<string | null> {
    assert(this.#route !== null, `path ${this.name} is up without a route`);
    this.#news.rerouting(this);
    return this.#findOut(avoided, new FailureLocator(this.#route, this.#rounds), [loss]);
  }

  /** A switch has lost what it held: the path is made again there, or elsewhere. */
  async #remake(avoided: Avoided, switchName: string): Promise<string | null> {
    this.#news.rerouting(this);
    this.#held = this.#held.filter((hop) => hop.switchName !== switchName);
    this.#enter('moving');
    // A switch that lost its lease was cut off; its announcement comes as soon as its own link is back.
    await this.#c.platform.clock.sleep(this.#c.timings.connectAgain);
    return await this.#move(avoided);
  }

  /** Locates what makes the path dark and moves it. Null when light is there, else why it cannot be. */
  async #findOut(
    avoided: Avoided,
    locator: FailureLocator,
    known: readonly (PathEvent & { kind: 'loss' })[],
  ): Promise<string | null> {
    this.#enter('locating');
    for (const { from, message } of known) locator.reportDark(from, message.port);
    const verdict = await this.#locate(locator);
    if (this.#isStopped) return null;
    if (verdict.kind === 'terminal') return `no light from ${verdict.terminal} (fibre ${verdict.fibre})`;
    const wasUp = this.#lastUpRevision === this.#revision;
    if (verdict.kind === 'silent' && !wasUp) {
      for (const name of verdict.switches) avoided.switches.add(name);
      avoided.reasons.push(`no word of light from ${verdict.switches.join(', ')}`);
      this.#enter('moving');
      return await this.#move(avoided);
    }
    if (verdict.kind !== 'located') return this.#nowUp();
    this.#c.platform.log.record('loss.located', { path: this.name, fibres: [...verdict.fibres] });
    const now = this.#now();
    for (const fibre of verdict.fibres) {
      avoided.fibres.add(fibre);
      avoided.reasons.push(`fibre ${fibre} failed`);
      this.#c.failed.mark(fibre, now);
    }
    this.#shareFailed(verdict.fibres);
    this.#enter('moving');
    return await this.#move(avoided);
  }

  #locate(locator: FailureLocator): Promise<LocatorVerdict> {
    return searchFailure({
      locator,
      events: this.#events,
      revision: this.#revision,
      deadline: after(this.#now(), this.#c.timings.locateLimit),
      isStopped: () => this.#isStopped,
      ask: (round) => this.#probe(round),
    });
  }

  #probe(round: number): void {
    this.#rounds = round;
    for (const { switchName } of this.#held)
      this.#c.send(switchName, { type: 'probe', path: this.name, round });
  }

  /** Tries routes until one has light. Null then, else why there is none. */
  async #move(avoided: Avoided): Promise<string | null> {
    while (avoided.tries++ < LIMITS.attemptsMax && !this.#isStopped) {
      const found = this.#nextRoute(avoided);
      if (found.kind === 'wait') {
        await this.#backOff();
        continue;
      }
      if (found.kind === 'none') return [found.reason, avoided.why].filter((text) => text !== '').join('; ');
      const problem = await this.#tryRoute(found.route, avoided);
      if (problem !== 'again') return problem;
    }
    return this.#isStopped ? null : `gave up after ${LIMITS.attemptsMax} tries: ${avoided.why}`;
  }

  #nextRoute(avoided: Avoided): RouteChoice {
    const { name: path, from, to } = this;
    const choice = chooseRoute(this.#c, { path, from, to }, avoided);
    if (choice.kind !== 'found') return choice;
    const revision = ++this.#lastRevision;
    if (this.#setUpAt !== null) {
      this.#c.platform.log.record('reroute.started', { path, revision });
      this.#c.platform.log.record('reroute.decided', { path, revision, fibres: [...choice.route.fibres] });
    }
    return choice;
  }

  async #tryRoute(route: Route, avoided: Avoided): Promise<string | null | 'again'> {
    const change = compareRoutes(this.#held, route);
    const revision = this.#lastRevision;
    if (change.changed.length > 0) {
      const transaction = this.#runner.nextId();
      const entry: PathEntry = { path: this.name, revision, route };
      const result = await this.#runner.run(
        {
          transaction,
          path: this.name,
          revision,
          coordinator: this.#c.config.switchName,
          rank: { attempt: avoided.tries, transaction },
          voters: change.changed,
        },
        entry,
      );
      if (result.kind === 'aborted') {
        for (const refusal of result.refusals) avoided.refused(refusal);
        return 'again';
      }
      this.#committed(route, revision, change, result.failed);
      for (const refusal of result.failed) avoided.refused(refusal);
      if (result.failed.length > 0) return this.#again();
    } else this.#committed(route, revision, change, []);
    return await this.#awaitLight(route, avoided);
  }

  #again(): 'again' {
    this.#enter('lighting');
    this.#enter('locating');
    this.#enter('moving');
    return 'again';
  }

  /** The switches that changed hold the new; those the path leaves are told, as are those that stay. */
  #committed(route: Route, revision: number, change: RouteChange, failed: readonly Refusal[]): void {
    const isFailed = new Set(failed.map((refusal) => refusal.switchName));
    this.#adopt(
      route,
      revision,
      change.changed.map((v) => v.switchName),
    );
    this.#held = route.hops.filter((hop) => !isFailed.has(hop.switchName));
    for (const { switchName } of change.dropped) this.#news.release(this.name, switchName, revision);
    for (const { switchName, pair } of this.untold)
      this.#c.send(switchName, { type: 'renew', path: this.name, revision, pair });
  }

  #adopt(route: Route, revision: number, told: readonly string[]): void {
    this.#route = route;
    this.#revision = revision;
    this.#lastRevision = Math.max(this.#lastRevision, revision);
    this.#told = new Set(told);
  }

  async #awaitLight(route: Route, avoided: Avoided): Promise<string | null> {
    this.#enter('lighting');
    const lit = new Set<string>();
    const { timings } = this.#c;
    const deadline = after(this.#now(), ns(timings.lightLimit + propagationDelay(route.length)));
    while (!this.#isStopped) {
      const event = await this.#events.next(deadline);
      if (event?.kind === 'lit' && event.message.revision === this.#revision) lit.add(event.from);
      if (route.hops.every((hop) => lit.has(hop.switchName))) return this.#nowUp();
      const isLoss = event?.kind === 'loss' && event.message.revision === this.#revision;
      if (isLoss) return await this.#findOut(avoided, new FailureLocator(route, this.#rounds), [event]);
      if (event === null) return await this.#findOut(avoided, new FailureLocator(route, this.#rounds), []);
      if (event.kind === 'not-held' && event.revision === this.#revision)
        return await this.#remakeWhileLighting(avoided, event.from);
    }
    return null;
  }

  #remakeWhileLighting(avoided: Avoided, from: string): Promise<string | null> {
    this.#enter('locating');
    return this.#remake(avoided, from);
  }

  #nowUp(): null {
    const route = this.#route;
    assert(route !== null, `path ${this.name} is lit without a route`);
    if (this.#isStopped) return null;
    this.#setUpAt ??= this.#now();
    this.#lastUpRevision = this.#revision;
    this.#enter('up');
    this.#c.platform.log.record('path.up', {
      path: this.name,
      revision: this.#revision,
      fibres: [...route.fibres],
      crossconnects: crossConnectsOf(route),
      setup_ns: this.setup,
    });
    this.#news.up(this);
    return null;
  }

  async #backOff(): Promise<void> {
    const { clock, random } = this.#c.platform;
    await clock.sleep(ns(this.#c.timings.backOff / 2 + random.integer(this.#c.timings.backOff / 2)));
  }

  #shareFailed(fibres: readonly string[]): void {
    for (const { switchName } of this.#c.config.peers)
      this.#c.send(switchName, { type: 'failed', fibres: [...fibres] });
  }

  #enter(state: LightPathState): void {
    if (state === this.#state) return;
    assert(TRANSITIONS[this.#state].includes(state), `path ${this.name}: ${this.#state} to ${state}`);
    this.#state = state;
  }

  #now(): Instant {
    return this.#c.platform.clock.now();
  }
}
