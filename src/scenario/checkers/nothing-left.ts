// What is left of paths that have ended, long after the last fault: the mirrors make exactly the cross-connects that
// coordinators say their paths have, those of a path that waits on its route included; no switch keeps ports for a
// path that is over; and no transaction keeps ports locked, but the one that prepares a living path's backup. Ports are
// kept for shared backups that living paths say they have, and for no others.

import type { Instant } from '../../core/time.ts';
import type { TraceRecord } from '../../engine/trace.ts';
import { type Checker, textOf, textsOf } from './checker.ts';

/** What a coordinator last said of its path. */
interface Said {
  readonly by: string;
  readonly isUp: boolean;
  /** `switch input>output`. */
  readonly mirrors: ReadonlySet<string>;
  /** The transaction that a backup is prepared in. */
  backup: string | null;
}

interface Lock {
  readonly transaction: string;
  readonly since: Instant;
}

interface Remains {
  /** `switch input>output`, as the mirrors are. */
  readonly mirrors: Set<string>;
  /** Those that somebody else has made. */
  readonly foreign: Set<string>;
  /** By switch and path: the ports under a lease. */
  readonly held: Map<string, readonly string[]>;
  readonly said: Map<string, Said>;
  /** By transaction and switch. */
  readonly locks: Map<string, Lock>;
}

/** ns: a path that is DOWN may be trying again just now, and a transaction takes its time. */
const lockAgeMax = 4e9;

export function nothingLeft(restsBy: Instant): Checker {
  const remains: Remains = {
    mirrors: new Set(),
    foreign: new Set(),
    held: new Map(),
    said: new Map(),
    locks: new Map(),
  };
  let isDone = false;
  return {
    name: 'nothing-left',
    invariant: 'when all faults are over, switches hold what living paths have and nothing else',
    observe(record) {
      const wrong = isDone || record.at <= restsBy ? [] : review(remains, record.at);
      isDone = record.at > restsBy;
      follow(remains, record);
      return wrong;
    },
    settle: (at) => review(remains, at),
  };
}

function review({ mirrors, foreign, held, said, locks }: Remains, at: Instant): string[] {
  const own = new Set([...said.values()].flatMap((path) => [...path.mirrors]));
  const orphans = [...mirrors].filter((mirror) => !own.has(mirror) && !foreign.has(mirror));
  const missing = [...said].flatMap(([path, { isUp, mirrors: wanted }]) =>
    [...(isUp ? wanted : [])]
      .filter((mirror) => !mirrors.has(mirror))
      .map((mirror) => `${path} has not got ${mirror}`),
  );
  const kept = [...held].filter(([key, ports]) => {
    const [name = '', path = ''] = key.split(' ');
    const wanted = [...(said.get(path)?.mirrors ?? [])];
    return !wanted.some((mirror) => ports.every((port) => isEnd(mirror, name, port)));
  });
  const backups = new Set([...said.values()].map(({ backup }) => backup));
  const locked = [...locks].filter(
    ([, { transaction, since }]) => at - since > lockAgeMax && !backups.has(transaction),
  );
  return [
    ...orphans.map((mirror) => `cross-connect ${mirror} belongs to no living path`),
    ...missing,
    ...kept.map(([key, ports]) => `switch and path ${key}: ${ports.join(' and ')} are kept for nothing`),
    ...locked.map(([key]) => `transaction and switch ${key} are still locked`),
  ];
}

function isEnd(mirror: string, name: string, port: string): boolean {
  const [at = '', ends = ''] = mirror.split(' ');
  return at === name && ends.split('>').includes(port);
}

function follow(r: Remains, record: TraceRecord): void {
  const { kind } = record;
  if (kind === 'switch.connected') r.mirrors.add(mirrorOf(record));
  else if (kind === 'switch.disconnected') {
    r.mirrors.delete(mirrorOf(record));
    r.foreign.delete(mirrorOf(record));
  } else if (kind === 'foreign.connect') {
    for (const mirror of bothWays(record)) if (!r.mirrors.has(mirror)) r.foreign.add(mirror);
  } else if (kind === 'foreign.connect-refused') {
    for (const mirror of bothWays(record)) if (!r.mirrors.has(mirror)) r.foreign.delete(mirror);
  }
  if (kind === 'machine.crashed') forget(r, record.where);
  else if (kind.startsWith('path.')) followPath(r, record);
  else if (kind.startsWith('lease.')) followLease(r, record);
  else if (kind.startsWith('participant.') || kind.startsWith('backup.')) followTransaction(r, record);
}

/** A path that is down says what it has of a route that it waits on; while it stays there it keeps its backup. */
function followPath({ said }: Remains, { kind, where: by, fields }: TraceRecord): void {
  const path = String(fields['path']);
  const known = said.get(path);
  if (kind === 'path.up' || kind === 'path.down' || kind === 'path.resumed') {
    const mirrors = saidMirrors(fields['crossconnects'] ?? []);
    const isThere = known !== undefined && isSame(known.mirrors, mirrors);
    said.set(path, { by, isUp: kind === 'path.up', mirrors, backup: isThere ? known.backup : null });
  } else if (kind === 'path.released' || kind === 'path.failed') said.delete(path);
  else if (kind === 'path.protected' && known !== undefined)
    known.backup = fields['transaction'] === undefined ? null : String(fields['transaction']);
  else if (kind === 'path.unprotected' && known !== undefined) known.backup = null;
}

const isSame = (x: ReadonlySet<string>, y: ReadonlySet<string>): boolean =>
  x.size === y.size && [...x].every((each) => y.has(each));

/** What a crashed agent had is known again when it has read its log: it says all of it anew. */
function forget(r: Remains, machine: string): void {
  for (const [path, { by }] of r.said) if (by === machine) r.said.delete(path);
  for (const key of r.held.keys()) if (`${key.split(' ')[0]}-agent` === machine) r.held.delete(key);
  for (const key of r.locks.keys()) if (`${key.split(' ')[1]}-agent` === machine) r.locks.delete(key);
}

function followLease({ held }: Remains, record: TraceRecord): void {
  const key = `${textOf(record, 'switch')} ${textOf(record, 'path')}`;
  if (record.kind === 'lease.granted') held.set(key, textsOf(record, 'ports'));
  else held.delete(key);
}

function followTransaction({ locks }: Remains, record: TraceRecord): void {
  const transaction = textOf(record, 'transaction');
  const key = `${transaction} ${textOf(record, 'switch')}`;
  if (record.kind === 'participant.prepared' || record.kind === 'backup.held')
    locks.set(key, { transaction, since: record.at });
  else locks.delete(key);
}

const mirrorOf = (record: TraceRecord): string =>
  `${textOf(record, 'switch')} ${textOf(record, 'input')}>${textOf(record, 'output')}`;

const bothWays = (record: TraceRecord): string[] => [
  mirrorOf(record),
  `${textOf(record, 'switch')} ${textOf(record, 'output')}>${textOf(record, 'input')}`,
];

const saidMirrors = (crossConnects: unknown): ReadonlySet<string> =>
  new Set(
    (crossConnects as readonly (readonly [string, string, string])[]).map(
      ([name, a, b]) => `${name} ${a}>${b}`,
    ),
  );
