// A light path with 1+1 protection: two legs, each a light path of its own with its own transactions and leases, that
// share nothing. Receivers select among what is lit without asking anybody; all that is left to do here is to
// keep two legs there. A leg that is lost moves, or is made again, beside the other one; the path is DOWN only
// when both are gone.

import { assert } from '../core/assert.ts';
import { between, type Instant } from '../core/time.ts';
import type { AgentContext } from './agent-context.ts';
import type { Avoided } from './avoided.ts';
import type { DisjointRoutesResult } from './disjoint-routes.ts';
import { LegRoutes } from './leg-routes.ts';
import type { LightPath, LightPathNews } from './light-path.ts';
import { type PathTerms, recordOf } from './path-terms.ts';
import { PROTECTED_PATH_TRANSITIONS, type ProtectedPathState } from './protected-path-state.ts';
import { legName, type Protection } from './protection.ts';
import { choosePair } from './protection-route.ts';
import type { PathFailure } from './refusal.ts';
import type { Route } from './route.ts';
import type { PathEnds } from './route-choice.ts';
import type { RouteGuide } from './route-guide.ts';

/** What a protected path needs of whoever keeps light paths. */
export interface LegKeeper {
  /** A new light path, known by its name to all that speaks of it from now on. */
  open(ends: PathEnds, guide: RouteGuide, news: LightPathNews): LightPath;
  /** Nobody is to hear of it any more. */
  close(leg: string): void;
  stop(leg: LightPath, reason: string): void;
  release(path: string, switchName: string, revision: number): void;
}

export interface ProtectedPathNews {
  up(path: ProtectedPath): void;
  rerouting(path: ProtectedPath): void;
  /** Both legs are DOWN; they come back when they can. */
  down(path: ProtectedPath, failure: PathFailure): void;
  ended(path: ProtectedPath, wasUp: boolean, failure: PathFailure | null): void;
}

interface Leg {
  readonly path: LightPath;
  /** Of the pair that was found for both. */
  readonly planned: Route | null;
  isLit: boolean;
  isDown: boolean;
}

export class ProtectedPath {
  readonly name: string;
  readonly from: string;
  readonly to: string;
  readonly #c: AgentContext;
  readonly #terms: PathTerms;
  readonly #protection: Protection;
  readonly #keeper: LegKeeper;
  readonly #news: ProtectedPathNews;
  readonly #requestedAt: Instant;
  readonly #legs = new Map<string, Leg>();
  readonly #routes: LegRoutes;
  #state: ProtectedPathState = 'setting-up';
  #legCount = 0;
  #setUpAt: Instant | null = null;
  #isStopped = false;
  #failure: PathFailure | null = null;

  constructor(
    ends: PathEnds,
    protection: Protection,
    context: AgentContext,
    keeper: LegKeeper,
    news: ProtectedPathNews,
  ) {
    this.name = ends.path;
    this.from = ends.from;
    this.to = ends.to;
    this.#c = context;
    this.#terms = ends.terms;
    this.#protection = protection;
    this.#routes = new LegRoutes(context, protection, this.#legs);
    this.#keeper = keeper;
    this.#news = news;
    this.#requestedAt = this.#now();
  }

  get state(): ProtectedPathState {
    return this.#state;
  }

  /** Whether a receiver has something to select. */
  get isUp(): boolean {
    return this.#state === 'protected' || this.#state === 'unprotected';
  }

  /** Of all legs that are there. */
  get routes(): readonly Route[] {
    return [...this.#legs.values()].flatMap(({ path }) => path.route ?? []);
  }

  get setup(): number {
    return between(this.#requestedAt, this.#setUpAt ?? this.#requestedAt);
  }

  /** Sets both legs up. */
  async start(): Promise<void> {
    const ends = this.#endsOf(this.name);
    const choose = (): DisjointRoutesResult => choosePair(this.#c, ends, this.#protection.disjoint);
    let pair = choose();
    // Just after a start not all that there is may be known.
    if (pair.kind === 'none' && (await this.#c.meet())) pair = choose();
    if (this.#isStopped) return;
    if (pair.kind === 'none') this.#end(pair.failure);
    else for (const route of pair.routes) this.#run(this.#open(route));
  }

  /** After a restart: takes the legs of the log up again by `resume`, and has the missing ones made. */
  restore(legNumbers: readonly number[], resume: (leg: LightPath) => Promise<void>): void {
    this.#state = 'dark';
    this.#setUpAt = this.#requestedAt;
    for (const number of legNumbers) {
      this.#legCount = number - 1;
      this.#c.watch(resume(this.#open(null)));
    }
    this.#legCount = Math.max(...legNumbers);
    if (this.#legs.size < 2) this.#makeAgainLater();
  }

  stop(reason: string): void {
    this.#isStopped = true;
    for (const { path } of [...this.#legs.values()]) this.#keeper.stop(path, reason);
    if (this.#legs.size === 0) this.#end(null);
  }

  #open(planned: Route | null): LightPath {
    const ends = this.#endsOf(legName(this.name, ++this.#legCount));
    const guide = {
      choose: (avoided: Avoided, isReroute: boolean) => this.#routes.choose(ends, avoided, isReroute),
      mayTake: (route: Route) => this.#routes.isApart(ends.path, route),
    };
    const path = this.#keeper.open(ends, guide, {
      up: () => this.#lit(ends.path, true),
      rerouting: () => this.#lit(ends.path, false),
      down: (_, failure) => this.#legDown(ends.path, failure),
      ended: (_, wasUp, failure) => this.#legEnded(ends.path, wasUp, failure),
      release: (leg, switchName, revision) => this.#keeper.release(leg, switchName, revision),
    });
    this.#legs.set(ends.path, { path, planned, isLit: false, isDown: false });
    return path;
  }

  #run(leg: LightPath): void {
    const { from, to, name: of } = this;
    this.#record('path.requested', { path: leg.name, from, to, of, ...recordOf(this.#terms) });
    this.#c.watch(leg.run());
  }

  #endsOf(path: string): PathEnds {
    return { path, from: this.from, to: this.to, terms: this.#terms };
  }

  #lit(name: string, isLit: boolean): void {
    const leg = this.#legs.get(name);
    if (leg === undefined) return;
    leg.isLit = isLit;
    if (isLit) leg.isDown = false;
    this.#review();
  }

  #legDown(name: string, failure: PathFailure): void {
    this.#lit(name, false);
    const leg = this.#legs.get(name);
    if (leg === undefined || leg.isDown) return;
    leg.isDown = true;
    if (this.#state !== 'dark' || [...this.#legs.values()].some((other) => !other.isDown)) return;
    this.#record('path.down', { path: this.name, ...failure });
    this.#news.down(this, failure);
  }

  #legEnded(name: string, wasUp: boolean, failure: PathFailure | null): void {
    this.#legs.delete(name);
    this.#keeper.close(name);
    if (failure === null) this.#record('path.released', { path: name });
    else this.#record(wasUp ? 'path.down' : 'path.refused', { path: name, ...failure });
    const isSetUp = this.#setUpAt !== null;
    if (failure !== null && (!isSetUp || this.#legs.size === 0)) this.#giveUp(failure);
    if (this.#isStopped && this.#legs.size === 0) this.#end(this.#failure);
    if (this.#isStopped) return;
    this.#review();
    this.#makeAgainLater();
  }

  /** One leg alone is not what was asked for; none is nothing. */
  #giveUp(failure: PathFailure): void {
    this.#failure ??= failure;
    if (this.#isStopped) return;
    this.#isStopped = true;
    for (const { path } of [...this.#legs.values()]) this.#keeper.stop(path, 'its other leg cannot be had');
  }

  #makeAgainLater(): void {
    this.#c.platform.clock.timer(this.#c.timings.legAgain, () => {
      if (!this.#isStopped && this.#legs.size < 2) this.#run(this.#open(null));
    });
  }

  /** The state follows from which legs are lit. */
  #review(): void {
    if (this.#isStopped) return;
    const lit = [...this.#legs].filter(([, leg]) => leg.isLit).map(([name]) => name);
    if (this.#setUpAt === null && lit.length < 2) return;
    const next = lit.length === 2 ? 'protected' : lit.length === 1 ? 'unprotected' : 'dark';
    if (next === this.#state) return;
    const wasUp = this.isUp;
    this.#setUpAt ??= this.#now();
    this.#enter(next);
    if (next === 'dark') {
      this.#record('path.dark', { path: this.name });
      this.#news.rerouting(this);
    } else if (!wasUp) {
      this.#record('path.up', this.#upFields());
      this.#news.up(this);
    }
    if (next === 'protected') this.#record('path.protected', { path: this.name, legs: lit });
    if (next === 'unprotected') this.#record('path.unprotected', { path: this.name, legs: lit });
  }

  /** The fibres are those of its legs, which report them. */
  #upFields(): Parameters<AgentContext['platform']['log']['record']>[1] {
    const legs = [...this.#legs.keys()];
    return { path: this.name, revision: 0, fibres: [], crossconnects: [], setup_ns: this.setup, legs };
  }

  #end(failure: PathFailure | null): void {
    const wasUp = this.#setUpAt !== null;
    this.#enter('ended');
    this.#news.ended(this, wasUp, failure);
  }

  #enter(state: ProtectedPathState): void {
    assert(
      PROTECTED_PATH_TRANSITIONS[this.#state].includes(state),
      `path ${this.name}: ${this.#state} to ${state}`,
    );
    this.#state = state;
  }

  #record(kind: string, fields: Parameters<AgentContext['platform']['log']['record']>[1]): void {
    this.#c.platform.log.record(kind, fields);
  }

  #now(): Instant {
    return this.#c.platform.clock.now();
  }
}
