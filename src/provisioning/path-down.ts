// A light path that was up and has no light anywhere: it lets go of its route, or waits on it where that alone may
// carry it, and tries again, by news and by time, until there is light or it is stopped.

import { Avoided } from './avoided.ts';
import type { PathAllocation } from './path-allocation.ts';
import type { PathClaims } from './path-claims.ts';
import type { PathEvent } from './path-event.ts';
import type { PathRecovery } from './path-recovery.ts';
import type { PathStanding } from './path-standing.ts';
import type { PlannedMoves } from './planned-moves.ts';
import type { PathFailure } from './refusal.ts';
import { type News, RetrySchedule } from './retry-schedule.ts';
import { crossConnectsOf } from './route.ts';
import { LIMITS } from './timings.ts';

export interface PathDownOptions {
  readonly standing: PathStanding;
  readonly allocation: PathAllocation;
  readonly recovery: PathRecovery;
  readonly claims: PathClaims;
  readonly planned: PlannedMoves;
}

export class PathDown {
  readonly #o: PathDownOptions;
  readonly #s: PathStanding;

  constructor(options: PathDownOptions) {
    this.#o = options;
    this.#s = options.standing;
  }

  /** DOWN until there is light again; null then. */
  async stay(first: PathFailure): Promise<PathFailure | null> {
    const { claims, planned } = this.#o;
    const s = this.#s;
    const { timings, failed, platform } = s.context;
    const limits = { first: timings.retryFirst, most: timings.retryMost, triesMax: LIMITS.downTriesMax };
    const schedule = new RetrySchedule(limits, platform.clock.now());
    await this.#go(first);
    this.#tell(first, null);
    let told = first;
    while (!s.isStopped) {
      const { isOrdered } = planned;
      const event = isOrdered ? null : await s.events.next(schedule.due(failed.hasUnseen));
      if (event?.kind === 'news') schedule.news(s.now(), this.#weigh(event.fibres));
      if (event !== null && event.kind !== 'claimed' && !this.#isSign(event)) continue;
      const before = s.holding.lastRevision;
      const failure = await (isOrdered ? planned.obey() : claims.isAny ? claims.yield() : this.#tryAgain());
      if (failure === null) break;
      const wasCostly = s.holding.lastRevision > before;
      schedule.failed(s.now(), wasCostly);
      await this.#go(failure);
      if (wasCostly || saysMore(failure, told)) {
        this.#tell(failure, told);
        told = failure;
      }
    }
    s.downFor = null;
    return null;
  }

  /** With what it has of its route all the same: whoever reads the records may have seen it move meanwhile. */
  #tell(failure: PathFailure, before: PathFailure | null): void {
    const s = this.#s;
    s.record('path.down', { path: s.name, ...failure, crossconnects: crossConnectsOf({ hops: s.held }) });
    if (failure.kind !== before?.kind || failure.reason !== before.reason) s.voice.down(failure);
  }

  #weigh(fibres: readonly string[] | null): News {
    if (fibres === null) return 'return';
    return fibres.every((fibre) => this.#s.mover.tried.has(fibre)) ? 'stale' : 'fresh';
  }

  /** Lets go of everything, unless its own route is what it waits for. */
  async #go(failure: PathFailure): Promise<void> {
    const s = this.#s;
    const { route, revision } = s;
    s.enter('down');
    s.lastUpRevision = -1;
    s.downFor = failure;
    if (s.keepsRoute || route === null) return;
    s.letGo();
    const entry = { ...s.mover.entryOf(route, revision), down: failure };
    await s.log.append({ kind: 'path', entry });
  }

  /** Something seen on the route that it waits on. */
  #isSign(event: PathEvent): boolean {
    const { keepsRoute, revision, holding } = this.#s;
    if (!keepsRoute) return false;
    if (event.kind === 'host-dark') return this.#s.waitsFor !== event.message.fibre;
    if (event.kind === 'lit') return event.message.revision === revision;
    if (event.kind === 'not-held' && event.revision === revision) holding.lostBy(event.from);
    return event.kind === 'not-held' && event.revision === revision;
  }

  #tryAgain(): Promise<PathFailure | null> {
    const s = this.#s;
    const isWhole = s.held.length === s.route?.hops.length;
    if (s.keepsRoute && isWhole) return this.#o.recovery.findOut(new Avoided(), null);
    s.enter('moving');
    return this.#o.allocation.move(this.#o.claims.afresh());
  }
}

/** What is in the way now is something else; that no way is left says less than why the last one went. */
function saysMore({ kind }: PathFailure, told: PathFailure): boolean {
  if (kind === told.kind || kind === 'no-path' || kind === 'contention') return false;
  return kind !== 'port-busy' || told.kind !== 'pre-empted';
}
