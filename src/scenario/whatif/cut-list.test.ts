import { assert, suite } from '../../../scripts/testing/suite.ts';
import { seededRandom } from '../../platform/seeded-random.ts';
import { type CutListOptions, cutClasses } from './cut-list.ts';
import type { Cable } from './subject.ts';

const test = suite('cut list');

const cables: Cable[] = ['a', 'b', 'c', 'd'].map((name) => ({
  ...{ name, ends: ['s', 't'], fibres: [`${name}1`, `${name}2`], length: 1 },
  groups: name < 'c' ? ['duct'] : name === 'c' ? ['duct', 'bridge'] : [],
}));
const ids = (options: Omit<CutListOptions, 'isApart'>, isApart = false, seed = '1'): string[][] =>
  cutClasses(cables, { ...options, isApart }, seededRandom(seed)).map(({ cuts }) => cuts.map(({ id }) => id));

test('every cable, then every two once; with a time apart in both orders', () => {
  assert.equal(ids({ cuts: '1' }), [['a', 'b', 'c', 'd']]);
  assert.equal(ids({ cuts: '2' })[1], ['a+b', 'a+c', 'a+d', 'b+c', 'b+d', 'c+d']);
  const apart = ids({ cuts: '2' }, true)[1] ?? [];
  assert.is(new Set(apart).size, 12);
  assert.equal(apart.slice(0, 4), ['a+b', 'a+c', 'a+d', 'b+a']);
});

test('a group fails with all fibres of all its cables', () => {
  const [groups] = cutClasses(cables, { cuts: 'srlg', isApart: false }, seededRandom('1'));
  assert.equal(
    groups?.cuts.map(({ id, parts }) => [id, parts[0]?.fibres]),
    [
      ['srlg:duct', ['a1', 'a2', 'b1', 'b2', 'c1', 'c2']],
      ['srlg:bridge', ['c1', 'c2']],
    ],
  );
});

test('a sample is drawn by seed, without repetition, from each class', () => {
  const [one, two] = ids({ cuts: '2', sample: 3 });
  assert.is(new Set(one).size, 3);
  assert.is(new Set(two).size, 3);
  assert.equal(ids({ cuts: '2', sample: 3 }), [one, two]);
  const seeds = ['1', '2', '3', '4', '5', '6'].map((seed) =>
    ids({ cuts: '2', sample: 3 }, false, seed)[1]?.join(),
  );
  assert.ok(new Set(seeds).size > 1);
  assert.is(ids({ cuts: '1', sample: 9 })[0]?.length, 4);
});

test.run();
