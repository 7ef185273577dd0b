// What is in the way of keeping ports of this switch for a shared backup, beside other backups.

import type { AgentConfig } from './agent-config.ts';
import type { KeptBackup } from './backup-book.ts';
import type { BookingDesk } from './booking-desk.ts';
import type { Objection } from './port-book.ts';
import type { PortStates, PortUse } from './port-states.ts';

export interface BackupObstaclesOptions {
  readonly config: AgentConfig;
  readonly states: PortStates;
  readonly use: PortUse;
  readonly bookings: BookingDesk;
}

export class BackupObstacles {
  readonly #o: BackupObstaclesOptions;

  constructor(options: BackupObstaclesOptions) {
    this.#o = options;
  }

  /** Of every one: its ports are not there, or not to be had. */
  lasting({ path, transaction, coordinator, pair }: KeptBackup): Objection | null {
    const { config, states, bookings } = this.#o;
    const watches = watchOnly(config);
    if (watches !== null) return watches;
    const ports = [pair.a, pair.b];
    const unknown = ports.find((port) => !states.has(port));
    if (unknown !== undefined) return failed(`${config.switchName} has no port ${unknown}`);
    const foreign = ports.find((port) => states.isForeign(port));
    if (foreign !== undefined) return this.#busy(foreign, 'has a cross-connect of somebody else');
    const rank = { attempt: 0, transaction };
    const prepare = { transaction, path, revision: 0, coordinator, rank, remove: null, make: pair };
    return bookings.objection({ type: 'prepare', ...prepare });
  }

  /** Of a new one only, since it may pass: another path has a port, or is after it. */
  passing({ path, pair }: KeptBackup): Objection | null {
    const { use } = this.#o;
    for (const port of [pair.a, pair.b]) {
      const holder = use.holderOf(port);
      if (holder === null || holder === path) continue;
      if (use.keeperOf(port) !== null) return this.#busy(port, `is held by path ${holder}`);
      if (use.isBackup(port)) return this.#busy(port, `is kept for the backup of path ${holder}`);
      return { ...this.#busy(port, `is wanted by path ${holder}`), vote: 'locked' };
    }
    return null;
  }

  #busy(port: string, why: string): Objection {
    return { vote: 'busy', port, reason: `port ${port} of ${this.#o.config.switchName} ${why}` };
  }
}

/** The objection of an agent that is not to change its switch. */
export function watchOnly({ isWatchOnly, switchName }: AgentConfig): Objection | null {
  return isWatchOnly === true ? failed(`the agent of ${switchName} only watches its switch`) : null;
}

const failed = (reason: string): Objection => ({ vote: 'failed', port: null, reason });
