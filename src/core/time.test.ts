import { assert, suite } from '../../scripts/testing/suite.ts';
import { AssertionError } from './assert.ts';
import {
  after,
  between,
  EPOCH,
  formatDuration,
  instant,
  ms,
  ns,
  seconds,
  toMs,
  toSeconds,
  us,
} from './time.ts';

const test = suite('time');

test('spans are whole nanoseconds, whatever unit they come in', () => {
  assert.is(us(1.5), 1500);
  assert.is(ms(0.1), 100_000);
  assert.is(seconds(0.0000000004), 0);
  assert.is(toMs(us(1500)), 1.5);
  assert.is(toSeconds(ms(1500)), 1.5);
});

test('what is no span of time is a bug', () => {
  for (const n of [-1, 0.5, Number.NaN, Infinity, 2 ** 53]) fails(() => ns(n));
  fails(() => ms(-1));
  fails(() => seconds(1e10));
});

test('instants and spans add up, and time does not go back', () => {
  const later = after(EPOCH, seconds(2));
  assert.is(later, 2e9);
  assert.is(between(EPOCH, later), 2e9);
  assert.is(between(later, later), 0);
  fails(() => between(later, EPOCH));
});

test('the horizon of 104 days is exact, and passing it is a bug', () => {
  const last = instant(Number.MAX_SAFE_INTEGER);
  assert.is(after(instant(last - 1), ns(1)), last);
  fails(() => after(last, ns(1)));
});

test('spans are shown as people read them', () => {
  assert.is(formatDuration(ns(17)), '17 ns');
  assert.is(formatDuration(us(1.25)), '1.25 us');
  assert.is(formatDuration(ms(20)), '20 ms');
  assert.is(formatDuration(seconds(1.5)), '1.5 s');
  assert.is(formatDuration(seconds(184)), '3 min 4.0 s');
});

test.run();

function fails(act: () => unknown): void {
  let error: unknown;
  try {
    act();
  } catch (thrown) {
    error = thrown;
  }
  assert.instance(error, AssertionError);
}
