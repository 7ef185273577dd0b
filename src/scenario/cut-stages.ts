// What each fibre cut did to each light path that used the fibre, stage by stage, read off the records of a
// run: detect, decide, lock, switch, light back, TCP back. A stage that never came is null.

import { between, type Duration, type Instant, seconds } from '../core/time.ts';
import type { TraceRecord } from '../engine/trace.ts';
import type { Stage } from '../report/run-report.ts';
import { numberOf, textOf, textsOf } from './checkers/checker.ts';
import type { FibreLines } from './checkers/up-is-lit.ts';
import { type GoodputSeries, timeBack } from './goodput.ts';

export interface CutStages {
  readonly cut: number;
  readonly at: Instant;
  readonly fibre: string;
  readonly direction: string;
  readonly path: string;
  readonly fibresBefore: readonly string[];
  /** Null when the path was not moved. */
  readonly fibresAfter: readonly string[] | null;
  /** Since the cut; null for a stage that did not happen before the next cut. */
  readonly stages: Readonly<Record<Stage, Duration | null>>;
}

/** Goodput before a cut is the mean over this long. */
const meanBeforeCut = seconds(10);
/** Back means at least this share of it. */
const shareBack = 0.9;

/** One entry for each cut and each light path over the cut fibre; cuts that hit no path in use have none. */
export function cutStages(
  records: readonly TraceRecord[],
  goodputOf: (path: string) => GoodputSeries | null,
  lines: FibreLines = new Map(),
): readonly CutStages[] {
  const cuts = records.flatMap((r, i) => (r.kind === 'fibre.cut' ? [i] : []));
  return cuts.flatMap((index, n) => {
    const until = records.findIndex(
      (r, i) => i > index && r.kind === 'fibre.cut' && r.at > (records[index]?.at ?? 0),
    );
    const window = records.slice(index, until === -1 ? undefined : until);
    const hit = pathsOver(records.slice(0, index), window[0]);
    return hit.map(({ path, fibres }) =>
      describe(n + 1, path, fibres, window, goodputOf(path), records.slice(0, index), lines),
    );
  });
}

/** The paths that are up and use the fibre that `cut` cuts, with their fibres. */
function pathsOver(
  before: readonly TraceRecord[],
  cut: TraceRecord | undefined,
): { path: string; fibres: readonly string[] }[] {
  const up = new Map<string, readonly string[]>();
  for (const record of before) {
    if (record.kind === 'path.up') up.set(textOf(record, 'path'), textsOf(record, 'fibres'));
    if (record.kind === 'path.down' || record.kind === 'path.released') up.delete(textOf(record, 'path'));
  }
  const fibre = cut === undefined ? '' : textOf(cut, 'fibre');
  return [...up].flatMap(([path, fibres]) => (fibres.includes(fibre) ? [{ path, fibres }] : []));
}

function describe(
  cut: number,
  path: string,
  fibresBefore: readonly string[],
  window: readonly TraceRecord[],
  goodput: GoodputSeries | null,
  before: readonly TraceRecord[],
  lines: FibreLines,
): CutStages {
  const [first] = window;
  if (first === undefined) throw new RangeError('a cut has no record');
  const ofPath = window.filter((r) => r.fields['path'] === path);
  const up = ofPath.find((r) => r.kind === 'path.up');
  const revision = up === undefined ? null : numberOf(up, 'revision');
  const since = (record: TraceRecord | undefined): Duration | null =>
    record === undefined ? null : between(first.at, record.at);
  const ofMove = (kind: string): TraceRecord | undefined =>
    ofPath.find((r) => r.kind === kind && r.fields['revision'] === revision);
  const lock = ofMove('transaction.locked');
  const light =
    lock === undefined ? null : lightBack(window, lock.at, terminalsOf(before, path, fibresBefore, lines));
  const tcp =
    light === null || goodput === null
      ? null
      : timeBack(goodput, { cut: first.at, from: light, meanBeforeCut, shareBack });
  return {
    cut,
    at: first.at,
    fibre: textOf(first, 'fibre'),
    direction: textOf(first, 'direction'),
    path,
    fibresBefore,
    fibresAfter: up === undefined ? null : textsOf(up, 'fibres'),
    stages: {
      detect: since(ofPath.find((r) => r.kind === 'loss.detected')),
      decide: since(ofMove('reroute.decided')),
      lock: since(lock),
      switch: since(ofMove('transaction.committed')),
      light: light === null ? null : between(first.at, light),
      tcp: tcp === null ? null : between(first.at, tcp),
    },
  };
}

/** Those at which the path's fibres ended, where that is known. */
function terminalsOf(
  before: readonly TraceRecord[],
  path: string,
  fibres: readonly string[],
  lines: FibreLines,
): readonly string[] {
  const ends = fibres.flatMap((fibre) => lines.get(fibre) ?? []);
  if (ends.length > 0) return ends;
  const request = before.findLast((r) => r.kind === 'path.requested' && r.fields['path'] === path);
  return request === undefined ? [] : [textOf(request, 'from'), textOf(request, 'to')];
}

/** When all of the terminals that went dark after the cut have light again, by mirrors that moved after the lock. */
function lightBack(
  window: readonly TraceRecord[],
  lock: Instant,
  terminals: readonly string[],
): Instant | null {
  const dark = new Set<string>();
  let wasDark = false;
  for (const record of window) {
    if (record.kind !== 'light.lost' && record.kind !== 'light.restored') continue;
    const terminal = textOf(record, 'terminal');
    if (!terminals.includes(terminal)) continue;
    if (record.kind === 'light.lost') dark.add(terminal);
    else dark.delete(terminal);
    wasDark ||= record.kind === 'light.lost';
    if (wasDark && dark.size === 0 && record.at >= lock) return record.at;
  }
  return null;
}
