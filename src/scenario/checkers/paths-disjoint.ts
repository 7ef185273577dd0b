// Live light paths share no fibre. The word of a coordinator that crashed is void until it says it again: what its log
// does not name has ended, and leases may have ended what it does name.

import { type Checker, textOf, textsOf } from './checker.ts';

export function pathsDisjoint(): Checker {
  const fibresOf = new Map<string, { readonly by: string; readonly fibres: readonly string[] }>();
  return {
    name: 'paths-disjoint',
    invariant: 'live light paths share no fibre',
    observe(record) {
      if (record.kind === 'path.down' || record.kind === 'path.released')
        fibresOf.delete(textOf(record, 'path'));
      if (record.kind === 'machine.crashed')
        for (const [path, { by }] of fibresOf) if (by === record.where) fibresOf.delete(path);
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
