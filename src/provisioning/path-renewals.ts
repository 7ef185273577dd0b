// What the switches of a coordinator's paths are told again and again: that they hold something for a path, so that
// its lease does not end, and the revision, until they have confirmed it. A switch that takes long to carry out its part
// of a decision must not cost the others theirs.

import type { AgentContext } from './agent-context.ts';
import type { BackupHolder } from './backup-holder.ts';
import type { LightPath } from './light-path.ts';
import type { OwedReleases } from './owed-releases.ts';
import type { Renewal } from './participant.ts';
import { LIMITS } from './timings.ts';
import type { TransactionRunner } from './transaction-runner.ts';

/** What else is said again in the same rounds. */
export interface OwedRounds {
  readonly releases: OwedReleases;
  readonly backups: BackupHolder;
  readonly transactions: TransactionRunner;
}

export class PathRenewals {
  readonly #c: AgentContext;
  readonly #owed: OwedRounds;
  readonly #paths: () => readonly LightPath[];

  constructor(context: AgentContext, owed: OwedRounds, paths: () => readonly LightPath[]) {
    this.#c = context;
    this.#owed = owed;
    this.#paths = paths;
  }

  run(): Promise<never>[] {
    return [this.#sayAgainForEver(), this.#renewForEver()];
  }

  /** A way to that switch has opened, perhaps to a new life of it: it may not know what it was told or asked before. */
  inTouch(switchName: string): void {
    this.#owed.releases.inTouch(switchName);
    for (const path of this.#paths()) {
      const hops = path.held.filter((hop) => hop.switchName === switchName);
      this.#renew(path, hops);
      if (hops.length > 0) path.put({ kind: 'in-touch', from: switchName });
    }
  }

  async #sayAgainForEver(): Promise<never> {
    for (;;) {
      await this.#c.platform.clock.sleep(this.#c.timings.resend);
      this.#owed.backups.tick();
      for (const path of this.#paths()) this.#renew(path, path.untold);
      this.#owed.releases.sayAgain();
    }
  }

  async #renewForEver(): Promise<never> {
    for (;;) {
      await this.#c.platform.clock.sleep(this.#c.timings.heartbeat);
      this.#renewAll();
    }
  }

  /** Each switch is told of all paths that it has something of at once. */
  #renewAll(): void {
    const bySwitch = new Map<string, Renewal[]>();
    const renew = (switchName: string, renewal: Renewal): void => {
      const renewals = bySwitch.get(switchName) ?? [];
      bySwitch.set(switchName, renewals);
      renewals.push(renewal);
    };
    for (const path of this.#paths()) {
      if (path.state === 'ended') continue;
      for (const { switchName, pair } of path.held)
        renew(switchName, { path: path.name, revision: path.revision, pair });
    }
    for (const { switchName, path, revision, make } of this.#owed.transactions.carriedOut)
      renew(switchName, { path, revision, pair: make });
    for (const [switchName, renewals] of bySwitch)
      while (renewals.length > 0)
        this.#c.send(switchName, { type: 'renew-all', paths: renewals.splice(0, LIMITS.renewalsMax) });
  }

  #renew(path: LightPath, hops: LightPath['held']): void {
    if (path.state === 'ended') return;
    for (const { switchName, pair } of hops)
      this.#c.send(switchName, { type: 'renew', path: path.name, revision: path.revision, pair });
  }
}
