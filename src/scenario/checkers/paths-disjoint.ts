// Live light paths share no fibre.

import { type Checker, textOf, textsOf } from './checker.ts';

export function pathsDisjoint(): Checker {
  const fibresOf = new Map<string, readonly string[]>();
  return {
    name: 'paths-disjoint',
    invariant: 'live light paths share no fibre',
    observe(record) {
      if (record.kind === 'path.down' || record.kind === 'path.released')
        fibresOf.delete(textOf(record, 'path'));
      if (record.kind !== 'path.up') return [];
      const path = textOf(record, 'path');
      const fibres = textsOf(record, 'fibres');
      fibresOf.set(path, fibres);
      return [...fibresOf].flatMap(([other, theirs]) => {
        const shared = other === path ? [] : fibres.filter((f) => theirs.includes(f));
        return shared.map((f) => `fibre ${f} is in path ${path} and in path ${other}`);
      });
    },
    settle: () => [],
  };
}
