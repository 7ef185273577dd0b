// When a quiet session is to be heard from.

import { assert, suite } from '../../scripts/testing/suite.ts';
import { seconds } from '../core/time.ts';
import { KeepAlive } from './keep-alive.ts';
import { ManualClock } from './manual-clock.fixture.ts';

const test = suite('keep-alive');

function quietAfter60s() {
  const clock = new ManualClock();
  const heard: number[] = [];
  const keepAlive = new KeepAlive({
    clock,
    quietMax: seconds(60),
    due: () => heard.push(clock.now() / seconds(1)),
  });
  return { clock, keepAlive, heard };
}

test('it is due so long after what was sent last, however much was sent before', async () => {
  const { clock, keepAlive, heard } = quietAfter60s();
  keepAlive.sent();
  await clock.advance(seconds(40));
  keepAlive.sent();
  await clock.advance(seconds(59));
  assert.equal(heard, []);
  await clock.advance(seconds(1));
  assert.equal(heard, [100]);
});

test('it is due once a silence, and again only after something was sent', async () => {
  const { clock, keepAlive, heard } = quietAfter60s();
  keepAlive.sent();
  await clock.advance(seconds(300));
  assert.equal(heard, [60]);
  keepAlive.sent();
  await clock.advance(seconds(60));
  assert.equal(heard, [60, 360]);
});

test('one that was stopped is not due, and can be begun again', async () => {
  const { clock, keepAlive, heard } = quietAfter60s();
  keepAlive.sent();
  keepAlive.stop();
  await clock.advance(seconds(100));
  assert.equal(heard, []);
  keepAlive.sent();
  await clock.advance(seconds(60));
  assert.equal(heard, [160]);
});

test.run();
