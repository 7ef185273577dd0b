import { assert, suite } from '../../scripts/testing/suite.ts';
import { type Instant, instant, seconds } from '../core/time.ts';
import { RetrySchedule } from './retry-schedule.ts';

const test = suite('retry schedule');

const LIMITS = { first: seconds(1), most: seconds(8), triesMax: 5 };
const at = (s: number): Instant => instant(s * 1e9);

/** Seconds from each try to the next, when each fails at once. */
function pauses(schedule: RetrySchedule, from: number): number[] {
  const found: number[] = [];
  let now = at(from);
  for (let due = schedule.due(false); due !== null; due = schedule.due(false)) {
    found.push((due - now) / 1e9);
    now = due;
    schedule.failed(now, true);
  }
  return found;
}

test('pauses double up to the longest, and tries without news are bounded', () => {
  assert.equal(pauses(new RetrySchedule(LIMITS, at(0)), 0), [1, 2, 4, 8, 8]);
});

test('news wakes it after the last try, too, and once each', () => {
  const schedule = new RetrySchedule(LIMITS, at(0));
  pauses(schedule, 0);
  assert.is(schedule.due(false), null);
  assert.is(schedule.due(true), at(31));
  schedule.news(at(100), 'stale');
  assert.is(schedule.due(false), at(100));
  schedule.failed(at(100), false);
  assert.is(schedule.due(false), null);
});

test('stale news is not heard in the pause after a costly try; fresh news is, and the pauses go on growing', () => {
  const schedule = new RetrySchedule(LIMITS, at(0));
  for (const now of [1, 3]) schedule.failed(at(now), true);
  schedule.news(at(4), 'stale');
  assert.is(schedule.due(false), at(7));
  schedule.news(at(5), 'fresh');
  assert.is(schedule.due(false), at(5));
  schedule.failed(at(5), true);
  assert.is(schedule.due(false), at(13));
});

test('what comes back starts it anew', () => {
  const schedule = new RetrySchedule(LIMITS, at(0));
  pauses(schedule, 0);
  schedule.news(at(50), 'return');
  assert.is(schedule.due(false), at(50));
  schedule.failed(at(50), true);
  assert.is(schedule.due(false), at(52));
});

test('stale news is heard at once after a try that cost nothing', () => {
  const schedule = new RetrySchedule(LIMITS, at(0));
  for (const now of [1, 3, 7]) schedule.failed(at(now), false);
  schedule.news(at(8), 'stale');
  assert.is(schedule.due(false), at(8));
});

test.run();
