// The shared backups that one switch keeps ports for: any number of paths to a port, within a bound, as long as no risk
// is common to their working routes. Who has none at a port that others have theirs at gets no cross-connect there.

import { type BackupRisks, sharedRisk } from './backup-risks.ts';
import type { Objection } from './port-book.ts';
import { hasPort, type PortPair } from './port-pair.ts';
import { LIMITS } from './timings.ts';

/** Ports of this switch that are kept for a path, until it needs them or somebody else of its kind does. */
export interface KeptBackup {
  readonly path: string;
  /** The one that will make it. */
  readonly transaction: string;
  readonly coordinator: string;
  readonly pair: PortPair;
  readonly risks: BackupRisks;
}

export class BackupBook {
  readonly #switchName: string;
  /** By path. */
  readonly #kept = new Map<string, KeptBackup>();

  constructor(switchName: string) {
    this.#switchName = switchName;
  }

  of(path: string): KeptBackup | null {
    return this.#kept.get(path) ?? null;
  }

  at(port: string): readonly KeptBackup[] {
    return [...this.#kept.values()].filter(({ pair }) => hasPort(pair, port));
  }

  /** In the place of what the path had before. */
  keep(backup: KeptBackup): void {
    this.#kept.set(backup.path, backup);
  }

  drop(path: string): void {
    this.#kept.delete(path);
  }

  /** Why it cannot be kept beside the others. */
  objection({ path, pair, risks }: Pick<KeptBackup, 'path' | 'pair' | 'risks'>): Objection | null {
    for (const port of [pair.a, pair.b]) {
      const others = this.#others(port, path);
      if (others.length >= LIMITS.backupsMax) return this.#busy(port, `${LIMITS.backupsMax} paths`);
      for (const other of others) {
        const risk = sharedRisk(risks, other.risks);
        if (risk !== null) return this.#busy(port, `path ${other.path}, which depends on ${risk}, too`);
      }
    }
    return null;
  }

  /** Why the path gets no cross-connect of these ports. */
  inTheWay(path: string, make: PortPair): Objection | null {
    const own = this.of(path)?.pair ?? null;
    for (const port of [make.a, make.b]) {
      const [other] = this.#others(port, path);
      if (other !== undefined && !hasPort(own, port)) return this.#busy(port, `path ${other.path}`);
    }
    return null;
  }

  /** Those that are over when the path has got these ports. */
  lostTo(path: string, pair: PortPair): readonly KeptBackup[] {
    const others = [...this.#kept.values()].filter((kept) => kept.path !== path);
    return others.filter((kept) => hasPort(kept.pair, pair.a) || hasPort(kept.pair, pair.b));
  }

  #others(port: string, path: string): readonly KeptBackup[] {
    return this.at(port).filter((kept) => kept.path !== path);
  }

  #busy(port: string, whom: string): Objection {
    return {
      vote: 'busy',
      port,
      reason: `port ${port} of ${this.#switchName} is kept as a backup of ${whom}`,
    };
  }
}
