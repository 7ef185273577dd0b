// What holds long after the last fault, at one given time and at the end of the run: every path carries light or
// has ended, and what is asked for after that time is granted. A coordinator that crashed says anew what it still has.

import type { Instant } from '../../core/time.ts';
import type { TraceRecord } from '../../engine/trace.ts';
import { type Checker, textOf } from './checker.ts';
import { type FibreLines, PathLight } from './path-light.ts';

interface PathState {
  readonly isLate: boolean;
  /** The machine that speaks for it. */
  readonly by: string;
  /** `unknown`: its coordinator has crashed since. */
  state: 'allocating' | 'reserved' | 'up' | 'moving' | 'ended' | 'unknown';
}

const STATES: Readonly<Record<string, PathState['state']>> = {
  'path.requested': 'allocating',
  'path.up': 'up',
  'path.resumed': 'moving',
  'path.reserved': 'reserved',
  'reroute.started': 'moving',
  'path.down': 'ended',
  'path.failed': 'ended',
  'path.refused': 'ended',
  'path.released': 'ended',
};

export function pathsAtRest(restsBy: Instant, lines: FibreLines): Checker {
  const paths = new Map<string, PathState>();
  const light = new PathLight(lines);
  let isDone = false;

  const review = (): string[] =>
    [...paths].flatMap(([path, { state }]) => {
      if (state === 'allocating' || state === 'moving') return [`path ${path} is still ${state}`];
      const dark = state === 'up' ? light.darkOf(path) : [];
      return dark.map((terminal) => `path ${path} is up, and ${terminal} has no light`);
    });

  return {
    name: 'paths-at-rest',
    invariant: 'when all faults are over, every path carries light or has ended, and new ones are granted',
    observe(record) {
      const wrong = isDone || record.at <= restsBy ? [] : review();
      isDone = record.at > restsBy;
      light.observe(record);
      if (record.kind === 'machine.crashed') forget(paths, record.where);
      else wrong.push(...follow(paths, record, isDone));
      return wrong;
    },
    settle: review,
  };
}

function forget(paths: ReadonlyMap<string, PathState>, machine: string): void {
  for (const path of paths.values()) if (path.by === machine) path.state = 'unknown';
}

function follow(paths: Map<string, PathState>, record: TraceRecord, isLate: boolean): string[] {
  const { kind, where: by } = record;
  const state = STATES[kind];
  if (state === undefined && kind !== 'request.refused') return [];
  const name = textOf(record, 'path');
  if (kind === 'path.requested') {
    paths.set(name, { isLate, by, state: 'allocating' });
    return [];
  }
  const path = paths.get(name);
  const isRefusal = kind === 'path.refused' || kind === 'path.down' || kind === 'request.refused';
  const refused = isRefusal && (path?.isLate ?? isLate);
  if (path !== undefined && state !== undefined) path.state = state;
  return refused
    ? [`path ${name}, asked for when all was well, was refused: ${textOf(record, 'reason')}`]
    : [];
}
