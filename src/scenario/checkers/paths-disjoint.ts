// Live light paths share no fibre. The word of a coordinator that crashed is void until it says it again: what its log
// does not name has ended, and leases may have ended what it does name. A path that moves has left what its next route
// does without as soon as the move is decided: another may be up there before the first is up again itself. A fibre is
// free, too, when the path's leases at both its ends have expired: a coordinator that is cut off cannot know it, and
// hears of it only after those who may use the fibre from then on.

import type { TraceRecord } from '../../engine/trace.ts';
import { type Checker, textOf, textsOf } from './checker.ts';

export function pathsDisjoint(): Checker {
  const live = new LivePaths();
  const decided = new Map<string, TraceRecord>();
  return {
    name: 'paths-disjoint',
    invariant: 'live light paths share no fibre',
    observe(record) {
      if (record.kind === 'path.down' || record.kind === 'path.released') live.drop(textOf(record, 'path'));
      if (record.kind === 'machine.crashed') live.dropOf(record.where);
      if (record.kind === 'lease.expired') live.expire(textOf(record, 'path'), textOf(record, 'switch'));
      if (record.kind === 'reroute.decided') decided.set(textOf(record, 'path'), record);
      if (record.kind === 'transaction.locked') {
        const next = decided.get(textOf(record, 'path'));
        const own = live.get(textOf(record, 'path'));
        if (own === undefined || next?.fields['revision'] !== record.fields['revision']) return [];
        const kept = new Set(next === undefined ? [] : textsOf(next, 'fibres'));
        live.put(textOf(record, 'path'), { ...own, fibres: own.fibres.filter((f) => kept.has(f)) });
      }
      if (record.kind !== 'path.up') return [];
      const path = textOf(record, 'path');
      const fibres = textsOf(record, 'fibres');
      live.put(path, { by: record.where, fibres, leasedAt: leasedAt(record) });
      return fibres.flatMap((f) =>
        live.others(path, f).map((other) => `fibre ${f} is in path ${path} and in path ${other}`),
      );
    },
    settle: () => [],
  };
}

interface LivePath {
  /** The machine whose word it is. */
  readonly by: string;
  readonly fibres: readonly string[];
  /** By fibre, the switches at its ends whose lease for the path has not expired. */
  readonly leasedAt: ReadonlyMap<string, readonly string[]>;
}

/** The fibres of a path lead from host to host, its switches between them in the same order. */
function leasedAt(up: TraceRecord): LivePath['leasedAt'] {
  const made = up.fields['crossconnects'];
  const switches = [...new Set(Array.isArray(made) ? made.map(([name]) => String(name)) : [])];
  return new Map(textsOf(up, 'fibres').map((f, i) => [f, switches.slice(Math.max(0, i - 1), i + 1)]));
}

/** By path and by fibre, so that among thousands of paths one is not held against each. */
class LivePaths {
  readonly #paths = new Map<string, LivePath>();
  readonly #onFibre = new Map<string, Set<string>>();

  get(path: string): LivePath | undefined {
    return this.#paths.get(path);
  }

  put(path: string, live: LivePath): void {
    this.drop(path);
    this.#paths.set(path, live);
    for (const fibre of live.fibres)
      this.#onFibre.set(fibre, (this.#onFibre.get(fibre) ?? new Set()).add(path));
  }

  drop(path: string): void {
    for (const fibre of this.#paths.get(path)?.fibres ?? []) this.#onFibre.get(fibre)?.delete(path);
    this.#paths.delete(path);
  }

  dropOf(machine: string): void {
    for (const [path, { by }] of [...this.#paths]) if (by === machine) this.drop(path);
  }

  /** What is left without a lease at either end is the path's no longer. */
  expire(path: string, switchName: string): void {
    const own = this.#paths.get(path);
    if (own === undefined) return;
    const leasedAt = new Map(
      [...own.leasedAt].map(([fibre, at]) => [fibre, at.filter((name) => name !== switchName)]),
    );
    const hasEnded = (fibre: string): boolean =>
      leasedAt.get(fibre)?.length === 0 && own.leasedAt.get(fibre)?.length !== 0;
    this.put(path, { ...own, fibres: own.fibres.filter((fibre) => !hasEnded(fibre)), leasedAt });
  }

  others(path: string, fibre: string): string[] {
    return [...(this.#onFibre.get(fibre) ?? [])].filter((other) => other !== path);
  }
}
