// The coordinator at work: the light paths that clients asked this agent for, their clients' leases, the
// renewals and releases that their switches are owed.

import type { Instant } from '../core/time.ts';
import type { AgentContext } from './agent-context.ts';
import { BackupHolder } from './backup-holder.ts';
import { type ClientVoice, grantOf, refuse, tellEnd, tellState } from './client-voice.ts';
import type { TransactionPlan } from './coordinator.ts';
import type { DecisionLog } from './decision-log.ts';
import { LeaseTable } from './lease-table.ts';
import { LightPath, type LightPathNews } from './light-path.ts';
import type { PathEntry } from './log-state.ts';
import type { AgentMessage, MessageOf } from './messages.ts';
import { OwedReleases } from './owed-releases.ts';
import { guideOf, reservedGuide } from './path-guides.ts';
import { PathRenewals } from './path-renewals.ts';
import { recordOf } from './path-terms.ts';
import type { LegKeeper } from './protected-path.ts';
import { isLegName } from './protection.ts';
import { ProtectionKeeper } from './protection-keeper.ts';
import { type PathFailure, recordEnd } from './refusal.ts';
import { ReservationKeeper, type ReservedPaths } from './reservation-keeper.ts';
import { crossConnectsOf, type Route } from './route.ts';
import type { PathEnds } from './route-choice.ts';
import type { RouteGuide } from './route-guide.ts';
import { LIMITS } from './timings.ts';
import { TransactionRunner } from './transaction-runner.ts';

interface Kept {
  readonly path: LightPath;
  client: ClientVoice | null;
}

export class PathKeeper implements LightPathNews, LegKeeper, ReservedPaths {
  readonly #c: AgentContext;
  readonly #log: DecisionLog;
  readonly #runner: TransactionRunner;
  readonly #paths = new Map<string, Kept>();
  readonly #clientLeases: LeaseTable;
  readonly #protected: ProtectionKeeper;
  readonly #reservations: ReservationKeeper;
  readonly #backups: BackupHolder;
  readonly #releases: OwedReleases;
  readonly #renewals: PathRenewals;

  constructor(context: AgentContext, log: DecisionLog) {
    this.#c = context;
    this.#log = log;
    this.#releases = new OwedReleases(context);
    this.#clientLeases = new LeaseTable(context.timings.lease);
    this.#protected = new ProtectionKeeper(context, this, this.#clientLeases);
    this.#reservations = new ReservationKeeper(context, log, this);
    this.#backups = new BackupHolder(context);
    this.#runner = new TransactionRunner(context, log, (plan, late) => this.#releaseLate(plan, late));
    const owed = { releases: this.#releases, backups: this.#backups, transactions: this.#runner };
    this.#renewals = new PathRenewals(context, owed, () => this.all);
  }

  /** Paths and decisions of the log: the decisions are told again, the paths looked after. */
  restore(): Promise<void>[] {
    this.#reservations.restore();
    const telling = [...this.#log.state.telling.values()];
    const results = telling.map((plan) => ({ path: plan.path, done: this.#runner.resume(plan) }));
    const resume = (path: LightPath, entry: PathEntry): Promise<void> => {
      const settled = Promise.all(results.filter((r) => r.path === entry.path).map((r) => r.done));
      return path.resume(entry, settled);
    };
    const entries = [...this.#log.state.paths.values()];
    for (const entry of entries) this.#recordResumed(entry);
    this.#protected.restore(
      entries.filter((entry) => isLegName(entry.path)),
      resume,
    );
    return entries
      .filter((entry) => !isLegName(entry.path))
      .map((entry) => {
        const { path, terms, route } = entry;
        return resume(this.#keep({ path, from: route.from, to: route.to, terms }, null), entry);
      });
  }

  /** Of a path that its log does not name a restarted coordinator knows nothing any more: it has ended. */
  #recordResumed({ path, revision, route, down }: PathEntry): void {
    const kept = down === undefined ? route : { fibres: [], hops: [] };
    const fields = { path, revision, fibres: [...kept.fibres], crossconnects: crossConnectsOf(kept) };
    this.#c.platform.log.record('path.resumed', fields);
  }

  run(): Promise<never>[] {
    return [this.#endLeasesForEver(), this.#reservations.watchCalendar(), ...this.#renewals.run()];
  }

  handle(from: string, message: AgentMessage): void {
    this.#runner.handle(from, message);
    if (message.type === 'released') this.#releases.released(from, message);
    if (message.type === 'held-backup') this.#backups.heard(from, message);
    this.#reservations.handle(from, message);
    if (message.type === 'renewed-all')
      for (const renewed of message.paths)
        this.#paths.get(renewed.path)?.path.renewed(from, { type: 'renewed', ...renewed });
    if (!('path' in message)) return;
    const kept = this.#paths.get(message.path)?.path;
    if (kept === undefined) return;
    if (message.type === 'preempt') kept.claim(message);
    if (message.type === 'loss') kept.put({ kind: 'loss', from, message });
    else if (message.type === 'host-dark') kept.put({ kind: 'host-dark', from, message });
    else if (message.type === 'lit') kept.put({ kind: 'lit', from, message });
    else if (message.type === 'readings') kept.put({ kind: 'readings', from, message });
    else if (message.type === 'renewed') kept.renewed(from, message);
  }

  /** A way to that switch has opened, perhaps to a new life of it: it may not know what it was told or asked before. */
  inTouch(switchName: string): void {
    this.#runner.inTouch(switchName);
    this.#backups.inTouch(switchName);
    this.#renewals.inTouch(switchName);
    this.#reservations.inTouch(switchName);
  }

  /** Fibres were found failed by some agent, or are whole again. */
  heardOf(state: 'failed' | 'whole', fibres: readonly string[]): void {
    for (const { path } of this.#paths.values()) path.heardOf(state, fibres);
  }

  /** These fibres came free, or something came back (null): paths without light may have another way now. */
  news(fibres: readonly string[] | null): void {
    for (const { path } of this.#paths.values()) path.put({ kind: 'news', fibres });
  }

  /** All that are looked after, legs of protected ones included. */
  get all(): readonly LightPath[] {
    return [...this.#paths.values()].map(({ path }) => path);
  }

  find(name: string): LightPath | null {
    return this.#paths.get(name)?.path ?? null;
  }

  isProtected(name: string): boolean {
    return this.#protected.has(name);
  }

  /** Returns the task of a new path, which the caller must not leave unwatched. */
  request(client: ClientVoice, message: MessageOf<'request'>): Promise<void> | null {
    const { path: name, from, to, terms = {} } = message;
    const known = this.#paths.get(name);
    const isThere = known !== undefined || this.#protected.has(name);
    const isProtected = terms.protection?.kind === '1+1' && known === undefined;
    if (isLegName(name)) refuse(client, name, 'bad-request', 'a name of a path has no /');
    else if (this.#reservations.has(name) || (terms.reserve !== undefined && !isThere))
      this.#reservations.request(client, message);
    else if (!isThere && this.#paths.size >= LIMITS.pathsMax)
      refuse(client, name, 'limit', `more than ${LIMITS.pathsMax} paths`);
    else if (this.#protected.has(name) || isProtected) this.#protected.request(client, message);
    else if (known !== undefined) this.#requestAgain(known, client, message);
    else {
      const { log } = this.#c.platform;
      log.record('path.requested', { path: name, from, to, ...recordOf(terms) });
      return this.#keep({ path: name, from, to, terms }, client).run();
    }
    return null;
  }

  /** For a client that has lost its connection, or its memory. */
  #requestAgain(known: Kept, client: ClientVoice, { path: name, from, to }: MessageOf<'request'>): void {
    if (known.path.from !== from || known.path.to !== to || known.path.state === 'ended')
      return refuse(client, name, 'name-taken', `there is another path ${name}`);
    known.client = client;
    this.#clientLeases.grant(name, this.#now());
    if (known.path.state === 'up') client.send(grantOf(known.path));
  }

  /** What is on hold for this path is to be used now. */
  confirm(client: ClientVoice, name: string): void {
    if (this.#reservations.confirm(client, name)) return;
    refuse(client, name, 'hold-expired', 'nothing is on hold for it');
  }

  /** Its time ends it, where it has one; otherwise its client keeps it alive as others. */
  begin(ends: PathEnds, route: Route, client: ClientVoice | null): void {
    this.#c.watch(this.#keep(ends, client, reservedGuide(this.#c, ends, route)).run());
  }

  finish(name: string, reason: string): void {
    const kept = this.#paths.get(name);
    if (kept !== undefined) this.stop(kept.path, reason);
  }

  giveBack(client: ClientVoice, name: string): void {
    if (this.#reservations.giveBack(client, name)) return;
    if (this.#protected.giveBack(client, name, 'released by its client')) return;
    const kept = this.#paths.get(name);
    if (kept === undefined) {
      client.send({ type: 'given-back', path: name });
      return;
    }
    kept.client = client;
    this.stop(kept.path, 'released by its client');
  }

  keepAlive(client: ClientVoice, names: readonly string[]): void {
    for (const name of names) this.#keepOneAlive(client, name);
  }

  #keepOneAlive(client: ClientVoice, name: string): void {
    const kept = this.#paths.get(name);
    if (this.#reservations.has(name)) {
      this.#reservations.heardFrom(client, name);
      if (kept === undefined) return;
      kept.client = client;
    }
    if (kept === undefined && !this.#protected.has(name))
      return tellState(client, name, 'gone', 'not known here');
    if (!this.#clientLeases.renew(name, this.#now())) return;
    if (kept === undefined) this.#protected.heardFrom(client, name);
    // It may wait for its turn longer than its client waits for a sign of life.
    else if (kept.path.isNew) tellState(client, name, 'setting-up', '');
    else if (kept.client !== client) {
      kept.client = client;
      kept.path.tell();
    }
  }

  up(path: LightPath): void {
    const client = this.#paths.get(path.name)?.client;
    client?.send(grantOf(path));
    tellState(client, path.name, 'up', '');
  }

  rerouting(path: LightPath): void {
    tellState(this.#paths.get(path.name)?.client, path.name, 'rerouting', '');
  }

  down(path: LightPath, { reason }: PathFailure): void {
    tellState(this.#paths.get(path.name)?.client, path.name, 'down', reason);
  }

  ended(path: LightPath, wasUp: boolean, failure: PathFailure | null): void {
    const { name } = path;
    const client = this.#paths.get(name)?.client;
    this.#paths.delete(name);
    this.#reservations.pathEnded(name);
    this.#clientLeases.release(name);
    recordEnd(this.#c.platform.log, name, wasUp, failure);
    tellEnd(client, name, wasUp, failure);
  }

  release(path: string, switchName: string, revision: number): void {
    this.#releases.owe(path, switchName, revision);
  }

  open(ends: PathEnds, guide: RouteGuide, news: LightPathNews): LightPath {
    const path = new LightPath(ends, this.#c, this.#log, this.#runner, news, guide);
    this.#paths.set(ends.path, { path, client: null });
    return path;
  }

  close(leg: string): void {
    this.#paths.delete(leg);
  }

  stop(path: LightPath, reason: string): void {
    path.put({ kind: 'stop' });
    this.#runner.cancel(path.name, reason);
  }

  #keep(ends: PathEnds, client: ClientVoice | null, guide: RouteGuide = {}): LightPath {
    const { path: name } = ends;
    const guided = { ...guideOf(this.#c, ends), ...guide };
    const path = new LightPath(ends, this.#c, this.#log, this.#runner, this, guided, this.#backups);
    this.#paths.set(name, { path, client });
    if (ends.terms.reserve?.end === undefined) this.#clientLeases.grant(name, this.#now());
    return path;
  }

  /** The path has gone on without those that confirmed late: what they made is not used. */
  #releaseLate(plan: TransactionPlan, late: readonly string[]): void {
    for (const switchName of late) this.release(plan.path, switchName, plan.revision);
  }

  /** A client that no longer renews is dead: its path is released. */
  async #endLeasesForEver(): Promise<never> {
    for (;;) {
      await this.#c.platform.clock.sleep(this.#clientLeases.quiet(this.#now()));
      for (const name of this.#clientLeases.takeExpired(this.#now())) {
        const kept = this.#paths.get(name);
        if (kept !== undefined) this.stop(kept.path, 'its client has gone');
        else this.#protected.giveBack(null, name, 'its client has gone');
      }
    }
  }

  #now(): Instant {
    return this.#c.platform.clock.now();
  }
}
