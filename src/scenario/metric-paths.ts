// What became of each light path by the end of a run, and how often it was moved, refused or DOWN on the way; and what
// the switches then still hold. One pass over the records.

import type { Instant } from '../core/time.ts';
import type { TraceRecord } from '../engine/trace.ts';
import { textOf, textsOf } from './checkers/checker.ts';
import type { MetricName } from './metric-names.ts';
import type { MetricValue } from './metrics.ts';
import type { RecordIndex } from './record-index.ts';
import type { Scenario } from './schema.ts';

interface PathCourse {
  /** Of the route it is up on; null while it is not. */
  fibres: readonly string[] | null;
  /** Of the last route it was up on. */
  last: readonly string[] | null;
  moves: number;
  isRefused: boolean;
  downSince: Instant | null;
  readonly downTimes: number[];
}

export function pathValues(scenario: Scenario, index: RecordIndex): MetricValue[] {
  const lengths = new Map(scenario.fibres.map(({ name, length }) => [name, length]));
  const requested = scenario.timeline.flatMap(({ action }) =>
    action.kind === 'request' ? [action.path] : [],
  );
  const legNames = legsOf(index);
  return [
    ...requested.flatMap((path) => {
      const legs = [...(legNames.get(path) ?? [])].map((leg) => courseOf(index.ofPath(leg)));
      return valuesOf(path, courseOf(index.ofPath(path)), legs, lengths);
    }),
    { metric: 'crossconnects.at_end', of: null, cut: null, value: connectedAtEnd(index.records) },
  ];
}

/** By the path with 1+1 protection that they are legs of: it has no fibres of its own. */
function legsOf({ records }: RecordIndex): ReadonlyMap<string, ReadonlySet<string>> {
  const legs = new Map<string, Set<string>>();
  for (const record of records) {
    const whole = record.fields['of'];
    if (record.kind !== 'path.requested' || typeof whole !== 'string') continue;
    legs.set(whole, (legs.get(whole) ?? new Set()).add(textOf(record, 'path')));
  }
  return legs;
}

function valuesOf(
  path: string,
  course: PathCourse,
  legs: readonly PathCourse[],
  lengths: ReadonlyMap<string, number>,
): MetricValue[] {
  const value = (metric: MetricName, value: number | null): MetricValue => ({
    metric,
    of: path,
    cut: null,
    value,
  });
  const { fibres, isRefused, downSince, downTimes } = course;
  const all = [course, ...legs];
  const length = all
    .flatMap((each) => each.fibres ?? [])
    .reduce((sum, fibre) => sum + (lengths.get(fibre) ?? 0), 0);
  const moves = all.reduce((sum, each) => sum + each.moves, 0);
  const isDown = downSince !== null;
  return [
    value('path.up_at_end', fibres === null ? 0 : 1),
    value('path.length_at_end', fibres === null ? null : length),
    value('path.moves', moves),
    value('path.refused', isRefused ? 1 : 0),
    value('path.downs', downTimes.length + (isDown ? 1 : 0)),
    ...downTimes.map((time) => value('path.down_time', time)),
    ...(isDown ? [value('path.down_time', null)] : []),
  ];
}

function courseOf(records: readonly TraceRecord[]): PathCourse {
  const course: PathCourse = {
    fibres: null,
    last: null,
    moves: 0,
    isRefused: false,
    downSince: null,
    downTimes: [],
  };
  for (const record of records) follow(course, record);
  return course;
}

function follow(course: PathCourse, record: TraceRecord): void {
  // An agent records its own refusals, the host all that it hears of.
  if (record.kind === 'path.refused' || record.kind === 'request.refused') course.isRefused = true;
  if (!/^path\.(up|down|released)$/.test(record.kind)) return;
  const isDown = record.kind === 'path.down';
  if (course.downSince !== null && record.kind === 'path.up')
    course.downTimes.push(record.at - course.downSince);
  course.downSince = isDown ? (course.downSince ?? record.at) : null;
  course.fibres = record.kind === 'path.up' ? textsOf(record, 'fibres') : null;
  if (course.fibres === null) return;
  if (course.last !== null && course.last.join() !== course.fibres.join()) course.moves++;
  course.last = course.fibres;
}

/** Ways of light, whoever made them: a duplex cross-connect has two. */
function connectedAtEnd(records: readonly TraceRecord[]): number {
  const connected = new Set<string>();
  for (const { kind, fields } of records) {
    if (kind !== 'switch.connected' && kind !== 'switch.disconnected') continue;
    const key = [fields['switch'], fields['input'], fields['output']].join(' ');
    if (kind === 'switch.connected') connected.add(key);
    else connected.delete(key);
  }
  return connected.size;
}
