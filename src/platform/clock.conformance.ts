// What a Clock promises, wherever it runs.

import { assert, rejects } from '../../scripts/testing/suite.ts';
import { between, type Duration, ms, seconds, ZERO } from '../core/time.ts';
import { CancelledError } from './errors.ts';
import { conformance, type PairFixture } from './pair.fixture.ts';
import type { Clock } from './platform.ts';

/** A machine under load may be late by this much; it is never early. */
const LATE = seconds(120);

/**
 * Sets timers whose order is judged, and sets others where that took as long as `gap`: a machine that stalls between two of
 * them sets the later one later, and then another order is right. Returns what those that count tell.
 */
async function promptly(
  clock: Clock,
  gap: Duration,
  set: (told: string[]) => Promise<void>,
): Promise<readonly string[]> {
  for (;;) {
    const told: string[] = [];
    const from = clock.now();
    await set(told);
    if (between(from, clock.now()) < gap) return told;
  }
}

/** 2020-01-01T00:00:00Z. */
const NEW_YEAR_2020_NS = 1_577_836_800_000_000_000n;

export function clockConformance(fixture: PairFixture): void {
  const test = conformance('clock', fixture);

  test('a sleep takes its time, and is never short', async ({ left: { clock } }) => {
    for (const d of [ms(0.3), ms(1), ms(1.7), ms(20)]) {
      const start = clock.now();
      await clock.sleep(d);
      const slept = between(start, clock.now());
      assert.ok(slept >= d, `slept ${slept} of ${d} ns`);
      assert.ok(slept <= d + LATE, `slept ${slept} of ${d} ns`);
    }
  });

  test('the calendar is plausible and goes on', async ({ left: { clock } }) => {
    const before = clock.wall();
    await clock.sleep(ms(20));
    assert.ok(before > NEW_YEAR_2020_NS);
    assert.ok(clock.wall() > before);
  });

  test('timers fire in order of their time, those of equal time in the order they were set', async ({
    left: { clock },
  }) => {
    const fired = await promptly(clock, ms(100), async (told) => {
      clock.timer(ms(300), () => told.push('300'));
      clock.timer(ms(100), () => told.push('100 first'));
      clock.timer(ms(200), () => told.push('200'));
      clock.timer(ms(100), () => told.push('100 second'));
      clock.timer(ms(100), () => told.push('100 third'));
    });
    await clock.sleep(ms(400));
    assert.equal(fired, ['100 first', '100 second', '100 third', '200', '300']);
  });

  test('a short timer set late fires before a long one set early', async ({ left: { clock } }) => {
    const fired = await promptly(clock, ms(290), async (told) => {
      clock.timer(ms(300), () => told.push('long'));
      await clock.sleep(ms(5));
      clock.timer(ms(5), () => told.push('short'));
    });
    await clock.sleep(ms(400));
    assert.equal(fired, ['short', 'long']);
  });

  test('a timer of no duration fires later, not within the call', async ({ left: { clock } }) => {
    let hasFired = false;
    clock.timer(ZERO, () => {
      hasFired = true;
    });
    assert.is(hasFired, false);
    await clock.sleep(ms(1));
    assert.is(hasFired, true);
  });

  test('a cancelled timer never fires; cancelling twice or late does nothing', async ({
    left: { clock },
  }) => {
    let count = 0;
    const cancelled = clock.timer(ms(5), () => count++);
    const kept = clock.timer(ms(5), () => count++);
    cancelled.cancel();
    cancelled.cancel();
    await clock.sleep(ms(20));
    kept.cancel();
    assert.is(count, 1);
  });

  test('a timer can cancel one of the same time that is behind it', async ({ left: { clock } }) => {
    const fired: string[] = [];
    clock.timer(ms(5), () => {
      fired.push('first');
      second.cancel();
    });
    const second = clock.timer(ms(5), () => fired.push('second'));
    await clock.sleep(ms(20));
    assert.equal(fired, ['first']);
  });

  test('what a timer wakes goes on before the next timer fires', async ({ left: { clock } }) => {
    const order: string[] = [];
    const woken = new Promise<void>((resolve) => {
      clock.timer(ms(5), resolve);
    });
    clock.timer(ms(5), () => order.push('second timer'));
    await woken;
    for (let i = 0; i < 20; i++) await undefined;
    order.push('woken');
    await clock.sleep(ms(10));
    assert.equal(order, ['woken', 'second timer']);
  });

  test('an aborted signal ends a sleep at once', async ({ left: { clock } }) => {
    const start = clock.now();
    const controller = new AbortController();
    clock.timer(ms(5), () => controller.abort(new Error('enough')));
    const error = await rejects(clock.sleep(seconds(600), controller.signal), CancelledError);
    assert.is((error.cause as Error).message, 'enough');
    assert.ok(between(start, clock.now()) < ms(5) + LATE);
  });

  test('a sleep with a signal that is aborted already does not begin', async ({ left: { clock } }) => {
    const controller = new AbortController();
    controller.abort();
    await rejects(clock.sleep(seconds(60), controller.signal), CancelledError);
  });

  test('a signal aborted after the sleep changes nothing', async ({ left: { clock } }) => {
    const controller = new AbortController();
    await clock.sleep(ms(1), controller.signal);
    controller.abort();
    await clock.sleep(ms(1));
  });

  test('many sleeps at once end each at its time', async ({ left: { clock } }) => {
    const spans = [7, 3, 9, 1, 5, 8, 2, 6, 4];
    const ended = await promptly(clock, ms(20), async (told) => {
      for (const n of spans) void clock.sleep(ms(n * 20)).then(() => told.push(`${n}`));
    });
    await clock.sleep(ms(200));
    assert.equal(ended, [...spans].sort((a, b) => a - b).map(String));
  });

  test.run();
}
