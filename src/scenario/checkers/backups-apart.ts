// Paths whose backups share a port stand behind working routes that no single failure takes both of, as far as either
// asked; and what a switch was told of a path's working route is the route that the path has.

import type { TraceRecord } from '../../engine/trace.ts';
import { type Checker, textOf, textsOf } from './checker.ts';

interface Kept {
  /** The machine whose record says so. */
  readonly by: string;
  readonly switchName: string;
  readonly path: string;
  readonly transaction: string;
  readonly ports: readonly string[];
  readonly risks: Readonly<Record<string, unknown>>;
}

export function backupsApart(): Checker {
  const backups = new KeptBackups();
  const routes = new Map<string, readonly string[]>();
  return {
    name: 'backups-apart',
    invariant: 'paths whose backups share a port have working routes that share no risk',
    observe(record) {
      const { kind } = record;
      if (kind === 'machine.crashed') backups.forgetOf(record.where);
      if (kind === 'path.up') routes.set(textOf(record, 'path'), textsOf(record, 'fibres'));
      if (kind === 'path.protected' && 'working' in record.fields)
        return misjudged(backups.all, record, routes.get(textOf(record, 'path')) ?? []);
      if (kind === 'backup.held') return backups.keep(keptBy(record));
      if (kind === 'backup.dropped')
        backups.drop(textOf(record, 'switch'), textOf(record, 'path'), textOf(record, 'transaction'));
      return [];
    },
    settle: () => [],
  };
}

class KeptBackups {
  /** By switch and path. */
  readonly #kept = new Map<string, Kept>();

  get all(): readonly Kept[] {
    return [...this.#kept.values()];
  }

  forgetOf(machine: string): void {
    for (const [key, { by }] of this.#kept) if (by === machine) this.#kept.delete(key);
  }

  drop(switchName: string, path: string, transaction: string): void {
    const key = `${switchName} ${path}`;
    if (this.#kept.get(key)?.transaction === transaction) this.#kept.delete(key);
  }

  /** Returns what is wrong with it beside the others of that switch. */
  keep(backup: Kept): string[] {
    this.#kept.set(`${backup.switchName} ${backup.path}`, backup);
    return this.all
      .filter(({ switchName, path }) => switchName === backup.switchName && path !== backup.path)
      .flatMap((other) => clash(backup, other));
  }
}

function clash(one: Kept, other: Kept): string[] {
  const port = other.ports.find((each) => one.ports.includes(each));
  const risk = port === undefined ? undefined : common(one.risks, other.risks);
  if (risk === undefined) return [];
  return [`${one.path} and ${other.path} have a backup at ${one.switchName}/${port} and share ${risk}`];
}

function misjudged(all: readonly Kept[], record: TraceRecord, route: readonly string[]): string[] {
  // An agent that has lost its disk counts its transactions anew, and another path had one of that name.
  const own = all.filter(
    ({ path, transaction }) =>
      path === textOf(record, 'path') && transaction === textOf(record, 'transaction'),
  );
  return [textsOf(record, 'working'), ...own.map(({ risks }) => listOf(risks, 'fibres'))]
    .filter((fibres) => fibres.length !== route.length || fibres.some((fibre) => !route.includes(fibre)))
    .map((fibres) => `${textOf(record, 'path')} is protected behind ${fibres.join(' ')}, which it has not`);
}

/** What either asked to be apart by: fibres always. */
function common(x: Kept['risks'], y: Kept['risks']): string | undefined {
  const asked = ['edge', x['disjoint'], y['disjoint']];
  return (
    [
      ['edge', 'fibres'],
      ['node', 'switches'],
      ['srlg', 'srlgs'],
    ] as const
  )
    .filter(([disjoint]) => asked.includes(disjoint))
    .flatMap(([, list]) => listOf(x, list).filter((name) => listOf(y, list).includes(name)))
    .at(0);
}

const listOf = (risks: Kept['risks'], list: string): readonly string[] =>
  (risks[list] ?? []) as readonly string[];

const keptBy = (record: TraceRecord): Kept => ({
  by: record.where,
  switchName: textOf(record, 'switch'),
  path: textOf(record, 'path'),
  transaction: textOf(record, 'transaction'),
  ports: textsOf(record, 'ports'),
  risks: record.fields['risks'] as unknown as Kept['risks'],
});
