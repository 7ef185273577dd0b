// What each fibre cut did to each light path that used the fibre, stage by stage, read off the records of a
// run: detect, decide, lock, switch, light back, data link up, TCP back. A stage that never came is null.

import { between, type Duration, type Instant, seconds } from '../core/time.ts';
import type { TraceRecord } from '../engine/trace.ts';
import type { Stage } from '../report/run-report.ts';
import { numberOf, textOf, textsOf } from './checkers/checker.ts';
import type { FibreLines } from './checkers/path-light.ts';
import { type CutHit, cutHits } from './cut-hits.ts';
import { type GoodputSeries, timeBack } from './goodput.ts';
import type { RecordIndex } from './record-index.ts';

export interface CutStages {
  readonly cut: number;
  readonly at: Instant;
  readonly fibre: string;
  readonly direction: string;
  readonly path: string;
  readonly fibresBefore: readonly string[];
  /** Null when the path was not moved. */
  readonly fibresAfter: readonly string[] | null;
  /** Metres: of the route before, and what the next one is longer. */
  readonly lengthBefore: number;
  readonly extraLength: number | null;
  /** Why light is not back; null where it is. */
  readonly reason: string | null;
  /** Since the cut; null for a stage that did not happen before the path went DOWN, ended, or was hit again. */
  readonly stages: Readonly<Record<Stage, Duration | null>>;
}

/** Goodput before a cut is the mean over this long. */
const meanBeforeCut = seconds(10);
/** Back means at least this share of it. */
const shareBack = 0.9;

/** What is known of the run beside its records. */
export interface CutContext {
  readonly goodputOf?: (path: string) => GoodputSeries | null;
  readonly lines?: FibreLines;
  /** The data links that ride on a path's light. */
  readonly linksOf?: (path: string) => readonly string[];
  /** Metres, by fibre. */
  readonly lengths?: ReadonlyMap<string, number>;
}

/** One entry for each cut and each light path over the cut fibre; cuts that hit no path in use have none. */
export function cutStages(index: RecordIndex, context: CutContext = {}): readonly CutStages[] {
  return cutHits(index.records).map((hit) => describe(hit, index, context));
}

function describe(hit: CutHit, index: RecordIndex, context: CutContext): CutStages {
  const { cut, from, until, path, fibres: fibresBefore } = hit;
  const first = index.records[from];
  if (first === undefined) throw new RangeError('a cut has no record');
  const ofPath = index.ofPath(path, from, until);
  const end = ofPath.find((r) => /^path\.(up|down|released)$/.test(r.kind));
  const up = end?.kind === 'path.up' ? end : undefined;
  const move = moveStages(ofPath, up);
  const fibresAfter = up === undefined ? null : textsOf(up, 'fibres');
  const before = terminalsOf(index, path, fibresBefore, context.lines);
  const now = terminalsOf(index, path, fibresAfter ?? fibresBefore, context.lines);
  const seen = index.ofTerminals([...new Set([...before, ...now])], from, until);
  // Light that came back on the same fibres was not brought back by anybody: there is no lock to wait for.
  const light = up === undefined ? null : lightBack(seen, { before, now }, move.lock ?? first.at);
  const back = light === null ? { data: null, tcp: null } : dataBack(hit, index, context, first.at, light);
  const lengthBefore = lengthOf(fibresBefore, context);
  const since = (at: Instant | null): Duration | null => (at === null ? null : between(first.at, at));
  const { detect, decide, lock, switch: switched } = move;
  return {
    ...{ cut, at: first.at, fibre: textOf(first, 'fibre'), direction: textOf(first, 'direction') },
    ...{ path, fibresBefore, fibresAfter, lengthBefore },
    extraLength: fibresAfter === null ? null : lengthOf(fibresAfter, context) - lengthBefore,
    reason: light === null ? whyNot(end) : null,
    stages: {
      ...{ detect: since(detect), decide: since(decide), lock: since(lock), switch: since(switched) },
      ...{ light: since(light), data: since(back.data), tcp: since(back.tcp) },
    },
  };
}

type Moments<S extends Stage> = Readonly<Record<S, Instant | null>>;

/** When agents did their part; `up` is the record that ended it, where there is one. */
function moveStages(
  ofPath: readonly TraceRecord[],
  up: TraceRecord | undefined,
): Moments<'detect' | 'decide' | 'lock' | 'switch'> {
  const revision = up === undefined ? null : numberOf(up, 'revision');
  const ofMove = (kind: string): Instant | null =>
    ofPath.find((r) => r.kind === kind && r.fields['revision'] === revision)?.at ?? null;
  return {
    detect: ofPath.find((r) => r.kind === 'loss.detected')?.at ?? null,
    decide: ofMove('reroute.decided'),
    lock: ofMove('transaction.locked'),
    switch: ofMove('transaction.committed'),
  };
}

/** When data flowed again over light that was back at `light`. */
function dataBack(
  { path, from, until }: CutHit,
  index: RecordIndex,
  { goodputOf, linksOf }: CutContext,
  cut: Instant,
  light: Instant,
): Moments<'data' | 'tcp'> {
  const ofLinks = index.ofLinks(linksOf?.(path) ?? [], from, until);
  const goodput = goodputOf?.(path) ?? null;
  return {
    data: ofLinks.find((r) => r.kind === 'link.up' && r.at >= light)?.at ?? null,
    tcp: goodput === null ? null : timeBack(goodput, { cut, from: light, meanBeforeCut, shareBack }),
  };
}

const lengthOf = (fibres: readonly string[], { lengths }: CutContext): number =>
  fibres.reduce((sum, fibre) => sum + (lengths?.get(fibre) ?? 0), 0);

/** Why a path has no light again, by what became of it first. */
function whyNot(end: TraceRecord | undefined): string {
  if (end === undefined) return 'not up again in time';
  if (end.kind === 'path.released') return 'released';
  if (end.kind === 'path.up') return 'up, but not seen to have light at both hosts';
  const { reason } = end.fields;
  return typeof reason === 'string' ? reason : 'DOWN';
}

/** Those at which the path's fibres ended, where that is known. */
function terminalsOf(
  index: RecordIndex,
  path: string,
  fibres: readonly string[],
  lines: FibreLines = new Map(),
): readonly string[] {
  const ends = fibres.flatMap((fibre) => lines.get(fibre) ?? []);
  if (ends.length > 0) return ends;
  const request = index.ofPath(path).find((r) => r.kind === 'path.requested');
  return request === undefined ? [] : [textOf(request, 'from'), textOf(request, 'to')];
}

/** When something went dark after the cut and all terminals that the path ends at now have light, not before `least`. */
function lightBack(
  seen: readonly TraceRecord[],
  { before, now }: { readonly before: readonly string[]; readonly now: readonly string[] },
  least: Instant,
): Instant | null {
  const dark = new Set(now.filter((terminal) => !before.includes(terminal)));
  let wasDark = false;
  for (const record of seen) {
    if (record.kind !== 'light.lost' && record.kind !== 'light.restored') continue;
    const terminal = textOf(record, 'terminal');
    if (record.kind === 'light.lost' && now.includes(terminal)) dark.add(terminal);
    if (record.kind === 'light.restored') dark.delete(terminal);
    wasDark ||= record.kind === 'light.lost';
    if (wasDark && dark.size === 0 && record.at >= least) return record.at;
  }
  return null;
}
