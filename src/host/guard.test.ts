import { assert, suite } from '../../scripts/testing/suite.ts';
import { between, ms } from '../core/time.ts';
import { AmbientError } from '../engine/errors.ts';
import { guardAmbient } from '../engine/guard.ts';
import { hostClock } from './clock.ts';
import { hostTurn } from './turn.ts';

const test = suite('host clock under the guard');

test('the machine’s own clock and turns go on while the ambient ones throw', async () => {
  const release = guardAmbient();
  try {
    const start = hostClock.now();
    await hostClock.sleep(ms(5));
    const slept = between(start, hostClock.now());
    assert.ok(slept >= ms(5));
    assert.ok(hostClock.wall() > 0n);
    await new Promise<void>((resolve) => hostTurn.afterIo(resolve));
    await new Promise<void>((resolve) => hostTurn.afterMicrotasks(resolve));
    let error: unknown;
    try {
      Date.now();
    } catch (thrown) {
      error = thrown;
    }
    assert.instance(error, AmbientError);
  } finally {
    release();
  }
});

test('after the microtasks means after all of them, however deep', async () => {
  let depth = 0;
  const deep = async (): Promise<void> => {
    for (; depth < 1000; depth++) await undefined;
  };
  const seen = await new Promise<number>((resolve) => {
    hostTurn.afterMicrotasks(() => resolve(depth));
    void deep();
  });
  assert.is(seen, 1000);
});

test.run();
