import { assert, suite } from '../../scripts/testing/suite.ts';
import { type Instant, instant } from '../core/time.ts';
import { DEFAULT_FLAP_LIMITS, FlapDamping } from './flap-damping.ts';

const test = suite('flap damping');

const at = (minutes: number): Instant => instant(Math.round(minutes * 60e9));

test('two failures are borne, the third in a short time is not, and decay lets the fibre back', () => {
  const damping = new FlapDamping(DEFAULT_FLAP_LIMITS);
  assert.equal(
    [0, 1, 2].map((m) => damping.failed('f', at(m))),
    [false, false, true],
  );
  assert.ok(damping.isDamped('f', at(2)));
  assert.not(damping.isDamped('g', at(2)));
  // 2865 at minute 2 falls below 750 after 29 min.
  assert.ok(damping.isDamped('f', at(30)));
  assert.not(damping.isDamped('f', at(32)));
});

test('failures that are rare enough never add up', () => {
  const damping = new FlapDamping(DEFAULT_FLAP_LIMITS);
  for (let i = 0; i < 20; i++) assert.not(damping.failed('f', at(i * 20)));
});

test('however often it failed, it is back after the longest time', () => {
  const damping = new FlapDamping(DEFAULT_FLAP_LIMITS);
  for (let i = 0; i < 1000; i++) damping.failed('f', at(i / 60));
  assert.ok(damping.isDamped('f', at(16 + 59)));
  assert.not(damping.isDamped('f', at(16.7 + 61)));
});

test.run();
