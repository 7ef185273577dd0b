// Times of a device that vary: within the spread, around the time given, and the same for the same stream.

import { assert, suite } from '../../scripts/testing/suite.ts';
import { ms } from '../../src/core/time.ts';
import { seededRandom } from '../../src/platform/seeded-random.ts';
import { spreadTime, switchingTimes } from './spread.ts';

const test = suite('times of a device');

test('they stay within the spread, on both sides of the time given', () => {
  const random = seededRandom('spread');
  const times = Array.from({ length: 1000 }, () => spreadTime(ms(10), 0.2, random));
  assert.ok(Math.min(...times) >= ms(8) && Math.min(...times) < ms(8.1));
  assert.ok(Math.max(...times) <= ms(12) && Math.max(...times) > ms(11.9));
  const mean = times.reduce((sum, t) => sum + t, 0) / times.length;
  assert.ok(Math.abs(mean - ms(10)) < ms(0.2), `mean ${mean}`);
});

test('without a spread they are exact', () => {
  const next = switchingTimes({ switchingTime: ms(20), timeSpread: 0 }, seededRandom('any'));
  assert.equal([next(), next()], [ms(20), ms(20)]);
});

test('another stream gives other times, the same stream the same', () => {
  const profile = { switchingTime: ms(20), timeSpread: 0.2 };
  const [a, again, b] = ['a', 'a', 'b'].map((seed) => switchingTimes(profile, seededRandom(seed))());
  assert.is(a, again);
  assert.is.not(a, b);
});

test.run();
