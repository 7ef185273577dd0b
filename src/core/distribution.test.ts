import { assert, suite } from '../../scripts/testing/suite.ts';
import { distribution } from './distribution.ts';

const test = suite('distribution');

test('percentiles are values that there are, by nearest rank', () => {
  const hundred = Array.from({ length: 100 }, (_, i) => 100 - i);
  assert.equal(distribution(hundred), {
    count: 100,
    min: 1,
    mean: 50.5,
    p50: 50,
    p95: 95,
    p99: 99,
    max: 100,
  });
  assert.equal(distribution([3, 1]), { count: 2, min: 1, mean: 2, p50: 1, p95: 3, p99: 3, max: 3 });
  assert.is(distribution([]), null);
});

test.run();
