// How a light path stands at its coordinator: its state, its route, what it hears and what it tells. The parts that
// move it share this and own nothing else of it; a change of state that the table does not allow is a bug.

import { assert } from '../core/assert.ts';
import { between, type Duration, type Instant, ns } from '../core/time.ts';
import type { AgentContext } from './agent-context.ts';
import type { BackupHolder } from './backup-holder.ts';
import { BackupRoute } from './backup-route.ts';
import type { DecisionLog } from './decision-log.ts';
import { EventBox } from './event-box.ts';
import { LIGHT_PATH_TRANSITIONS, type LightPathState } from './light-path-state.ts';
import type { PathEvent } from './path-event.ts';
import type { PathTerms } from './path-terms.ts';
import type { PathFailure } from './refusal.ts';
import { Reversion } from './reversion.ts';
import { crossConnectsOf, type Hop, type Route } from './route.ts';
import type { PathEnds } from './route-choice.ts';
import type { RouteGuide } from './route-guide.ts';
import { RouteHolding } from './route-holding.ts';
import { RouteMover } from './route-mover.ts';
import { LIMITS } from './timings.ts';
import type { TransactionRunner } from './transaction-runner.ts';

/** Who hears how one path fares. */
export interface PathVoice {
  up(): void;
  rerouting(): void;
  down(failure: PathFailure): void;
  ended(wasUp: boolean, failure: PathFailure | null): void;
  release(path: string, switchName: string, revision: number): void;
}

export interface PathStandingOptions {
  readonly ends: PathEnds;
  readonly context: AgentContext;
  readonly log: DecisionLog;
  readonly runner: TransactionRunner;
  readonly voice: PathVoice;
  readonly guide: RouteGuide;
  /** Null where no backup can be shared. */
  readonly backups: BackupHolder | null;
}

export class PathStanding {
  readonly name: string;
  readonly from: string;
  readonly to: string;
  readonly terms: PathTerms;
  readonly context: AgentContext;
  readonly log: DecisionLog;
  readonly voice: PathVoice;
  readonly guide: RouteGuide;
  readonly events: EventBox<PathEvent>;
  readonly requestedAt: Instant;
  readonly holding = new RouteHolding();
  readonly mover: RouteMover;
  readonly reversion: Reversion;
  /** With 1:1 protection, or a shared backup. */
  readonly backup: BackupRoute | null;
  /** Hears each event when it comes, before its turn. */
  overhear: (event: PathEvent) => void = () => {};
  setUpAt: Instant | null = null;
  /** The revision that was last seen to carry light. */
  lastUpRevision = -1;
  /** Since a restart no switch has said whether light arrives. */
  isUnheard = false;
  /** What keeps it dark can be mended on its route only, so it stays there meanwhile. */
  keepsRoute = false;
  /** The fibre to a host that light is missed on, and that has no other: of no more news is it that the host is dark. */
  waitsFor: string | null = null;
  /** Why it is DOWN, while it is. */
  downFor: PathFailure | null = null;
  #state: LightPathState = 'allocating';
  #isStopped = false;
  /** Ends the pause that its task is in. */
  #goOn = (): void => {};

  constructor({ ends, context, log, runner, voice, guide, backups }: PathStandingOptions) {
    this.name = ends.path;
    this.from = ends.from;
    this.to = ends.to;
    this.terms = ends.terms;
    this.guide = guide;
    const { waitToRestore_ns: wait, protection } = ends.terms;
    this.reversion = new Reversion(wait === undefined ? null : ns(wait));
    this.context = context;
    this.log = log;
    this.voice = voice;
    this.events = new EventBox(context.platform.clock);
    this.requestedAt = context.platform.clock.now();
    const { holding } = this;
    const release = voice.release.bind(voice);
    const working = (): Route | null => this.reversion.working;
    this.mover = new RouteMover({ ends, context, runner, holding, guide, release, working });
    this.backup =
      protection === undefined || protection.kind === '1+1'
        ? null
        : new BackupRoute({
            context,
            ends,
            disjoint: protection.disjoint,
            mover: this.mover,
            sharedBy: protection.kind === 'shared' ? backups : null,
            inUse: () => (this.#state === 'up' ? this.route : null),
          });
  }

  get state(): LightPathState {
    return this.#state;
  }

  get isStopped(): boolean {
    return this.#isStopped;
  }

  get revision(): number {
    return this.holding.revision;
  }

  get route(): Route | null {
    return this.holding.route;
  }

  /** What switches hold as far as is known. */
  get held(): readonly Hop[] {
    return this.holding.held;
  }

  get setup(): number {
    return between(this.requestedAt, this.setUpAt ?? this.requestedAt);
  }

  /** What of its route is in maintenance. */
  get fibresOut(): readonly string[] {
    const { route } = this;
    if (route === null || this.held.length === 0) return [];
    const own = new Set(route.fibres);
    const fibres = this.context.view.fibres(this.now());
    return fibres.flatMap((fibre) => (own.has(fibre.id) && fibre.isOut() ? [fibre.id] : []));
  }

  /** Why it stays on its route, if it does: by its own terms, or by an operator's word. */
  get fixed(): 'pinned' | 'frozen' | null {
    if (this.setUpAt === null) return null;
    if (this.terms.isPinned === true) return 'pinned';
    return this.context.isFrozen(this.name) ? 'frozen' : null;
  }

  /** Once it is up, it goes nowhere else by itself. */
  get isStuck(): boolean {
    return this.fixed !== null;
  }

  /** It is to end: whatever its task is at, it waits no longer than for what is decided already. */
  stop(): void {
    this.#isStopped = true;
    this.#goOn();
  }

  enter(state: LightPathState): void {
    if (state === this.#state) return;
    assert(
      LIGHT_PATH_TRANSITIONS[this.#state].includes(state),
      `path ${this.name}: ${this.#state} to ${state}`,
    );
    this.#state = state;
  }

  /** There is light on its route. */
  nowUp(): null {
    const { route, revision } = this;
    assert(route !== null, `path ${this.name} is lit without a route`);
    if (this.isStopped) return null;
    this.setUpAt ??= this.now();
    this.lastUpRevision = revision;
    this.reversion.up(route, this.now());
    this.enter('up');
    this.record('path.up', {
      path: this.name,
      revision,
      fibres: [...route.fibres],
      crossconnects: crossConnectsOf(route),
      setup_ns: this.setup,
    });
    this.voice.up();
    this.backup?.refresh();
    if (this.fibresOut.length > 0) this.context.drainSoon();
    return null;
  }

  letGo(): void {
    this.backup?.drop('the path lets go');
    for (const { switchName } of this.held)
      this.voice.release(this.name, switchName, this.holding.lastRevision);
    this.holding.clear();
  }

  /** For so long, or until it is stopped. */
  pause(d: Duration): Promise<void> {
    if (this.isStopped) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = this.context.platform.clock.timer(d, () => this.#goOn());
      this.#goOn = () => {
        timer.cancel();
        resolve();
      };
    });
  }

  async backOff(): Promise<void> {
    const { random } = this.context.platform;
    const { backOff } = this.context.timings;
    await this.pause(ns(backOff / 2 + random.integer(backOff / 2)));
  }

  /**
   * Others were faster: some time for them to end, and for all refusals to come in, the longer the more often that
   * happened, and never the same for two.
   */
  async stepBack(times: number): Promise<void> {
    const { random } = this.context.platform;
    const { stepBack } = this.context.timings;
    const most = stepBack * 2 ** Math.min(times, LIMITS.stepBackDoublings);
    await this.pause(ns(stepBack + random.integer(most)));
  }

  record(...[kind, fields]: Parameters<AgentContext['platform']['log']['record']>): void {
    this.context.platform.log.record(kind, fields);
  }

  now(): Instant {
    return this.context.platform.clock.now();
  }
}
