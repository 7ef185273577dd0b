import fc from 'fast-check';
import { assert, suite } from '../../scripts/testing/suite.ts';
import { RangeSet, wholeBlocks } from './range-set.ts';

const test = suite('range set');

test('a range set holds what a set of bytes would, and counts what was new', () => {
  const range = fc.tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 20 }));
  fc.assert(
    fc.property(fc.array(range, { maxLength: 30 }), (adds) => {
      const set = new RangeSet();
      const model = new Set<number>();
      for (const [from, length] of adds) {
        const before = model.size;
        for (let i = from; i < from + length; i++) model.add(i);
        assert.is(set.add(from, from + length), model.size - before);
      }
      assert.is(set.covered, model.size);
      const listed = set
        .pairs()
        .flatMap(([from, to]) => Array.from({ length: to - from }, (_, i) => from + i));
      assert.equal(
        listed,
        [...model].sort((a, b) => a - b),
      );
      for (let i = 1; i < set.pairs().length; i++)
        assert.ok((set.pairs()[i]?.[0] ?? 0) > (set.pairs()[i - 1]?.[1] ?? 0));
      for (let i = 0; i < 80; i += 7)
        assert.is(
          set.has(i, i + 3),
          [i, i + 1, i + 2].every((b) => model.has(b)),
        );
    }),
  );
});

test('only whole blocks of a resumed file count as held', () => {
  assert.equal(wholeBlocks([[5, 35]], 10, 100), [[10, 30]]);
  assert.equal(wholeBlocks([[85, 95]], 10, 95), [[90, 95]]);
  assert.equal(wholeBlocks([[1, 9]], 10, 100), []);
});

test.run();
