import { getEventListeners } from 'node:events';
import { assert, rejects, suite } from '../../scripts/testing/suite.ts';
import { type Duration, ms } from '../core/time.ts';
import { withDeadline } from './deadline.ts';
import { TimeoutError } from './errors.ts';

const test = suite('deadline');

/** A clock whose timers fire when the test says so. */
function handClock(): {
  timer(d: Duration, fire: () => void): { cancel(): void };
  expire(): void;
  pending(): number;
} {
  const timers = new Set<() => void>();
  return {
    timer: (_, fire) => {
      timers.add(fire);
      return { cancel: () => void timers.delete(fire) };
    },
    expire: () => {
      for (const fire of [...timers]) {
        timers.delete(fire);
        fire();
      }
    },
    pending: () => timers.size,
  };
}

test('an operation in time settles as it does, and leaves no timer', async () => {
  const clock = handClock();
  assert.is(await withDeadline(clock, ms(5), 'it', async () => 'value'), 'value');
  await rejects(
    withDeadline(clock, ms(5), 'it', () => Promise.reject(new RangeError('no'))),
    RangeError,
  );
  assert.is(clock.pending(), 0);
});

test('the limit settles at once with an error that names the wait, and aborts the signal', async () => {
  const clock = handClock();
  let signal: AbortSignal | undefined;
  const waiting = withDeadline(clock, ms(5), 'an answer', (given) => {
    signal = given;
    return new Promise<void>(() => {});
  });
  assert.is(signal?.aborted, false);
  clock.expire();
  const error = await rejects(waiting, TimeoutError);
  assert.is(error.message, 'an answer: no answer within 5 ms');
  assert.ok(signal?.aborted);
  assert.is(signal?.reason, error);
});

test('the signal is aborted with an outer one, which is not listened to any longer than need be', async () => {
  const clock = handClock();
  const outer = new AbortController();
  const listeners = (): number => getEventListeners(outer.signal, 'abort').length;
  const heard = withDeadline(
    clock,
    ms(5),
    'it',
    (signal) => new Promise((resolve) => signal.addEventListener('abort', () => resolve(signal.reason))),
    outer.signal,
  );
  const late = withDeadline(clock, ms(5), 'it', (_) => new Promise(() => {}), outer.signal);
  assert.is(listeners(), 2);
  outer.abort('over');
  assert.is(await heard, 'over');
  assert.is(await withDeadline(clock, ms(5), 'it', async (signal) => signal.reason, outer.signal), 'over');
  clock.expire();
  await rejects(late, TimeoutError);
  assert.is(listeners(), 0);
});

test('an operation that fails after its limit is ignored', async () => {
  const clock = handClock();
  let fail = (_: Error): void => {};
  const waiting = withDeadline(
    clock,
    ms(5),
    'it',
    () =>
      new Promise<void>((_, reject) => {
        fail = reject;
      }),
  );
  clock.expire();
  await rejects(waiting, TimeoutError);
  fail(new Error('too late'));
});

test.run();
