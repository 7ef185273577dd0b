// Live light paths share no fibre. The word of a coordinator that crashed is void until it says it again: what its log
// does not name has ended, and leases may have ended what it does name. A path that moves has left what its next route
// does without as soon as the move is decided: another may be up there before the first is up again itself.

import type { TraceRecord } from '../../engine/trace.ts';
import { type Checker, textOf, textsOf } from './checker.ts';

export function pathsDisjoint(): Checker {
  const fibresOf = new Map<string, { readonly by: string; readonly fibres: readonly string[] }>();
  const decided = new Map<string, TraceRecord>();
  return {
    name: 'paths-disjoint',
    invariant: 'live light paths share no fibre',
    observe(record) {
      if (record.kind === 'path.down' || record.kind === 'path.released')
        fibresOf.delete(textOf(record, 'path'));
      if (record.kind === 'machine.crashed')
        for (const [path, { by }] of fibresOf) if (by === record.where) fibresOf.delete(path);
      if (record.kind === 'reroute.decided') decided.set(textOf(record, 'path'), record);
      if (record.kind === 'transaction.locked') {
        const next = decided.get(textOf(record, 'path'));
        const own = fibresOf.get(textOf(record, 'path'));
        if (own === undefined || next?.fields['revision'] !== record.fields['revision']) return [];
        const kept = new Set(next === undefined ? [] : textsOf(next, 'fibres'));
        fibresOf.set(textOf(record, 'path'), { ...own, fibres: own.fibres.filter((f) => kept.has(f)) });
      }
      if (record.kind !== 'path.up') return [];
      const path = textOf(record, 'path');
      const fibres = textsOf(record, 'fibres');
      fibresOf.set(path, { by: record.where, fibres });
      return [...fibresOf].flatMap(([other, { fibres: theirs }]) => {
        const shared = other === path ? [] : fibres.filter((f) => theirs.includes(f));
        return shared.map((f) => `fibre ${f} is in path ${path} and in path ${other}`);
      });
    },
    settle: () => [],
  };
}
