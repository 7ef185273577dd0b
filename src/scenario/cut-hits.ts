// Which light paths in use each fibre cut hit: those that were up over the fibre. One pass over the records. A path
// that an earlier cut has made dark is not in use until it is up again.

import type { Instant } from '../core/time.ts';
import type { TraceRecord } from '../engine/trace.ts';
import { textOf, textsOf } from './checkers/checker.ts';

export interface CutHit {
  /** Counted from 1. */
  readonly cut: number;
  /** The number of the cut's record, and of the first record after the same path was hit again, at another instant. */
  readonly from: number;
  until: number;
  readonly path: string;
  readonly fibres: readonly string[];
}

export function cutHits(records: readonly TraceRecord[]): readonly CutHit[] {
  const paths = new PathsInUse();
  const hits: CutHit[] = [];
  const last = new Map<string, CutHit[]>();
  let cut = 0;
  for (const [i, record] of records.entries()) {
    paths.follow(record);
    if (record.kind !== 'fibre.cut') continue;
    cut++;
    for (const { path, fibres } of paths.hit(textOf(record, 'fibre'), record.at)) {
      const hit = { cut, from: i, until: records.length, path, fibres };
      const before = last.get(path) ?? [];
      const isSameInstant = records[before[0]?.from ?? -1]?.at === record.at;
      if (!isSameInstant) for (const earlier of before) earlier.until = i;
      last.set(path, isSameInstant ? [...before, hit] : [hit]);
      hits.push(hit);
    }
  }
  return hits;
}

class PathsInUse {
  readonly #fibres = new Map<string, readonly string[]>();
  readonly #over = new Map<string, Set<string>>();
  readonly #darkSince = new Map<string, Instant>();

  follow(record: TraceRecord): void {
    if (!/^path\.(up|down|released)$/.test(record.kind)) return;
    const path = textOf(record, 'path');
    for (const fibre of this.#fibres.get(path) ?? []) this.#over.get(fibre)?.delete(path);
    this.#fibres.delete(path);
    this.#darkSince.delete(path);
    if (record.kind !== 'path.up') return;
    const fibres = textsOf(record, 'fibres');
    this.#fibres.set(path, fibres);
    for (const fibre of fibres) this.#over.set(fibre, (this.#over.get(fibre) ?? new Set()).add(path));
  }

  hit(fibre: string, at: Instant): { path: string; fibres: readonly string[] }[] {
    return [...(this.#over.get(fibre) ?? [])].flatMap((path) => {
      if ((this.#darkSince.get(path) ?? at) < at) return [];
      this.#darkSince.set(path, at);
      return [{ path, fibres: this.#fibres.get(path) ?? [] }];
    });
  }
}
