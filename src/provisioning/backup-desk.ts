// The participant's side of shared backups: keeps ports for them, on disk before it says so and under a lease that the
// coordinator renews by saying its wish again. A cross-connect made there ends what others had; they are told.

import type { AgentContext } from './agent-context.ts';
import { BackupBook, type KeptBackup } from './backup-book.ts';
import type { BackupObstacles } from './backup-obstacles.ts';
import type { DecisionLog } from './decision-log.ts';
import { LeaseTable } from './lease-table.ts';
import type { MessageOf } from './messages.ts';
import type { Holding, Objection } from './port-book.ts';
import { hasPort } from './port-pair.ts';

export interface BackupDeskOptions {
  readonly context: AgentContext;
  readonly log: DecisionLog;
  readonly obstacles: BackupObstacles;
  /** Ports are kept, or no longer. */
  readonly changed: () => void;
}

export class BackupDesk {
  readonly #o: BackupDeskOptions;
  readonly #book: BackupBook;
  readonly #leases: LeaseTable;
  /** Those whose promise is on its way to the disk. */
  readonly #unwritten = new Set<KeptBackup>();

  constructor(options: BackupDeskOptions) {
    this.#o = options;
    this.#book = new BackupBook(options.context.config.switchName);
    this.#leases = new LeaseTable(options.context.timings.lease);
  }

  /** What the log says is kept; leases begin anew. */
  restore(): void {
    for (const backup of this.#o.log.state.backups.values()) {
      this.#book.keep(backup);
      this.#leases.grant(backup.path, this.#now());
      this.#record('backup.held', backup, { risks: backup.risks });
    }
  }

  /** Asked for, or renewed. */
  hold(from: string, { path, transaction, pair, risks }: MessageOf<'hold-backup'>): void {
    const known = this.#book.of(path);
    const backup = { path, transaction, coordinator: from, pair, risks };
    const isRenewal = known?.transaction === transaction && known.coordinator === from;
    if (isRenewal && this.#unwritten.has(known)) return;
    const { obstacles } = this.#o;
    const toNew = (): Objection | null => obstacles.passing(backup) ?? this.#book.objection(backup);
    const objection = this.#foreign(known, from) ?? obstacles.lasting(backup) ?? (isRenewal ? null : toNew());
    if (objection === null) {
      this.#leases.grant(path, this.#now());
      if (isRenewal) return this.#answer(backup, null);
      return this.#o.context.watch(this.#keep(backup));
    }
    if (known?.coordinator === from) this.#drop(known, objection.reason);
    this.#answer(backup, objection);
  }

  drop(from: string, { path, transaction }: MessageOf<'drop-backup'>): void {
    const known = this.#book.of(path);
    if (known?.coordinator === from && known.transaction === transaction) this.#drop(known, 'given back');
  }

  /** An operator frees what there is of the path. */
  free(path: string, reason: string): void {
    const known = this.#book.of(path);
    if (known === null) return;
    this.#drop(known, reason);
    this.#answer(known, failed(reason));
  }

  /** A path has its cross-connect: its own backup has served, and others have lost theirs at these ports. */
  made({ path, pair }: Pick<Holding, 'path' | 'pair'>): void {
    const own = this.#book.of(path);
    if (own !== null && [pair.a, pair.b].some((port) => hasPort(own.pair, port))) this.#drop(own, 'made');
    for (const lost of this.#book.lostTo(path, pair)) {
      const port = hasPort(lost.pair, pair.a) ? pair.a : pair.b;
      const reason = `port ${port} of ${this.#o.context.config.switchName} is taken by path ${path}`;
      this.#drop(lost, reason);
      this.#answer(lost, { vote: 'busy', port, reason });
    }
  }

  /** What speaks against a prepare. */
  objection({ path, make }: MessageOf<'prepare'>): Objection | null {
    return this.#book.inTheWay(path, make);
  }

  at(port: string): readonly KeptBackup[] {
    return this.#book.at(port);
  }

  tick(): void {
    for (const path of this.#leases.takeExpired(this.#now())) {
      const known = this.#book.of(path);
      if (known !== null) this.#drop(known, 'its lease has ended');
    }
  }

  async #keep(backup: KeptBackup): Promise<void> {
    this.#unwritten.add(backup);
    const before = this.#book.of(backup.path);
    if (before !== null) this.#record('backup.dropped', before, { reason: 'another one is kept' });
    this.#book.keep(backup);
    this.#record('backup.held', backup, { risks: backup.risks });
    this.#o.changed();
    await this.#o.log.append({ kind: 'backup-held', backup });
    this.#unwritten.delete(backup);
    if (this.#book.of(backup.path) === backup) this.#answer(backup, null);
  }

  #drop(backup: KeptBackup, reason: string): void {
    const { path, transaction } = backup;
    this.#book.drop(path);
    this.#leases.release(path);
    this.#record('backup.dropped', backup, { reason });
    this.#o.context.watch(this.#o.log.append({ kind: 'backup-dropped', path, transaction }));
    this.#o.changed();
  }

  #foreign(known: KeptBackup | null, from: string): Objection | null {
    if (known === null || known.coordinator === from) return null;
    return failed(`path ${known.path} has another coordinator at ${this.#o.context.config.switchName}`);
  }

  #answer({ path, transaction, coordinator }: KeptBackup, objection: Objection | null): void {
    const { vote, port, reason } = objection ?? { vote: 'prepared', port: null, reason: '' };
    this.#o.context.send(coordinator, { type: 'held-backup', transaction, path, vote, port, reason });
  }

  #record(
    kind: string,
    { path, transaction, pair }: KeptBackup,
    more: { readonly reason: string } | { readonly risks: KeptBackup['risks'] },
  ): void {
    const { platform, config } = this.#o.context;
    const fields = { path, transaction, switch: config.switchName, ports: [pair.a, pair.b] };
    platform.log.record(kind, { ...fields, ...more });
  }

  #now() {
    return this.#o.context.platform.clock.now();
  }
}

const failed = (reason: string): Objection => ({ vote: 'failed', port: null, reason });
