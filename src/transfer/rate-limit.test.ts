import fc from 'fast-check';
import { assert, suite } from '../../scripts/testing/suite.ts';
import { bytes, bytesPerSecond } from '../core/quantity.ts';
import { instant, ns } from '../core/time.ts';
import { TokenBucket } from './rate-limit.ts';

const test = suite('rate limit');

test('a token bucket lets through its rate, its burst and one block, never more', () => {
  const step = fc.record({
    wait: fc.integer({ min: 0, max: 2e8 }),
    length: fc.integer({ min: 1, max: 5_000 }),
  });
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 60 }), (steps) => {
      const bucket = new TokenBucket(bytesPerSecond(10_000), bytes(1_000), instant(0));
      let now = 0;
      let passed = 0;
      for (const { wait, length } of steps) {
        now += wait;
        const delay = bucket.delay(instant(now));
        now += delay;
        assert.is(bucket.delay(instant(now)), ns(0));
        bucket.pay(length, instant(now));
        passed += length;
        assert.ok(passed <= (now / 1e9) * 10_000 + 1_000 + length + 1e-3, `${passed} at ${now}`);
      }
    }),
  );
});

test('a rate that is set while a debt is owed counts from then on', () => {
  const bucket = new TokenBucket(bytesPerSecond(1_000), bytes(100), instant(0));
  bucket.pay(1_100, instant(0));
  assert.is(bucket.delay(instant(0)), ns(1e9));
  bucket.setRate(bytesPerSecond(4_000), instant(2e8));
  assert.is(bucket.delay(instant(2e8)), ns(2e8));
});

test.run();
