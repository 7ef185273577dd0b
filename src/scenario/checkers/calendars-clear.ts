// What calendars still have long after the last fault: entries of paths that live, be they reserved, connected or DOWN for
// the time being, and of no others. A switch that restarted says anew what its log has, and so do coordinators.

import type { Instant } from '../../core/time.ts';
import type { TraceRecord } from '../../engine/trace.ts';
import { agentMachine } from '../schema.ts';
import { type Checker, textOf } from './checker.ts';

interface Entry {
  readonly switchName: string;
  readonly path: string;
}

const LIVING: ReadonlySet<string> = new Set([
  'path.requested',
  'path.reserved',
  'path.up',
  'path.down',
  'path.resumed',
]);
const OVER: ReadonlySet<string> = new Set(['path.released', 'path.refused', 'path.failed']);

export function calendarsClear(restsBy: Instant): Checker {
  /** By switch and path. */
  const entries = new Map<string, Entry>();
  /** By path, the machine that speaks for it. */
  const living = new Map<string, string>();
  let isDone = false;

  const review = (): string[] =>
    [...entries.values()].flatMap(({ switchName, path }) =>
      living.has(path) ? [] : [`the calendar of ${switchName} still has path ${path}, which is over`],
    );

  return {
    name: 'calendars-clear',
    invariant: 'when all faults are over, calendars have what living paths reserved and nothing else',
    observe(record) {
      const wrong = isDone || record.at <= restsBy ? [] : review();
      isDone = record.at > restsBy;
      follow(entries, living, record);
      return wrong;
    },
    settle: review,
  };
}

function follow(entries: Map<string, Entry>, living: Map<string, string>, record: TraceRecord): void {
  const { kind, where } = record;
  if (kind === 'machine.crashed') {
    for (const [path, by] of living) if (by === where) living.delete(path);
    for (const [key, { switchName }] of entries) if (agentMachine(switchName) === where) entries.delete(key);
  } else if (LIVING.has(kind)) living.set(textOf(record, 'path'), where);
  else if (OVER.has(kind)) living.delete(textOf(record, 'path'));
  else if (kind.startsWith('booking.')) {
    const entry = { switchName: textOf(record, 'switch'), path: textOf(record, 'path') };
    const key = `${entry.switchName} ${entry.path}`;
    if (kind === 'booking.ended') entries.delete(key);
    else entries.set(key, entry);
  }
}
