// What is left of paths that have ended, long after the last fault: no cross-connect that no living path holds,
// none missing from a path that is up, and no port locked by a transaction that nobody ends.

import type { Instant } from '../../core/time.ts';
import type { TraceRecord } from '../../engine/trace.ts';
import { type Checker, textOf, textsOf } from './checker.ts';

interface Remains {
  /** `switch input>output`, as the mirrors are. */
  readonly mirrors: Set<string>;
  /** By switch and path: the ports under a lease. */
  readonly held: Map<string, { readonly path: string; readonly ports: readonly string[] }>;
  /** The cross-connects that coordinators say their paths have, by path, and who says so. */
  readonly up: Map<string, { readonly by: string; readonly mirrors: readonly string[] }>;
  /** By transaction and switch. */
  readonly prepared: Set<string>;
}

export function nothingLeft(restsBy: Instant): Checker {
  const remains: Remains = { mirrors: new Set(), held: new Map(), up: new Map(), prepared: new Set() };
  let isDone = false;
  return {
    name: 'nothing-left',
    invariant: 'when all faults are over, switches hold what living paths have and nothing else',
    observe(record) {
      const wrong = isDone || record.at <= restsBy ? [] : review(remains);
      isDone = record.at > restsBy;
      follow(remains, record);
      return wrong;
    },
    settle: () => review(remains),
  };
}

function review({ mirrors, held, up, prepared }: Remains): string[] {
  const covered = new Set<string>();
  for (const [key, { path, ports }] of held) {
    const [name = ''] = key.split(' ');
    if (up.has(path)) for (const a of ports) for (const b of ports) covered.add(`${name} ${a}>${b}`);
  }
  const orphans = [...mirrors].filter((mirror) => !covered.has(mirror));
  const missing = [...up].flatMap(([path, { mirrors: said }]) =>
    said.filter((mirror) => !mirrors.has(mirror)).map((mirror) => `${path} has not got ${mirror}`),
  );
  return [
    ...orphans.map((mirror) => `cross-connect ${mirror} belongs to no living path`),
    ...missing,
    ...[...prepared].map((key) => `transaction and switch ${key} are still locked`),
  ];
}

function follow(r: Remains, record: TraceRecord): void {
  const { kind, fields } = record;
  if (kind === 'switch.connected') r.mirrors.add(mirrorOf(record));
  else if (kind === 'switch.disconnected') r.mirrors.delete(mirrorOf(record));
  else if (kind === 'machine.crashed') forget(r, record.where);
  else if (kind === 'path.up')
    r.up.set(textOf(record, 'path'), { by: record.where, mirrors: saidMirrors(fields['crossconnects']) });
  // A path that is down may wait on its route.
  else if (kind === 'path.down') r.up.set(textOf(record, 'path'), { by: record.where, mirrors: [] });
  else if (kind === 'path.released' || kind === 'path.failed') r.up.delete(textOf(record, 'path'));
  else if (kind.startsWith('lease.')) followLease(r, record);
  else if (kind.startsWith('participant.')) followTransaction(r, record);
}

/** What a crashed agent had is known again when it has read its log: it says all of it anew. */
function forget(r: Remains, machine: string): void {
  for (const [path, { by }] of r.up) if (by === machine) r.up.delete(path);
  for (const key of r.held.keys()) if (`${key.split(' ')[0]}-agent` === machine) r.held.delete(key);
  for (const key of r.prepared) if (`${key.split(' ')[1]}-agent` === machine) r.prepared.delete(key);
}

function followLease({ held }: Remains, record: TraceRecord): void {
  const path = textOf(record, 'path');
  const key = `${textOf(record, 'switch')} ${path}`;
  if (record.kind === 'lease.granted') held.set(key, { path, ports: textsOf(record, 'ports') });
  else held.delete(key);
}

function followTransaction({ prepared }: Remains, record: TraceRecord): void {
  const key = `${textOf(record, 'transaction')} ${textOf(record, 'switch')}`;
  if (record.kind === 'participant.prepared') prepared.add(key);
  else prepared.delete(key);
}

const mirrorOf = (record: TraceRecord): string =>
  `${textOf(record, 'switch')} ${textOf(record, 'input')}>${textOf(record, 'output')}`;

const saidMirrors = (crossConnects: unknown): string[] =>
  (crossConnects as readonly (readonly [string, string, string])[]).map(
    ([name, a, b]) => `${name} ${a}>${b}`,
  );
