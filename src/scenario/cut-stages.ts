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

function describe(
  { cut, from, until, path, fibres: fibresBefore }: CutHit,
  index: RecordIndex,
  { goodputOf, linksOf, lines = new Map(), lengths = new Map() }: CutContext,
): CutStages {
  const first = index.records[from];
  if (first === undefined) throw new RangeError('a cut has no record');
  const ofPath = index.ofPath(path, from, until);
  const end = ofPath.find((r) => /^path\.(up|down|released)$/.test(r.kind));
  const up = end?.kind === 'path.up' ? end : undefined;
  const revision = up === undefined ? null : numberOf(up, 'revision');
  const since = (record: TraceRecord | undefined): Duration | null =>
    record === undefined ? null : between(first.at, record.at);
  const ofMove = (kind: string): TraceRecord | undefined =>
    ofPath.find((r) => r.kind === kind && r.fields['revision'] === revision);
  const lock = ofMove('transaction.locked');
  const terminals = terminalsOf(index, path, fibresBefore, lines);
  const seen = index.ofTerminals(terminals, from, until);
  // Light that came back on the same fibres was not brought back by anybody: there is no lock to wait for.
  const light = up === undefined ? null : lightBack(seen, lock?.at ?? first.at);
  const goodput = light === null ? null : (goodputOf?.(path) ?? null);
  const tcp =
    light === null || goodput === null
      ? null
      : timeBack(goodput, { cut: first.at, from: light, meanBeforeCut, shareBack });
  const fibresAfter = up === undefined ? null : textsOf(up, 'fibres');
  const lengthOf = (fibres: readonly string[]): number =>
    fibres.reduce((sum, fibre) => sum + (lengths.get(fibre) ?? 0), 0);
  const lengthBefore = lengthOf(fibresBefore);
  return {
    cut,
    at: first.at,
    fibre: textOf(first, 'fibre'),
    direction: textOf(first, 'direction'),
    path,
    fibresBefore,
    fibresAfter,
    lengthBefore,
    extraLength: fibresAfter === null ? null : lengthOf(fibresAfter) - lengthBefore,
    reason: light === null ? whyNot(end) : null,
    stages: {
      detect: since(ofPath.find((r) => r.kind === 'loss.detected')),
      decide: since(ofMove('reroute.decided')),
      lock: since(lock),
      switch: since(ofMove('transaction.committed')),
      light: light === null ? null : between(first.at, light),
      data: light === null ? null : since(dataBack(index.ofLinks(linksOf?.(path) ?? [], from, until), light)),
      tcp: tcp === null ? null : between(first.at, tcp),
    },
  };
}

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
  lines: FibreLines,
): readonly string[] {
  const ends = fibres.flatMap((fibre) => lines.get(fibre) ?? []);
  if (ends.length > 0) return ends;
  const request = index.ofPath(path).find((r) => r.kind === 'path.requested');
  return request === undefined ? [] : [textOf(request, 'from'), textOf(request, 'to')];
}

/** The record of a data link that is up again, with light that is back. */
const dataBack = (ofLinks: readonly TraceRecord[], light: Instant): TraceRecord | undefined =>
  ofLinks.find((r) => r.kind === 'link.up' && r.at >= light);

/** When all of the terminals that went dark after the cut have light again, not before `least`. */
function lightBack(seen: readonly TraceRecord[], least: Instant): Instant | null {
  const dark = new Set<string>();
  let wasDark = false;
  for (const record of seen) {
    if (record.kind !== 'light.lost' && record.kind !== 'light.restored') continue;
    const terminal = textOf(record, 'terminal');
    if (record.kind === 'light.lost') dark.add(terminal);
    else dark.delete(terminal);
    wasDark ||= record.kind === 'light.lost';
    if (wasDark && dark.size === 0 && record.at >= least) return record.at;
  }
  return null;
}
