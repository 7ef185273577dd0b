// How the ports of this agent's switch are: free, held, kept for backups, connected by somebody else, or unknown while the
// switch cannot be read. Told in the agent's part of the topology, and as news where one comes free.

import type { AgentContext } from './agent-context.ts';
import type { KeptBackup } from './backup-book.ts';
import type { PortPair } from './port-pair.ts';
import type { AnnouncedPort } from './topology-messages.ts';

/** What the agent itself has of its ports. */
export interface PortUse {
  /** The path that has the port or is after it. */
  holderOf(port: string): string | null;
  /** Null when no path holds it. */
  keeperOf(port: string): NonNullable<AnnouncedPort['keeper']> | null;
  /** Whether that path has it prepared for its backup. */
  isBackup(port: string): boolean;
  backupsAt(port: string): readonly KeptBackup[];
}

export class PortStates {
  readonly #c: AgentContext;
  readonly #use: PortUse;
  readonly #fibreAt: ReadonlyMap<string, string>;
  /** Ports with a cross-connect of somebody else; null while the switch cannot be read. */
  #foreign: ReadonlySet<string> | null = null;

  constructor(context: AgentContext, use: PortUse) {
    this.#c = context;
    this.#use = use;
    this.#fibreAt = new Map(context.config.ports.map(({ port, fibre }) => [port, fibre]));
  }

  has(port: string): boolean {
    return this.#fibreAt.has(port);
  }

  /** Whether somebody else has connected it, as far as the switch could be read. */
  isForeign(port: string): boolean {
    return this.#foreign?.has(port) === true;
  }

  /** Whether the switch answered when it was read last. */
  get isRead(): boolean {
    return this.#foreign !== null;
  }

  /** It does not answer: which of its ports are free is not known until it does. */
  unread(): void {
    this.#foreign = null;
    this.show();
  }

  /** `found` are all cross-connects of the switch. */
  read(found: readonly PortPair[]): void {
    const isOurs = (pair: PortPair): boolean =>
      [pair.a, pair.b].some((port) => this.#use.holderOf(port) !== null);
    const before = this.#foreign;
    const foreign = new Set(found.filter((pair) => !isOurs(pair)).flatMap((pair) => [pair.a, pair.b]));
    this.#foreign = foreign;
    if (before !== null) return this.show(notInBoth(before, foreign));
    this.show();
    this.#c.news(null);
  }

  /** Those that may have changed: a large switch has hundreds, and a message concerns two. */
  show(ports: Iterable<string> = this.#fibreAt.keys()): void {
    let isNews = false;
    const freed: string[] = [];
    for (const port of ports) {
      const fibre = this.#fibreAt.get(port);
      if (fibre === undefined) continue;
      const { isNewTo, isFree } = this.#enter(port);
      if (!isNewTo) continue;
      isNews = true;
      if (isFree) freed.push(fibre);
    }
    if (freed.length > 0) this.#c.news(freed);
    if (isNews) this.#c.announceSoon();
  }

  /** Into the agent's part of the topology; whether that is new to it, and the port is free. */
  #enter(port: string): { isNewTo: boolean; isFree: boolean } {
    const holder = this.#use.holderOf(port);
    const bare = this.#foreign === null ? 'unread' : this.#foreign.has(port) ? 'foreign' : 'free';
    const backups = holder === null && bare === 'free' ? this.#use.backupsAt(port) : [];
    const isKept = holder !== null || backups.length > 0;
    const isNewTo = this.#c.view.setOwn(
      port,
      isKept ? 'held' : bare,
      isKept ? (holder ?? '(backup)') : null,
      this.#use.keeperOf(port),
      backups.map((backup) => ({ path: backup.path, risks: backup.risks })),
      this.#use.isBackup(port),
    );
    return { isNewTo, isFree: !isKept && bare === 'free' };
  }
}

const notInBoth = (x: ReadonlySet<string>, y: ReadonlySet<string>): string[] => [
  ...[...x].filter((port) => !y.has(port)),
  ...[...y].filter((port) => !x.has(port)),
];
