// One light path as its coordinator looks after it: allocate, wait for light, hold, and when light is lost find
// the failed fibre and move the path. A path that was up and has no light anywhere is DOWN, not forgotten. This is
// its one task, one event at a time; what it does about an event is one of its parts, which share how it stands.

import type { AgentContext } from './agent-context.ts';
import { Avoided } from './avoided.ts';
import type { BackupHolder } from './backup-holder.ts';
import type { DecisionLog } from './decision-log.ts';
import type { LightPathState } from './light-path-state.ts';
import type { PathEntry } from './log-state.ts';
import type { MessageOf } from './messages.ts';
import type { MoveOrder } from './move-order.ts';
import { PathAllocation } from './path-allocation.ts';
import { PathClaims } from './path-claims.ts';
import { PathDown } from './path-down.ts';
import type { PathEvent } from './path-event.ts';
import { PathRecovery } from './path-recovery.ts';
import { PathStanding, type PathVoice } from './path-standing.ts';
import { type PathTerms, priorityOf } from './path-terms.ts';
import { PlannedMoves } from './planned-moves.ts';
import type { PathFailure } from './refusal.ts';
import type { Hop, Route } from './route.ts';
import type { PathEnds } from './route-choice.ts';
import type { RouteGuide } from './route-guide.ts';
import type { TransactionRunner } from './transaction-runner.ts';

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
  readonly #s: PathStanding;
  readonly #allocation: PathAllocation;
  readonly #claims: PathClaims;
  readonly #recovery: PathRecovery;
  readonly #planned: PlannedMoves;
  readonly #down: PathDown;

  constructor(
    ends: PathEnds,
    context: AgentContext,
    log: DecisionLog,
    runner: TransactionRunner,
    news: LightPathNews,
    guide: RouteGuide = {},
    backups: BackupHolder | null = null,
  ) {
    this.name = ends.path;
    this.from = ends.from;
    this.to = ends.to;
    this.terms = ends.terms;
    const voice = this.#voice(news);
    const standing = new PathStanding({ ends, context, log, runner, voice, guide, backups });
    const allocation = new PathAllocation(standing, {
      findOut: (avoided, loss) => this.#recovery.findOut(avoided, loss),
      remake: (avoided, switchName) => this.#recovery.remake(avoided, switchName),
    });
    const claims = new PathClaims(standing, allocation);
    const recovery = new PathRecovery(standing, allocation, claims);
    const planned = new PlannedMoves(standing, allocation, claims);
    this.#s = standing;
    this.#allocation = allocation;
    this.#claims = claims;
    this.#recovery = recovery;
    this.#planned = planned;
    this.#down = new PathDown({ standing, allocation, recovery, claims, planned });
  }

  get state(): LightPathState {
    return this.#s.state;
  }

  /** It has never been up, and may come to be. */
  get isNew(): boolean {
    return this.#s.setUpAt === null && !this.#s.isStopped;
  }

  get revision(): number {
    return this.#s.revision;
  }

  get route(): Route | null {
    return this.#s.route;
  }

  /** What switches hold as far as is known. */
  get held(): readonly Hop[] {
    return this.#s.held;
  }

  /** The hops that have not confirmed the revision they should know. */
  get untold(): readonly Hop[] {
    return this.#s.holding.untold;
  }

  get setup(): number {
    return this.#s.setup;
  }

  /** What of its route is in maintenance. */
  get fibresOut(): readonly string[] {
    return this.#s.fibresOut;
  }

  /** Why it stays on its route, if it does: by its own terms, or by an operator's word. */
  get fixed(): 'pinned' | 'frozen' | null {
    return this.#s.fixed;
  }

  /** Sets the path up and looks after it to its end. Never rejects for what is wrong with this path alone. */
  run(): Promise<void> {
    return this.#start().catch((error: unknown) => this.#fail(error));
  }

  /** The same for a path of the log, after a restart: as it is decided, once `settled`. */
  resume(entry: PathEntry, settled: Promise<unknown>): Promise<void> {
    return this.#resume(entry, settled).catch((error: unknown) => this.#fail(error));
  }

  put(event: PathEvent): void {
    const s = this.#s;
    if (event.kind === 'in-touch' && s.state !== 'locating') return;
    if (event.kind === 'news' && s.downFor === null) return;
    if (event.kind === 'stop') s.stop();
    s.overhear(event);
    s.events.put(event);
  }

  /** Another path asks for fibres of it; a lower number goes first. */
  claim(claim: MessageOf<'preempt'>): void {
    if (claim.priority >= priorityOf(this.terms)) return;
    this.#claims.put(claim);
    this.put({ kind: 'claimed' });
  }

  /** Somebody wants it elsewhere; it goes when it is up or DOWN, and where there is a way. */
  order(order: MoveOrder): void {
    this.#planned.order(order);
  }

  /** These are in maintenance: what is held over them for later is given up. */
  leaveBackup(fibres: readonly string[]): void {
    this.#s.backup?.leave(fibres);
  }

  /** Fibres of anywhere were found failed, or are whole again. */
  heardOf(state: 'failed' | 'whole', fibres: readonly string[]): void {
    const { reversion, backup } = this.#s;
    if (state === 'failed') reversion.failed(fibres, this.#s.now());
    else reversion.whole(fibres, this.#s.now());
    backup?.heardOf(state, fibres);
    if (this.terms.waitToRestore_ns !== undefined) this.put({ kind: 'fibres' });
  }

  /** Says again what its client should know: it may be another, or have missed it. */
  tell(): void {
    const { state, voice, downFor } = this.#s;
    if (state === 'up') voice.up();
    if (downFor !== null) voice.down(downFor);
  }

  /** `from` has answered a renewal. */
  renewed(from: string, { revision, isHeld }: MessageOf<'renewed'>): void {
    const s = this.#s;
    if (revision !== s.revision) return;
    if (isHeld) s.holding.confirmedBy(from);
    else if (['up', 'lighting', 'down'].includes(s.state) || s.isUnheard)
      this.put({ kind: 'not-held', from, revision });
  }

  #voice(news: LightPathNews): PathVoice {
    return {
      up: () => news.up(this),
      rerouting: () => news.rerouting(this),
      down: (failure) => news.down(this, failure),
      ended: (wasUp, failure) => news.ended(this, wasUp, failure),
      release: (path, switchName, revision) => news.release(path, switchName, revision),
    };
  }

  async #start(): Promise<void> {
    await this.#live(await this.#allocation.move(new Avoided()));
  }

  async #resume(entry: PathEntry, settled: Promise<unknown>): Promise<void> {
    const s = this.#s;
    s.holding.adopt(entry.route, entry.revision, [], new Set());
    s.setUpAt = s.requestedAt;
    s.reversion.restore(entry.working ?? entry.route, entry.route, s.now());
    if (entry.down !== undefined) {
      s.holding.clear();
      await settled;
      return await this.#live(entry.down);
    }
    // Silence right after a restart means that links are not up yet, not that a switch is gone.
    s.lastUpRevision = entry.revision;
    s.enter('lighting');
    await settled;
    // Nobody can be asked before links are up, and silence until then says nothing of fibres.
    await s.context.meet(entry.route.hops.map((hop) => hop.switchName));
    await this.#live(await this.#recovery.findOutAgain());
  }

  async #live(first: PathFailure | null): Promise<void> {
    const s = this.#s;
    let failure = first;
    // Whoever asks is told at once that there is no path; a path that was there is worth waiting for.
    while (!s.isStopped && (failure === null || s.setUpAt !== null))
      failure =
        failure !== null
          ? await this.#down.stay(failure)
          : this.#claims.isAny
            ? await this.#claims.yield()
            : this.#planned.isOrdered
              ? await this.#planned.obey()
              : await this.#react(await s.events.next(s.reversion.due));
    await this.#end(s.isStopped ? null : failure);
  }

  async #react(event: PathEvent | null): Promise<PathFailure | null> {
    const s = this.#s;
    if (event?.kind === 'loss' && event.message.revision === s.revision)
      return await this.#recovery.lost(event);
    if (event?.kind === 'host-dark') return await this.#recovery.hostDark(event);
    if (event?.kind === 'not-held' && event.revision === s.revision)
      return await this.#recovery.remake(this.#claims.afresh(), event.from);
    const { due } = s.reversion;
    return due !== null && due <= s.now() ? await this.#planned.goBack() : null;
  }

  async #end(failure: PathFailure | null): Promise<void> {
    const s = this.#s;
    const wasUp = s.setUpAt !== null;
    s.enter('ended');
    await s.log.append({ kind: 'path-ended', path: s.name });
    this.#planned.end();
    s.letGo();
    s.voice.ended(wasUp, failure);
  }

  /** A bug in this task ends this path and no other: what is durable is in the log, and leases end the rest. */
  async #fail(error: unknown): Promise<void> {
    const reason = error instanceof Error ? error.message : String(error);
    this.#s.record('path.failed', { path: this.#s.name, reason });
    if (this.#s.state !== 'ended') await this.#end({ kind: 'agent-error', reason });
  }
}
