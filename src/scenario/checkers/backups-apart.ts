// Paths whose backups share a port stand behind working routes that no single failure takes both of, as far as either
// asked; and what a switch was told of a path's working route is the route that the path has.

import type { TraceRecord } from '../../engine/trace.ts';
import { type Checker, textOf, textsOf } from './checker.ts';

interface Kept {
  readonly by: string;
  readonly path: string;
  readonly transaction: string;
  readonly ports: readonly string[];
  readonly risks: Readonly<Record<string, unknown>>;
}

export function backupsApart(): Checker {
  /** By switch and path. */
  const kept = new Map<string, Kept>();
  const routes = new Map<string, readonly string[]>();
  return {
    name: 'backups-apart',
    invariant: 'paths whose backups share a port have working routes that share no risk',
    observe(record) {
      const { kind } = record;
      if (kind === 'machine.crashed')
        for (const [key, { by }] of kept) if (by === record.where) kept.delete(key);
      if (kind === 'path.up') routes.set(textOf(record, 'path'), textsOf(record, 'fibres'));
      if (kind === 'path.protected' && 'working' in record.fields)
        return misjudged([...kept.values()], record, routes.get(textOf(record, 'path')) ?? []);
      if (kind !== 'backup.held' && kind !== 'backup.dropped') return [];
      const key = `${textOf(record, 'switch')} ${textOf(record, 'path')}`;
      if (kind === 'backup.dropped') {
        if (kept.get(key)?.transaction === textOf(record, 'transaction')) kept.delete(key);
        return [];
      }
      const backup = keptBy(record);
      kept.set(key, backup);
      return [...kept].flatMap(([other, { path, ports, risks }]) => {
        if (path === backup.path || other.split(' ')[0] !== key.split(' ')[0]) return [];
        const port = ports.find((one) => backup.ports.includes(one));
        const risk = port === undefined ? undefined : common(backup.risks, risks);
        return risk === undefined
          ? []
          : [
              `${backup.path} and ${path} have a backup at ${textOf(record, 'switch')}/${port} and share ${risk}`,
            ];
      });
    },
    settle: () => [],
  };
}

function misjudged(all: readonly Kept[], record: TraceRecord, route: readonly string[]): string[] {
  const own = all.filter(({ transaction }) => transaction === textOf(record, 'transaction'));
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
  path: textOf(record, 'path'),
  transaction: textOf(record, 'transaction'),
  ports: textsOf(record, 'ports'),
  risks: record.fields['risks'] as unknown as Kept['risks'],
});
