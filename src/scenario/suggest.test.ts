import fc from 'fast-check';
import { assert, suite } from '../../scripts/testing/suite.ts';
import { editDistance, nearMiss } from './suggest.ts';

const test = suite('near misses');

test('the distance counts insertions, deletions, substitutions and swaps of neighbours', () => {
  assert.is(editDistance('fibre', 'fibre'), 0);
  assert.is(editDistance('fiber', 'fibre'), 1);
  assert.is(editDistance('', 'abc'), 3);
  assert.is(editDistance('kitten', 'sitting'), 3);
});

test('the distance is symmetric, and zero only between equals', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 8 }), fc.string({ maxLength: 8 }), (a, b) => {
      assert.is(editDistance(a, b), editDistance(b, a));
      assert.is(editDistance(a, b) === 0, a === b);
    }),
  );
});

test('a slip of the pen is recognised, another word is not', () => {
  assert.is(nearMiss('atlantik-1', ['atlantic-2', 'atlantic-1']), 'atlantic-1');
  assert.is(nearMiss('pacific', ['atlantic-2', 'atlantic-1']), null);
  assert.is(nearMiss('gb/s', ['Gb/s']), 'Gb/s');
  assert.is(nearMiss('x', []), null);
});

test.run();
