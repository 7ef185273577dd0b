// What a light path does when its light is lost: finds the failed fibre by what its switches see and moves away from
// it, or goes over to its backup at once; makes again what a switch has lost; and after a restart of its coordinator
// asks until it is known how it is. Each ends with null when there is light, else with why there is none.

import { assert } from '../core/assert.ts';
import { after, type Duration, ns } from '../core/time.ts';
import { Avoided } from './avoided.ts';
import { fibresBefore } from './backup-route.ts';
import { FailureLocator, type LocatorVerdict } from './failure-locator.ts';
import { searchFailure } from './failure-search.ts';
import { LossReports } from './loss-reports.ts';
import type { Darkness, PathAllocation } from './path-allocation.ts';
import type { PathClaims } from './path-claims.ts';
import type { HostDark, PathLoss } from './path-event.ts';
import type { PathStanding } from './path-standing.ts';
import { priorityOf } from './path-terms.ts';
import type { PathFailure } from './refusal.ts';
import type { HeldMove } from './route-mover.ts';
import { LIMITS } from './timings.ts';

export class PathRecovery implements Darkness {
  readonly #s: PathStanding;
  readonly #allocation: PathAllocation;
  readonly #claims: PathClaims;
  readonly #reports: LossReports;
  /** Ends that other paths wait for this one to have found out. */
  #foundOut = (): void => {};
  /** Rounds of questions so far: answers to an older loss's questions are known by them. */
  #rounds = 0;

  constructor(standing: PathStanding, allocation: PathAllocation, claims: PathClaims) {
    this.#s = standing;
    this.#allocation = allocation;
    this.#claims = claims;
    const { clock } = standing.context.platform;
    this.#reports = new LossReports(clock, standing.context.timings.locateLimit);
    standing.overhear = (event) => {
      if (event.kind === 'loss') this.#reports.heard(event);
    };
  }

  /** A path that was up is dark: to its backup where there is one. */
  async lost(loss: PathLoss): Promise<PathFailure | null> {
    const s = this.#s;
    const avoided = this.#claims.afresh();
    s.voice.rerouting();
    const backup = s.isStuck ? null : (s.backup?.take() ?? null);
    if (backup !== null) return await this.#switchOver(backup, loss);
    return await this.#inItsTurn(() => this.findOut(avoided, loss));
  }

  /** A host at its end sees no light, and its switch does: where it ends is looked for before anything is done. */
  async hostDark(event: HostDark): Promise<PathFailure | null> {
    const s = this.#s;
    if (!isOfEnd(event, s)) return null;
    return await this.#inItsTurn(() => this.findOut(this.#claims.afresh(), event));
  }

  /** Switches answer the paths that one cut has hit one after the other: those of a lower priority wait for this one. */
  async #inItsTurn(findOut: () => Promise<PathFailure | null>): Promise<PathFailure | null> {
    const { context, terms } = this.#s;
    this.#foundOut = context.turns.expect(priorityOf(terms));
    const limit = context.platform.clock.timer(context.timings.locateLimit, this.#foundOut);
    const failure = await findOut();
    limit.cancel();
    this.#foundOut();
    return failure;
  }

  /** In this instant it comes for its turn. */
  #move(avoided: Avoided): Promise<PathFailure | null> {
    this.#s.enter('moving');
    const moved = this.#allocation.move(avoided);
    this.#foundOut();
    return moved;
  }

  /** Locates what makes the path dark and moves it. */
  async findOut(avoided: Avoided, loss: PathLoss | HostDark | null): Promise<PathFailure | null> {
    const s = this.#s;
    assert(s.route !== null, `path ${s.name} is dark without a route`);
    s.enter('locating');
    const locator = new FailureLocator(s.route, this.#rounds);
    if (loss?.kind === 'loss') locator.reportDark(loss.from, loss.message.port);
    if (loss?.kind === 'host-dark') locator.reportHostDark(loss.message.fibre);
    const verdict = await this.#locatePatiently(locator);
    if (s.isStopped || (s.isUnheard && verdict.kind === 'silent')) return null;
    s.isUnheard = false;
    s.waitsFor = null;
    s.keepsRoute = verdict.kind === 'terminal' || s.isStuck;
    if (verdict.kind === 'terminal')
      return { kind: 'no-light', reason: `no light from ${verdict.terminal} (fibre ${verdict.fibre})` };
    if (verdict.kind === 'access') return await this.#leaveAccess(avoided, verdict);
    const wasUp = s.lastUpRevision === s.revision;
    if (verdict.kind === 'located') this.#leaveFibres(avoided, verdict.fibres);
    else if (verdict.kind === 'silent' && !wasUp) avoided.silent(verdict.switches);
    else return s.nowUp();
    if (s.isStuck) return { kind: 'no-light', reason: `${avoided.why}, and the path is ${s.fixed}` };
    return await this.#move(avoided);
  }

  /** By another fibre of the host where there is one; otherwise this is waited for, on the route, with light in it. */
  async #leaveAccess(
    avoided: Avoided,
    { terminal, fibre }: LocatorVerdict & { kind: 'access' },
  ): Promise<PathFailure | null> {
    const s = this.#s;
    const { revision } = s;
    const dark: PathFailure = { kind: 'no-light', reason: `no light reaches ${terminal} (fibre ${fibre})` };
    if (s.isStuck) return { ...dark, reason: `${dark.reason}, and the path is ${s.fixed}` };
    avoided.failed([fibre]);
    const backup = s.backup?.held?.route.fibres.includes(fibre) === false ? s.backup.take() : null;
    if (backup !== null) {
      s.voice.rerouting();
      this.#leaveFibres(avoided, [fibre]);
      return await this.#goOver(backup, [fibre]);
    }
    if (s.mover.search(avoided, true, null).kind === 'none') {
      s.keepsRoute = true;
      s.waitsFor = fibre;
      return dark;
    }
    s.voice.rerouting();
    this.#leaveFibres(avoided, [fibre]);
    const failure = await this.#move(avoided);
    s.keepsRoute = failure !== null && s.revision === revision;
    return failure;
  }

  /** A switch has lost what it held: the path is made again there, or elsewhere. */
  async remake(avoided: Avoided, switchName: string): Promise<PathFailure | null> {
    const s = this.#s;
    s.voice.rerouting();
    s.holding.lostBy(switchName);
    s.enter('moving');
    // A switch that lost its lease was cut off; its announcement comes as soon as its own link is back.
    await s.pause(s.context.timings.connectAgain);
    return await this.#allocation.move(avoided);
  }

  /** As long as no switch says whether light arrives, the path is neither up nor dark: it is asked for again and again. */
  async findOutAgain(): Promise<PathFailure | null> {
    const s = this.#s;
    s.isUnheard = true;
    let loss: PathLoss | null = null;
    for (let tries = 0; ; tries++) {
      const failure = await this.findOut(this.#claims.afresh(), loss);
      if (!s.isUnheard || s.isStopped) return failure;
      if (tries === 0) s.record('path.unheard', { path: s.name });
      const event = await s.events.next(after(s.now(), s.context.timings.heartbeat));
      const isCurrent = event?.kind === 'not-held' && event.revision === s.revision;
      s.isUnheard = false;
      if (isCurrent) return await this.remake(this.#claims.afresh(), event.from);
      const given = this.#claims.isAny ? await this.#claims.yield() : null;
      if (s.state !== 'locating') return given;
      s.isUnheard = true;
      loss = event?.kind === 'loss' && event.message.revision === s.revision ? event : null;
    }
  }

  /** To the backup that all switches are prepared for: one decision. Where the failure lies is known when reports of it agree. */
  async #switchOver(backup: HeldMove, loss: PathLoss): Promise<PathFailure | null> {
    const s = this.#s;
    const { route } = s;
    assert(route !== null, `path ${s.name} is dark without a route`);
    const dark = fibresBefore(route, loss.from, loss.message.port);
    const suspects = dark.filter((fibre) => !backup.route.fibres.includes(fibre));
    this.#reports.locate(route, s.revision, (fibre) => {
      s.record('loss.located', { path: s.name, fibres: [fibre] });
      this.#tellFailed([fibre], true);
    });
    return await this.#goOver(backup, suspects);
  }

  async #goOver(backup: HeldMove, suspects: readonly string[]): Promise<PathFailure | null> {
    const s = this.#s;
    const from = [...(s.route?.fibres ?? [])];
    s.backup?.suspect(suspects);
    s.reversion.failed(suspects, s.now());
    const avoided = new Avoided();
    avoided.failed(suspects);
    for (const state of ['locating', 'moving'] as const) s.enter(state);
    const decided = { path: s.name, revision: backup.revision, fibres: [...backup.route.fibres] };
    s.record('reroute.started', { path: s.name, revision: backup.revision });
    s.record('reroute.decided', decided);
    const result = await backup.commit();
    if (result.kind === 'committed') s.record('path.switched', { path: s.name, from, to: decided.fibres });
    return await this.#allocation.followOrMove({ route: backup.route, result }, avoided);
  }

  /** This path and, until light is seen on them or the mark has aged, everybody's. */
  #leaveFibres(avoided: Avoided, fibres: readonly string[]): void {
    const s = this.#s;
    s.record('loss.located', { path: s.name, fibres: [...fibres] });
    avoided.failed(fibres);
    this.#tellFailed(fibres, s.lastUpRevision === s.revision);
  }

  #tellFailed(fibres: readonly string[], wasLit: boolean): void {
    const s = this.#s;
    for (const fibre of fibres)
      if (s.context.failed.mark(fibre, s.now(), wasLit)) s.record('fibre.damped', { fibre });
    s.context.sendAll({ type: 'failed', fibres: [...fibres], wasLit });
  }

  /** Switches that set up many paths at once are slow to say what they see; only who had light is in a hurry. */
  async #locatePatiently(locator: FailureLocator): Promise<LocatorVerdict> {
    const s = this.#s;
    let limit = s.context.timings.locateLimit;
    for (let silences = 0; ; silences++) {
      const verdict = await this.#locate(locator, limit);
      const mayWait = verdict.kind === 'silent' && s.setUpAt === null && silences < LIMITS.silencesMax;
      if (!mayWait || s.isStopped) return verdict;
      limit = ns(limit * 2);
    }
  }

  #locate(locator: FailureLocator, limit: Duration): Promise<LocatorVerdict> {
    const s = this.#s;
    return searchFailure({
      locator,
      events: s.events,
      revision: s.revision,
      clock: s.context.platform.clock,
      limit,
      isStopped: () => s.isStopped,
      ask: (round, of) => this.#probe(round, of),
    });
  }

  #probe(round: number, of: string | null): void {
    const s = this.#s;
    this.#rounds = round;
    for (const { switchName } of s.held)
      if (of === null || of === switchName)
        s.context.send(switchName, { type: 'probe', path: s.name, round });
  }
}

/** Whether the agent at that end of the route speaks of the fibre there, as it is now. */
function isOfEnd({ from, message }: HostDark, { route, revision }: PathStanding): boolean {
  if (route === null || message.revision !== revision) return false;
  const [first, last] = [route.hops[0], route.hops.at(-1)];
  const { host, fibre } = message;
  return (
    (host === route.from && fibre === route.fibres[0] && from === first?.switchName) ||
    (host === route.to && fibre === route.fibres.at(-1) && from === last?.switchName)
  );
}
