import { assert, rejects, suite } from '../../scripts/testing/suite.ts';
import { AssertionError } from '../core/assert.ts';
import type { Instant } from '../core/time.ts';
import { hostTurn } from '../host/turn.ts';
import { Engine, type EngineOptions } from './engine.ts';
import { DeadlockError, RunawayError } from './errors.ts';

const test = suite('engine');

const at = (n: number): Instant => n as Instant;
const engineWith = (options: Partial<EngineOptions> = {}): Engine =>
  new Engine({ turn: hostTurn, ...options });
const never = (): boolean => false;

test('events come in order of time, those of equal time as they were scheduled, and now() is their time', async () => {
  const engine = engineWith();
  const seen: string[] = [];
  const note = (name: string) => () => seen.push(`${name}@${engine.now()}`);
  engine.schedule(at(20), note('c'));
  engine.schedule(at(10), note('a'));
  engine.schedule(at(20), note('d'));
  engine.schedule(at(10), () => engine.schedule(at(10), note('b')));
  engine.cancel(engine.schedule(at(15), note('cancelled')));
  await engine.run({ finished: () => seen.length === 4, horizon: at(100) });
  assert.equal(seen, ['a@10', 'b@10', 'c@20', 'd@20']);
  assert.is(engine.eventCount, 5);
});

test('every promise chain of a wake, however long, ends before the next event of the same instant', async () => {
  const engine = engineWith();
  const seen: string[] = [];
  engine.schedule(at(5), () => {
    void (async () => {
      for (let i = 0; i < 1_000; i++) await Promise.resolve();
      seen.push('chain');
    })();
    engine.woke();
  });
  engine.schedule(at(5), () => seen.push('next event'));
  await engine.run({ finished: () => seen.length === 2, horizon: at(10) });
  assert.equal(seen, ['chain', 'next event']);
});

test('events that wake nobody run back to back, without a turn of the runtime', async () => {
  let turns = 0;
  const engine = engineWith({
    turn: {
      afterMicrotasks: (next) => {
        turns++;
        hostTurn.afterMicrotasks(next);
      },
      afterIo: (next) => {
        turns++;
        hostTurn.afterIo(next);
      },
    },
  });
  let count = 0;
  for (let i = 1; i <= 1_000; i++) engine.schedule(at(i), () => count++);
  await engine.run({ finished: () => count === 1_000, horizon: at(2_000) });
  assert.is(turns, 1);
});

test('signals and I/O get their turn, and the pulse is called, in a long run of either kind of event', async () => {
  for (const wakes of [true, false]) {
    const engine = engineWith();
    let pulses = 0;
    let timerFired = false;
    const again = (): void => {
      if (wakes) engine.woke();
      engine.schedule(at(engine.now() + 1), again);
    };
    engine.schedule(at(1), again);
    setTimeout(() => {
      timerFired = true;
    }, 1);
    await engine.run({ finished: () => timerFired && pulses >= 3, horizon: at(1e9) }, () => pulses++);
    assert.ok(timerFired);
  }
});

test('the run ends at the horizon, with nothing later called, and goes on from there', async () => {
  const engine = engineWith();
  const seen: number[] = [];
  for (const time of [10, 20, 30]) engine.schedule(at(time), () => seen.push(time));
  await engine.run({ finished: never, horizon: at(20) });
  assert.equal(seen, [10, 20]);
  assert.is(engine.now(), 20);
  await engine.run({ finished: () => seen.length === 3, horizon: at(50) });
  assert.equal(seen, [10, 20, 30]);
});

test('an empty queue with the run unfinished is a deadlock that names who waits for what', async () => {
  const engine = engineWith({ waits: () => ['gva-agent: read from mia-agent:3400', 'mia-agent: sleep'] });
  engine.schedule(at(42), () => {});
  const error = await rejects(engine.run({ finished: never, horizon: at(100) }), DeadlockError);
  assert.match(error.message, /deadlock at 42 ns/);
  assert.match(error.message, /gva-agent: read from mia-agent:3400/);
  assert.equal((error as DeadlockError).waits, ['gva-agent: read from mia-agent:3400', 'mia-agent: sleep']);
});

test('a program that goes on in its microtasks before the first event is no deadlock', async () => {
  const engine = engineWith();
  let isDone = false;
  void (async () => {
    for (let i = 0; i < 50; i++) await Promise.resolve();
    engine.schedule(at(3), () => {
      isDone = true;
    });
  })();
  await engine.run({ finished: () => isDone, horizon: at(10) });
  assert.is(engine.now(), 3);
});

test('events without end at one instant are a run-away, waking or not', async () => {
  for (const wakes of [true, false]) {
    const engine = engineWith({ eventsPerInstantMax: 2_000 });
    const again = (): void => {
      if (wakes) engine.woke();
      engine.schedule(engine.now(), again);
    };
    engine.schedule(at(7), again);
    const error = await rejects(engine.run({ finished: never, horizon: at(10) }), RunawayError);
    assert.match(error.message, /2000 events at the one instant 7 ns/);
  }
});

test('the past, the end of time and no time at all are refused at once', async () => {
  const engine = engineWith();
  engine.schedule(at(10), () => {});
  await engine.run({ finished: () => engine.eventCount === 1, horizon: at(10) });
  assert.throws(() => engine.schedule(at(9), () => {}), /cannot be scheduled at 9 ns/);
  assert.throws(() => engine.schedule(at(2 ** 53), () => {}), /cannot be scheduled/);
  assert.throws(() => engine.schedule(at(Number.NaN), () => {}), /cannot be scheduled/);
});

test('stop ends the run before the next event, with its error if it has one, and for good', async () => {
  const engine = engineWith();
  const seen: number[] = [];
  engine.schedule(at(1), () => engine.stop());
  engine.schedule(at(1), () => seen.push(1));
  await engine.run({ finished: never, horizon: at(10) });
  await engine.run({ finished: never, horizon: at(10) });
  assert.equal(seen, []);

  const failing = engineWith();
  failing.schedule(at(1), () => failing.stop(new Error('first')));
  failing.schedule(at(1), () => failing.stop(new Error('second')));
  await rejects(failing.run({ finished: never, horizon: at(10) }), /first/);
});

test('what an event throws is what the run rejects with', async () => {
  const engine = engineWith();
  engine.schedule(at(1), () => {
    throw new Error('broken model');
  });
  await rejects(engine.run({ finished: never, horizon: at(10) }), /broken model/);
});

test('a second run beside the first is a bug', async () => {
  const engine = engineWith();
  engine.schedule(at(1), () => {});
  const first = engine.run({ finished: () => engine.eventCount === 1, horizon: at(10) });
  assert.throws(
    () => void engine.run({ finished: never, horizon: at(10) }),
    (error: unknown) => error instanceof AssertionError,
  );
  await first;
});

test.run();
