import { assert, suite } from '../../scripts/testing/suite.ts';
import { db, dbm } from '../core/quantity.ts';
import { instant, ms } from '../core/time.ts';
import { LossDetector } from './loss-detector.ts';

const test = suite('loss detector');
const at = (n: number): ReturnType<typeof instant> => instant(n * 1e6);
const detector = (holdOff = 0): LossDetector => {
  const d = new LossDetector({
    threshold: dbm(-20),
    hysteresis: db(1),
    holdOff: ms(holdOff),
    firstLight: ms(3000),
  });
  d.watch('1', at(0));
  return d;
};

test('exactly the threshold is not loss, and less is', () => {
  const d = detector();
  assert.is(d.reading('1', dbm(-3), at(1)), 'returned');
  assert.is(d.reading('1', dbm(-20), at(2)), null);
  assert.is(d.reading('1', dbm(-20.01), at(3)), 'lost');
});

test('a loss is told once, and light counts again only above the hysteresis', () => {
  const d = detector();
  d.reading('1', dbm(-3), at(1));
  assert.is(d.reading('1', dbm(-50), at(2)), 'lost');
  assert.is(d.reading('1', dbm(-50), at(3)), null);
  assert.is(d.reading('1', dbm(-19.5), at(4)), null);
  assert.is(d.reading('1', dbm(-19), at(5)), 'returned');
});

test('a dip shorter than the hold-off is not loss', () => {
  const d = detector(50);
  d.reading('1', dbm(-3), at(1));
  assert.is(d.reading('1', dbm(-50), at(2)), null);
  assert.is(d.reading('1', dbm(-3), at(30)), null);
  assert.is(d.reading('1', dbm(-50), at(40)), null);
  assert.is(d.reading('1', dbm(-50), at(89)), null);
  assert.is(d.reading('1', dbm(-50), at(90)), 'lost');
});

test('a port that comes into use has some time for its first light', () => {
  const d = detector();
  assert.is(d.reading('1', dbm(-50), at(2999)), null);
  assert.is(d.reading('1', dbm(-50), at(3000)), 'lost');
});

test('alarms raise and clear like readings, without the hold-off', () => {
  const d = detector(50);
  assert.is(d.alarm('1', false, at(1)), 'returned');
  assert.is(d.alarm('1', true, at(2)), 'lost');
  assert.is(d.alarm('1', false, at(3)), 'returned');
  assert.is(d.alarm('2', true, at(3)), null);
});

test('with a drop, what counts is the power that the port came up with', () => {
  const own = new LossDetector({
    threshold: dbm(-20),
    hysteresis: db(1),
    holdOff: ms(0),
    firstLight: ms(300),
    drop: db(6),
  });
  own.watch('1', at(0));
  own.reading('1', dbm(-7), at(50));
  own.reading('1', dbm(-4), at(100));
  assert.is(own.thresholdOf('1'), -10);
  own.reading('1', dbm(-1), at(1000));
  assert.is(own.thresholdOf('1'), -10, 'measured while it came up, not later');
  assert.is(own.reading('1', dbm(-9), at(1100)), null);
  assert.is(own.reading('1', dbm(-11), at(1200)), 'lost');
  assert.is(own.reading('1', dbm(-9.5), at(1300)), null);
  assert.is(own.reading('1', dbm(-9), at(1400)), 'returned');
  own.watch('2', at(0));
  own.reading('2', dbm(-18), at(50));
  assert.is(own.thresholdOf('2'), -20, 'never below what the agent is set to');
});

test.run();
