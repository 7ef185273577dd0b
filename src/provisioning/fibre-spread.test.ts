import fc from 'fast-check';
import { assert, suite } from '../../scripts/testing/suite.ts';
import { metres } from '../core/quantity.ts';
import { spreadFibres } from './fibre-spread.ts';
import type { Fibre } from './route.ts';

const test = suite('fibre spread');

const fibre = (id: string, from: string, to: string, km = 100): Fibre => ({
  id,
  a: { node: from, port: `${id}a` },
  b: { node: to, port: `${id}b` },
  weight: km,
  length: metres(km * 1e3),
});

const CABLE = Array.from({ length: 12 }, (_, i) =>
  fibre(`c${i}`, ...((i % 2 ? ['S2', 'S1'] : ['S1', 'S2']) as [string, string])),
);
const MAP = [...CABLE, fibre('other', 'S1', 'S2', 120), fibre('d', 'S2', 'S3')];

const choose = (path: string, taken: readonly string[] = [], own = '', fixed = '', map = MAP): string[] =>
  spreadFibres(['c0', 'd'], map, {
    path,
    isFixed: ({ id }) => id === fixed,
    isAsGood: ({ id }) => !taken.includes(id),
    isOwn: ({ id }) => id === own,
  }).map(({ id }) => id);

test('many paths take all fibres of a cable, about equally, and none of another length', () => {
  const counts = new Map<string, number>();
  for (let i = 0; i < 1200; i++) {
    const [first = '', second] = choose(`p${i}`);
    counts.set(first, (counts.get(first) ?? 0) + 1);
    assert.is(second, 'd');
  }
  assert.equal([...counts.keys()].sort(), CABLE.map(({ id }) => id).sort());
  // 100 each on average, with a deviation of 9.6.
  for (const [id, count] of counts) assert.ok(count > 60 && count < 140, `${id}: ${count}`);
});

test('a path chooses alike wherever it is asked, and what others take changes its choice only where it is that', () => {
  const taken = fc.subarray(
    CABLE.map(({ id }) => id),
    { maxLength: 11 },
  );
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), taken, (path, gone) => {
      const [free] = choose(path);
      assert.equal(choose(path, [], '', '', [...MAP].reverse()), [free, 'd']);
      const [left = ''] = choose(path, gone);
      assert.not.ok(gone.includes(left));
      if (free !== undefined && !gone.includes(free)) assert.is(left, free);
    }),
  );
});

test('what the path has, or is to pass, stays', () => {
  for (let i = 0; i < 20; i++) {
    assert.is(choose(`p${i}`, [], 'c7')[0], 'c7');
    assert.is(choose(`p${i}`, [], 'c7', 'c0')[0], 'c0');
  }
});

test.run();
