// One light path as its coordinator looks after it: allocate, wait for light, hold, and when light is lost find
// the failed fibre and move the path. A path that was up and has no light anywhere is DOWN, not forgotten: it lets go
// of its route, or waits on it where that alone may carry it, and tries again. One task, one event at a time; each
// step is one of the pure parts.

import { assert } from '../core/assert.ts';
import { propagationDelay } from '../core/quantity.ts';
import { after, between, EPOCH, type Instant, ns } from '../core/time.ts';
import type { AgentContext } from './agent-context.ts';
import { BackupRoute, fibresBefore } from './backup-route.ts';
import type { DecisionLog, PathEntry } from './decision-log.ts';
import { EventBox } from './event-box.ts';
import { FailureLocator, type LocatorVerdict } from './failure-locator.ts';
import { searchFailure } from './failure-search.ts';
import { LIGHT_PATH_TRANSITIONS, type LightPathState } from './light-path-state.ts';
import { waitForLight } from './light-wait.ts';
import type { MessageOf } from './messages.ts';
import { isSameRoute, type MoveOrder, toLeave } from './move-order.ts';
import type { PathEvent } from './path-event.ts';
import { type PathTerms, priorityOf } from './path-terms.ts';
import { choosePreemption } from './preemption.ts';
import type { PathFailure } from './refusal.ts';
import { type News, RetrySchedule } from './retry-schedule.ts';
import { Reversion } from './reversion.ts';
import { crossConnectsOf, type Hop, type Route } from './route.ts';
import { Avoided, type PathEnds, type RouteChoice } from './route-choice.ts';
import type { RouteGuide } from './route-guide.ts';
import { RouteHolding } from './route-holding.ts';
import { type HeldMove, RouteMover } from './route-mover.ts';
import { LIMITS } from './timings.ts';
import type { TransactionResult, TransactionRunner } from './transaction-runner.ts';

type Loss = PathEvent & { kind: 'loss' };
type Transacted = RouteChoice & { kind: 'found' } & { readonly result: TransactionResult };

export interface LightPathNews {
  up(path: LightPath): void;
  rerouting(path: LightPath): void;
  /** It has no light for the reason given, and waits for that to change. */
  down(path: LightPath, failure: PathFailure): void;
  /** The path is over. `wasUp`: it once was. `failure` is null when that was wanted. */
  ended(path: LightPath, wasUp: boolean, failure: PathFailure | null): void;
  /** A switch no longer has anything of the path up to that revision to hold. */
  release(path: string, switchName: string, revision: number): void;
}

export class LightPath {
  readonly name: string;
  readonly from: string;
  readonly to: string;
  readonly terms: PathTerms;
  readonly #c: AgentContext;
  readonly #log: DecisionLog;
  readonly #news: LightPathNews;
  readonly #events: EventBox<PathEvent>;
  readonly #requestedAt: Instant;
  readonly #holding = new RouteHolding();
  readonly #mover: RouteMover;
  readonly #guide: RouteGuide;
  readonly #reversion: Reversion;
  /** With 1:1 protection. */
  readonly #backup: BackupRoute | null;
  #setUpAt: Instant | null = null;
  /** The revision that was last seen to carry light. */
  #lastUpRevision = -1;
  #state: LightPathState = 'allocating';
  /** Rounds of questions so far: answers to an older loss's questions are known by them. */
  #rounds = 0;
  #isStopped = false;
  /** Since a restart no switch has said whether light arrives. */
  #isUnheard = false;
  #claim: MessageOf<'preempt'> | null = null;
  #orders: MoveOrder[] = [];
  #yielded: { readonly fibres: readonly string[]; readonly until: Instant } = { fibres: [], until: EPOCH };
  /** What keeps it dark can be mended on its route only, so it stays there meanwhile. */
  #keepsRoute = false;
  /** Why it is DOWN, while it is. */
  #downFor: PathFailure | null = null;

  constructor(
    ends: PathEnds,
    context: AgentContext,
    log: DecisionLog,
    runner: TransactionRunner,
    news: LightPathNews,
    guide: RouteGuide = {},
  ) {
    this.name = ends.path;
    this.from = ends.from;
    this.to = ends.to;
    this.terms = ends.terms;
    this.#guide = guide;
    const { waitToRestore_ns: wait } = ends.terms;
    this.#reversion = new Reversion(wait === undefined ? null : ns(wait));
    this.#c = context;
    this.#log = log;
    this.#news = news;
    this.#events = new EventBox(context.platform.clock);
    this.#requestedAt = context.platform.clock.now();
    const release = news.release.bind(news);
    this.#mover = new RouteMover({
      ends,
      context,
      runner,
      holding: this.#holding,
      guide,
      release,
      working: () => this.#reversion.working,
    });
    const { protection } = ends.terms;
    this.#backup =
      protection?.kind !== '1:1'
        ? null
        : new BackupRoute({
            context,
            ends,
            disjoint: protection.disjoint,
            mover: this.#mover,
            inUse: () => (this.#state === 'up' ? this.route : null),
          });
  }

  get state(): LightPathState {
    return this.#state;
  }

  get revision(): number {
    return this.#holding.revision;
  }

  get route(): Route | null {
    return this.#holding.route;
  }

  /** What switches hold as far as is known. */
  get held(): readonly Hop[] {
    return this.#holding.held;
  }

  /** The hops that have not confirmed the revision they should know. */
  get untold(): readonly Hop[] {
    return this.#holding.untold;
  }

  get setup(): number {
    return between(this.#requestedAt, this.#setUpAt ?? this.#requestedAt);
  }

  /** Sets the path up and looks after it to its end. Never rejects for what is wrong with this path alone. */
  run(): Promise<void> {
    return this.#start().catch((error: unknown) => this.#fail(error));
  }

  /** The same for a path of the log, after a restart: as it is decided, once `settled`. */
  resume(entry: PathEntry, settled: Promise<unknown>): Promise<void> {
    return this.#resume(entry, settled).catch((error: unknown) => this.#fail(error));
  }

  async #start(): Promise<void> {
    await this.#live(await this.#move(new Avoided()));
  }

  async #resume(entry: PathEntry, settled: Promise<unknown>): Promise<void> {
    this.#holding.adopt(entry.route, entry.revision, [], new Set());
    this.#setUpAt = this.#requestedAt;
    this.#reversion.restore(entry.working ?? entry.route, entry.route, this.#now());
    if (entry.down !== undefined) {
      this.#holding.clear();
      await settled;
      return await this.#live(entry.down);
    }
    // Silence right after a restart means that links are not up yet, not that a switch is gone.
    this.#lastUpRevision = entry.revision;
    this.#enter('lighting');
    await settled;
    // Nobody can be asked before links are up, and silence until then says nothing of fibres.
    await this.#c.meet(entry.route.hops.map((hop) => hop.switchName));
    await this.#live(await this.#findOutAgain());
  }

  /** As long as no switch says whether light arrives, the path is neither up nor dark: it is asked for again and again. */
  async #findOutAgain(): Promise<PathFailure | null> {
    this.#isUnheard = true;
    let loss: Loss | null = null;
    for (let tries = 0; ; tries++) {
      const failure = await this.#findOut(this.#afresh(), loss);
      if (!this.#isUnheard || this.#isStopped) return failure;
      if (tries === 0) this.#c.platform.log.record('path.unheard', { path: this.name });
      const event = await this.#events.next(after(this.#now(), this.#c.timings.heartbeat));
      const isCurrent = event?.kind === 'not-held' && event.revision === this.revision;
      this.#isUnheard = false;
      if (isCurrent) return await this.#remake(this.#afresh(), event.from);
      const given = this.#claim === null ? null : await this.#yield(this.#claim);
      if (this.#state !== 'locating') return given;
      this.#isUnheard = true;
      loss = event?.kind === 'loss' && event.message.revision === this.revision ? event : null;
    }
  }

  /** A bug in this task ends this path and no other: what is durable is in the log, and leases end the rest. */
  async #fail(error: unknown): Promise<void> {
    const reason = error instanceof Error ? error.message : String(error);
    this.#c.platform.log.record('path.failed', { path: this.name, reason });
    if (this.#state !== 'ended') await this.#end({ kind: 'agent-error', reason });
  }

  put(event: PathEvent): void {
    if (event.kind === 'in-touch' && this.#state !== 'locating') return;
    if (event.kind === 'news' && this.#downFor === null) return;
    if (event.kind === 'stop') this.#isStopped = true;
    this.#events.put(event);
  }

  /** Another path asks for fibres of it; a lower number goes first. */
  claim(claim: MessageOf<'preempt'>): void {
    if (claim.priority >= priorityOf(this.terms)) return;
    this.#claim = claim;
    this.put({ kind: 'claimed' });
  }

  /** Somebody wants it elsewhere; it goes when it is up or DOWN, and where there is a way. */
  order(order: MoveOrder): void {
    if (this.#state === 'ended') return order.answer('the path has ended');
    if (this.#orders.length >= LIMITS.ordersMax) return order.answer('too many orders wait for this path');
    this.#orders.push(order);
    this.put({ kind: 'ordered' });
  }

  /** What of its route is in maintenance. */
  get fibresOut(): readonly string[] {
    const { route } = this;
    if (route === null || this.held.length === 0) return [];
    const out = this.#c.view.fibres(this.#now()).filter((fibre) => fibre.isOut());
    return out.flatMap(({ id }) => (route.fibres.includes(id) ? [id] : []));
  }

  /** These are in maintenance: what is held over them for later is given up. */
  leaveBackup(fibres: readonly string[]): void {
    this.#backup?.leave(fibres);
  }

  /** What a new move leaves out: what was given up for another path, until that has had the time to take it. */
  #afresh(): Avoided {
    const avoided = new Avoided();
    const { fibres, until } = this.#yielded;
    if (this.#now() < until) for (const fibre of fibres) avoided.fibres.add(fibre);
    return avoided;
  }

  /** Leaves the fibres that another path has asked for, to another route if there is one. */
  async #yield({ by, fibres }: MessageOf<'preempt'>): Promise<PathFailure | null> {
    this.#claim = null;
    const own = this.route?.fibres.filter((fibre) => fibres.includes(fibre)) ?? [];
    if (own.length === 0 || this.held.length === 0) return this.#downFor;
    this.#c.platform.log.record('path.preempted', { path: this.name, by, fibres: own });
    this.#keepsRoute = false;
    this.#yielded = { fibres: own, until: after(this.#now(), ns(2 * this.#c.timings.preemptLimit)) };
    const avoided = this.#afresh();
    if (this.#state !== 'down') this.#news.rerouting(this);
    this.#enter('moving');
    const failure = this.#isStuck ? null : await this.#move(avoided);
    if (failure === null && !this.#isStuck) return null;
    const why = failure === null ? `and the path is ${this.fixed}` : failure.reason;
    return { kind: 'pre-empted', reason: `pre-empted by ${by}; ${why}` };
  }

  /** Says again what its client should know: it may be another, or have missed it. */
  tell(): void {
    if (this.#state === 'up') this.#news.up(this);
    if (this.#downFor !== null) this.#news.down(this, this.#downFor);
  }

  /** `from` has answered a renewal. */
  renewed(from: string, { revision, isHeld }: MessageOf<'renewed'>): void {
    if (revision !== this.revision) return;
    if (isHeld) this.#holding.confirmedBy(from);
    else if (['up', 'lighting', 'down'].includes(this.#state) || this.#isUnheard)
      this.put({ kind: 'not-held', from, revision });
  }

  async #live(first: PathFailure | null): Promise<void> {
    let failure = first;
    // Whoever asks is told at once that there is no path; a path that was there is worth waiting for.
    while (!this.#isStopped && (failure === null || this.#setUpAt !== null))
      failure =
        failure !== null
          ? await this.#stayDown(failure)
          : this.#claim !== null
            ? await this.#yield(this.#claim)
            : this.#orders.length > 0
              ? await this.#obey()
              : await this.#react(await this.#events.next(this.#reversion.due));
    await this.#end(this.#isStopped ? null : failure);
  }

  async #react(event: PathEvent | null): Promise<PathFailure | null> {
    const avoided = this.#afresh();
    if (event?.kind === 'loss' && event.message.revision === this.revision) {
      this.#news.rerouting(this);
      const backup = this.#isStuck ? null : (this.#backup?.take() ?? null);
      if (backup !== null) return await this.#switchOver(backup, event);
      return await this.#findOut(avoided, event);
    }
    if (event?.kind === 'not-held' && event.revision === this.revision)
      return await this.#remake(avoided, event.from);
    const { due } = this.#reversion;
    return due !== null && due <= this.#now() ? await this.#goBack() : null;
  }

  /** To the backup that all switches are prepared for: one decision, and where the failure lies is asked later. */
  async #switchOver(backup: HeldMove, loss: Loss): Promise<PathFailure | null> {
    const { log } = this.#c.platform;
    const { route } = this;
    assert(route !== null, `path ${this.name} is dark without a route`);
    const dark = fibresBefore(route, loss.from, loss.message.port);
    const suspects = dark.filter((fibre) => !backup.route.fibres.includes(fibre));
    this.#backup?.suspect(suspects);
    this.#reversion.failed(suspects, this.#now());
    const avoided = new Avoided();
    avoided.failed(suspects);
    for (const state of ['locating', 'moving'] as const) this.#enter(state);
    const decided = { path: this.name, revision: backup.revision, fibres: [...backup.route.fibres] };
    log.record('reroute.started', { path: this.name, revision: backup.revision });
    log.record('reroute.decided', decided);
    const result = await backup.commit();
    if (result.kind === 'committed')
      log.record('path.switched', { path: this.name, from: [...route.fibres], to: decided.fibres });
    const problem = await this.#follow(backup.route, result, avoided);
    return problem === 'again' ? await this.#move(avoided) : problem;
  }

  /** To the working route, which has been whole for long enough; stays where it is if somebody else is there. */
  async #goBack(): Promise<PathFailure | null> {
    const { working } = this.#reversion;
    const avoided = new Avoided();
    this.#reversion.postpone(this.#now());
    if (working === null || this.#isStuck || this.#guide.mayTake?.(working) === false) return null;
    const found = await this.#transact(avoided, working.fibres, true);
    if (found.kind !== 'found') return null;
    this.#enter('moving');
    if (found.result.kind === 'aborted') {
      this.#enter('lighting');
      return this.#nowUp();
    }
    this.#c.platform.log.record('path.reverted', { path: this.name, revision: this.revision });
    const problem = await this.#follow(found.route, found.result, avoided);
    return problem === 'again' ? await this.#move(avoided) : problem;
  }

  /** Moves as somebody wants; stays where it is if that cannot be. Null when there is light, else why it is DOWN. */
  async #obey(): Promise<PathFailure | null> {
    const order = this.#orders.shift();
    if (order === undefined) return this.#downFor;
    const fibres = [...(this.route?.fibres ?? [])];
    const avoided = this.#afresh();
    const found = await this.#carryOut(order, avoided);
    if (typeof found === 'string') {
      order.answer(found);
      return this.#downFor;
    }
    if (found.kind !== 'found') {
      order.answer(null);
      return this.#downFor;
    }
    const { why, by } = order;
    const ends = { from: fibres, to: [...found.route.fibres] };
    const { revision } = this;
    this.#c.platform.log.record('operator.moved', { path: this.name, revision, why, by, ...ends });
    this.#keepsRoute = false;
    this.#enter('moving');
    const problem = await this.#follow(found.route, found.result, avoided);
    const end = problem === 'again' ? await this.#move(avoided) : problem;
    order.answer(end === null ? null : end.reason);
    return end;
  }

  /** The move that was made, `wait` where it is there already, or why there is none. */
  async #carryOut(order: MoveOrder, avoided: Avoided): Promise<Transacted | { kind: 'wait' } | string> {
    const { route } = this;
    if (route === null) return 'the path has no route yet';
    const { along } = order;
    const isAway = this.held.length > 0;
    if (along !== null && isAway && isSameRoute(along, route.fibres)) return { kind: 'wait' };
    if (along === null && order.why === 'operator') {
      const search = (leave: readonly string[]): RouteChoice => {
        const other = this.#afresh();
        for (const fibre of leave) other.fibres.add(fibre);
        return this.#mover.search(other, true, null);
      };
      const leave = isAway ? toLeave(route, search) : [];
      if (leave === null) return 'there is no other way that is free';
      for (const fibre of leave) avoided.fibres.add(fibre);
    }
    while (avoided.tries++ < LIMITS.attemptsMax && !this.#isStopped) {
      const there = this.#mover.search(avoided, true, along);
      if (there.kind === 'none') return this.#noWay(there.failure, avoided).reason;
      if (there.kind === 'found' && along !== null && !isSameRoute(along, there.route.fibres))
        return `these fibres are no route from ${this.from} to ${this.to}`;
      const found = there.kind === 'found' ? await this.#transact(avoided, along, isAway) : there;
      if (found.kind === 'none') return this.#noWay(found.failure, avoided).reason;
      if (found.kind === 'wait') await this.#backOff();
      else if (found.result.kind === 'committed') return found;
      else {
        for (const refusal of found.result.refusals) avoided.refused(refusal);
        this.#stay();
      }
    }
    return this.#isStopped ? 'the path has ended' : avoided.why;
  }

  /** After a move that was not decided: everything is as before. */
  #stay(): void {
    if (this.#downFor !== null) return;
    this.#enter('moving');
    this.#enter('lighting');
    this.#nowUp();
  }

  /** Fibres of anywhere were found failed, or are whole again. */
  heardOf(state: 'failed' | 'whole', fibres: readonly string[]): void {
    if (state === 'failed') this.#reversion.failed(fibres, this.#now());
    else this.#reversion.whole(fibres, this.#now());
    this.#backup?.heardOf(state, fibres);
    if (this.terms.waitToRestore_ns !== undefined) this.put({ kind: 'fibres' });
  }

  /** DOWN until there is light again; null then. */
  async #stayDown(first: PathFailure): Promise<PathFailure | null> {
    const { timings, platform } = this.#c;
    const { clock } = platform;
    const limits = { first: timings.retryFirst, most: timings.retryMost, triesMax: LIMITS.downTriesMax };
    const schedule = new RetrySchedule(limits, clock.now());
    await this.#goDown(first);
    this.#recordDown(first);
    this.#news.down(this, first);
    while (!this.#isStopped) {
      const isOrdered = this.#orders.length > 0;
      const event = isOrdered ? null : await this.#events.next(schedule.due(this.#c.failed.hasSuspects));
      if (event?.kind === 'news') schedule.news(clock.now(), this.#weigh(event.fibres));
      if (event !== null && event.kind !== 'claimed' && !this.#isSign(event)) continue;
      const before = this.#holding.lastRevision;
      const failure = await (isOrdered
        ? this.#obey()
        : this.#claim === null
          ? this.#tryAgain()
          : this.#yield(this.#claim));
      if (failure === null) break;
      const wasCostly = this.#holding.lastRevision > before;
      schedule.failed(clock.now(), wasCostly);
      await this.#goDown(failure);
      // Whoever reads the records has seen it move meanwhile.
      if (wasCostly) this.#recordDown(failure);
    }
    this.#downFor = null;
    return null;
  }

  /** With what it has of its route all the same. */
  #recordDown(failure: PathFailure): void {
    const crossconnects = crossConnectsOf({ hops: this.held });
    this.#c.platform.log.record('path.down', { path: this.name, ...failure, crossconnects });
  }

  #weigh(fibres: readonly string[] | null): News {
    if (fibres === null) return 'return';
    return fibres.every((fibre) => this.#mover.tried.has(fibre)) ? 'stale' : 'fresh';
  }

  /** Lets go of everything, unless its own route is what it waits for. */
  async #goDown(failure: PathFailure): Promise<void> {
    const { route, revision } = this;
    this.#enter('down');
    this.#lastUpRevision = -1;
    this.#downFor = failure;
    if (this.#keepsRoute || route === null) return;
    this.#letGo();
    const entry = { ...this.#mover.entryOf(route, revision), down: failure };
    await this.#log.append({ kind: 'path', entry });
  }

  /** Something seen on the route that it waits on. */
  #isSign(event: PathEvent): boolean {
    if (!this.#keepsRoute) return false;
    if (event.kind === 'lit') return event.message.revision === this.revision;
    if (event.kind === 'not-held' && event.revision === this.revision) this.#holding.lostBy(event.from);
    return event.kind === 'not-held' && event.revision === this.revision;
  }

  #tryAgain(): Promise<PathFailure | null> {
    const isWhole = this.held.length === this.route?.hops.length;
    if (this.#keepsRoute && isWhole) return this.#findOut(new Avoided(), null);
    this.#enter('moving');
    return this.#move(this.#afresh());
  }

  async #end(failure: PathFailure | null): Promise<void> {
    const wasUp = this.#setUpAt !== null;
    this.#enter('ended');
    await this.#log.append({ kind: 'path-ended', path: this.name });
    for (const order of this.#orders) order.answer('the path has ended');
    this.#letGo();
    this.#news.ended(this, wasUp, failure);
  }

  #letGo(): void {
    this.#backup?.drop('the path lets go');
    for (const { switchName } of this.held)
      this.#news.release(this.name, switchName, this.#holding.lastRevision);
    this.#holding.clear();
  }

  /** A switch has lost what it held: the path is made again there, or elsewhere. */
  async #remake(avoided: Avoided, switchName: string): Promise<PathFailure | null> {
    this.#news.rerouting(this);
    this.#holding.lostBy(switchName);
    this.#enter('moving');
    // A switch that lost its lease was cut off; its announcement comes as soon as its own link is back.
    await this.#c.platform.clock.sleep(this.#c.timings.connectAgain);
    return await this.#move(avoided);
  }

  /** Locates what makes the path dark and moves it. Null when light is there, else why it cannot be. */
  async #findOut(avoided: Avoided, loss: Loss | null): Promise<PathFailure | null> {
    assert(this.route !== null, `path ${this.name} is dark without a route`);
    this.#enter('locating');
    const locator = new FailureLocator(this.route, this.#rounds);
    if (loss !== null) locator.reportDark(loss.from, loss.message.port);
    const verdict = await this.#locate(locator);
    if (this.#isStopped || (this.#isUnheard && verdict.kind === 'silent')) return null;
    this.#isUnheard = false;
    this.#keepsRoute = verdict.kind === 'terminal' || this.#isStuck;
    if (verdict.kind === 'terminal')
      return { kind: 'no-light', reason: `no light from ${verdict.terminal} (fibre ${verdict.fibre})` };
    const wasUp = this.#lastUpRevision === this.revision;
    if (verdict.kind === 'located') this.#leaveFibres(avoided, verdict.fibres);
    else if (verdict.kind === 'silent' && !wasUp) avoided.silent(verdict.switches);
    else return this.#nowUp();
    if (this.#isStuck) return { kind: 'no-light', reason: `${avoided.why}, and the path is ${this.fixed}` };
    this.#enter('moving');
    return await this.#move(avoided);
  }

  /** Why it stays on its route, if it does: by its own terms, or by an operator's word. */
  get fixed(): 'pinned' | 'frozen' | null {
    if (this.#setUpAt === null) return null;
    if (this.terms.isPinned === true) return 'pinned';
    return this.#c.isFrozen(this.name) ? 'frozen' : null;
  }

  /** Once it is up, it goes nowhere else by itself. */
  get #isStuck(): boolean {
    return this.fixed !== null;
  }

  /** This path and, until light is seen on them or the mark has aged, everybody's. */
  #leaveFibres(avoided: Avoided, fibres: readonly string[]): void {
    this.#c.platform.log.record('loss.located', { path: this.name, fibres: [...fibres] });
    avoided.failed(fibres);
    const wasLit = this.#lastUpRevision === this.revision;
    for (const fibre of fibres)
      if (this.#c.failed.mark(fibre, this.#now(), wasLit))
        this.#c.platform.log.record('fibre.damped', { fibre });
    this.#c.sendAll({ type: 'failed', fibres: [...fibres], wasLit });
  }

  #locate(locator: FailureLocator): Promise<LocatorVerdict> {
    return searchFailure({
      locator,
      events: this.#events,
      revision: this.revision,
      clock: this.#c.platform.clock,
      limit: this.#c.timings.locateLimit,
      isStopped: () => this.#isStopped,
      ask: (round, of) => this.#probe(round, of),
    });
  }

  #probe(round: number, of: string | null): void {
    this.#rounds = round;
    for (const { switchName } of this.held)
      if (of === null || of === switchName)
        this.#c.send(switchName, { type: 'probe', path: this.name, round });
  }

  /** Tries routes until one has light. Null then, else why there is none. */
  async #move(avoided: Avoided): Promise<PathFailure | null> {
    const started = this.#now();
    while (avoided.tries++ < LIMITS.attemptsMax && !this.#isStopped) {
      const found = await this.#transact(avoided, this.#isStuck ? (this.route?.fibres ?? null) : null, false);
      if (found.kind === 'wait') {
        await this.#backOff();
        continue;
      }
      if (found.kind === 'none' && this.#downFor === null && (await this.#mayKnowMore(started))) continue;
      if (found.kind === 'none' && (await this.#preempt(avoided))) continue;
      if (found.kind === 'none') return this.#noWay(found.failure, avoided);
      const problem = await this.#follow(found.route, found.result, avoided);
      if (problem !== 'again') return problem;
    }
    if (this.#isStopped) return null;
    const reason = `gave up after ${LIMITS.attemptsMax} tries: ${avoided.why}`;
    return { kind: avoided.kind ?? 'contention', reason };
  }

  /** Asks those in the way of the best route that may be asked, once a move, and waits for them. */
  async #preempt(avoided: Avoided): Promise<boolean> {
    if (this.terms.mayPreempt !== true || avoided.hasPreempted) return false;
    avoided.hasPreempted = true;
    const ends = { path: this.name, from: this.from, to: this.to, terms: this.terms };
    const found = choosePreemption(this.#c, ends, avoided);
    if (found === null) return false;
    const fibres = [...found.route.fibres];
    const priority = priorityOf(this.terms);
    const victims = found.holders.map((holder) => holder.path);
    this.#c.platform.log.record('path.preempting', { path: this.name, fibres, victims });
    for (const { path, coordinator } of found.holders)
      this.#c.send(coordinator, { type: 'preempt', path, by: this.name, priority, fibres });
    const limit = after(this.#now(), this.#c.timings.preemptLimit);
    const isFree = (): boolean =>
      this.#c.view.fibres(this.#now()).every((f) => !fibres.includes(f.id) || f.isFreeFor(this.name));
    while (!isFree() && this.#now() < limit && !this.#isStopped) await this.#backOff();
    avoided.ports.clear();
    return true;
  }

  /** Chooses a route and makes it the path's own, when it is the path's turn: routes are chosen by what is then free. */
  async #transact(
    avoided: Avoided,
    only: readonly string[] | null,
    /** It has light, which is to be missed for as short as can be. */
    isMadeFirst: boolean,
  ): Promise<Exclude<RouteChoice, { kind: 'found' }> | Transacted> {
    this.#backup?.drop('the path moves');
    const isReroute = this.#setUpAt !== null;
    const turns = isReroute ? this.#c.turns : this.#c.setUpTurns;
    const endTurn = await turns.take(priorityOf(this.terms));
    try {
      avoided.isCrowded = turns.isShared;
      const found = this.#mover.choose(avoided, isReroute, only);
      if (found.kind !== 'found') return found;
      const attempt = avoided.tries + avoided.contentions;
      return { ...found, result: await this.#mover.move(found.route, attempt, isMadeFirst) };
    } finally {
      endTurn();
    }
  }

  /** Just after a start not all that there is may be known; and a path that was up waits for an agent that starts again. */
  async #mayKnowMore(started: Instant): Promise<boolean> {
    if (await this.#c.meet()) return true;
    const own = this.route?.hops.map((hop) => hop.switchName) ?? [];
    return this.#setUpAt !== null && (await this.#c.meet(own, after(started, this.#c.timings.returnLimit)));
  }

  #noWay(found: PathFailure, avoided: Avoided): PathFailure {
    const unread = this.#c.view.unread(this.#now());
    const who = unread.length === 0 ? '' : `the ports of ${unread.join(', ')} have not been read`;
    const reason = [found.reason, avoided.why, who].filter((text) => text !== '').join('; ');
    const isVague = found.kind === 'no-path' || avoided.kind === 'port-reserved';
    return { kind: isVague ? (avoided.kind ?? found.kind) : found.kind, reason };
  }

  /** `again`: not this one, but perhaps another. */
  async #follow(
    route: Route,
    result: TransactionResult,
    avoided: Avoided,
  ): Promise<PathFailure | null | 'again'> {
    if (result.kind === 'aborted') {
      avoided.refusedBy(result.refusals);
      return 'again';
    }
    for (const refusal of result.failed) avoided.refused(refusal);
    if (result.failed.length === 0) return await this.#awaitLight(route, avoided);
    for (const state of ['lighting', 'locating', 'moving'] as const) this.#enter(state);
    return 'again';
  }

  async #awaitLight(route: Route, avoided: Avoided): Promise<PathFailure | null> {
    this.#enter('lighting');
    const limit = ns(this.#c.timings.lightLimit + propagationDelay(route.length));
    const end = await waitForLight({
      events: this.#events,
      route,
      revision: this.revision,
      deadline: after(this.#now(), limit),
      isStopped: () => this.#isStopped,
    });
    if (end.kind === 'stopped') return null;
    if (end.kind === 'lit') return this.#nowUp();
    if (end.kind !== 'not-held') return await this.#findOut(avoided, end.kind === 'lost' ? end.loss : null);
    this.#enter('locating');
    return await this.#remake(avoided, end.from);
  }

  #nowUp(): null {
    const { route, revision } = this;
    assert(route !== null, `path ${this.name} is lit without a route`);
    if (this.#isStopped) return null;
    this.#setUpAt ??= this.#now();
    this.#lastUpRevision = revision;
    this.#reversion.up(route, this.#now());
    this.#enter('up');
    this.#c.platform.log.record('path.up', {
      path: this.name,
      revision,
      fibres: [...route.fibres],
      crossconnects: crossConnectsOf(route),
      setup_ns: this.setup,
    });
    this.#news.up(this);
    this.#backup?.refresh();
    if (this.fibresOut.length > 0) this.#c.drainSoon();
    return null;
  }

  async #backOff(): Promise<void> {
    const { clock, random } = this.#c.platform;
    await clock.sleep(ns(this.#c.timings.backOff / 2 + random.integer(this.#c.timings.backOff / 2)));
  }

  #enter(state: LightPathState): void {
    if (state === this.#state) return;
    assert(
      LIGHT_PATH_TRANSITIONS[this.#state].includes(state),
      `path ${this.name}: ${this.#state} to ${state}`,
    );
    this.#state = state;
  }

  #now(): Instant {
    return this.#c.platform.clock.now();
  }
}
