import fc from 'fast-check';
import { assert, suite } from '../../scripts/testing/suite.ts';
import { instant, seconds } from '../core/time.ts';
import { rateBins } from './rate-bins.ts';
import type { GoodputSeries } from './run-report.ts';

const test = suite('rate bins');

const at = (s: number) => instant(seconds(s));

test('a steady transfer has the same rate in every bin', () => {
  const series: GoodputSeries = { at: [0, 1, 2, 3, 4].map(at), bytes: [0, 100, 200, 300, 400] };
  assert.equal(
    rateBins(series, 0, 4, 0.5).map((p) => Math.round(p.rate)),
    [100, 100, 100, 100, 100, 100, 100, 100],
  );
});

test('nothing is shown before the first sample or after the last', () => {
  const series: GoodputSeries = { at: [2, 3].map(at), bytes: [0, 100] };
  const points = rateBins(series, 0, 10, 0.5);
  assert.is(points[0]?.from, 2);
  assert.is(points.at(-1)?.to, 3);
  assert.equal(rateBins({ at: [], bytes: [] }, 0, 10, 1), []);
  assert.equal(rateBins({ at: [at(1)], bytes: [5] }, 0, 10, 1), []);
});

test('the bins together hold all the bytes', () => {
  const growth = fc.array(fc.integer({ min: 0, max: 1e9 }), { minLength: 2, maxLength: 50 });
  fc.assert(
    fc.property(growth, fc.double({ min: 0.05, max: 3, noNaN: true }), (steps, width) => {
      let sum = 0;
      const bytes = steps.map((step, i) => (sum += i === 0 ? 0 : step));
      const series = { at: steps.map((_, i) => at(i / 4)), bytes };
      const end = (steps.length - 1) / 4;
      const total = rateBins(series, 0, end, width).reduce((t, p) => t + p.rate * (p.to - p.from), 0);
      assert.ok(Math.abs(total - sum) <= 1e-6 * sum + 1e-3 * width * 4e9 * 1e-3, `${total} of ${sum}`);
    }),
  );
});

test.run();
