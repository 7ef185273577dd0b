import { assert, suite } from '../../scripts/testing/suite.ts';
import type { Instant } from '../core/time.ts';
import { hostTurn } from '../host/turn.ts';
import { Engine } from './engine.ts';
import { AmbientError } from './errors.ts';
import { guardAmbient } from './guard.ts';

const test = suite('ambient guard');

const CALLS: readonly (readonly [string, () => unknown])[] = [
  ['Date.now', () => Date.now()],
  ['new Date()', () => new Date()],
  ['Date()', () => Date()],
  ['performance.now', () => performance.now()],
  ['Math.random', () => Math.random()],
  ['setTimeout', () => setTimeout(() => {}, 0)],
  ['setInterval', () => setInterval(() => {}, 1)],
  ['setImmediate', () => setImmediate(() => {})],
  ['AbortSignal.timeout', () => AbortSignal.timeout(1)],
  ['crypto.randomUUID', () => crypto.randomUUID()],
  ['crypto.getRandomValues', () => crypto.getRandomValues(new Uint8Array(1))],
  ['crypto.subtle', () => crypto.subtle],
];

const guarded = (body: () => void): void => {
  const restore = guardAmbient();
  try {
    body();
  } finally {
    restore();
  }
};

/** The error of `call`; the assertions wait until the guard is off, since their reports use the clock. */
function errorOf(call: () => unknown): unknown {
  try {
    call();
    return null;
  } catch (error) {
    return error;
  }
}

for (const [name, call] of CALLS) {
  test(`${name} throws while guarded, with its name, and works again afterwards`, () => {
    let error: unknown = null;
    guarded(() => {
      error = errorOf(call);
    });
    assert.instance(error, AmbientError);
    assert.is((error as AmbientError).call, name);
    const result = call();
    if (name.startsWith('set')) clearTimeout(result as NodeJS.Timeout);
    if (name === 'setImmediate') clearImmediate(result as NodeJS.Immediate);
  });
}

test('dates of given times are no ambient clock', () => {
  let text = '';
  let isDate = false;
  guarded(() => {
    const date = new Date(0);
    isDate = date instanceof Date;
    text = date.toISOString();
  });
  assert.is(text, '1970-01-01T00:00:00.000Z');
  assert.ok(isDate);
});

test('restoring puts back exactly what was there, and once only', () => {
  const before = [Date, Date.now, Math.random, setTimeout, setImmediate, performance.now];
  const restore = guardAmbient();
  const inner = guardAmbient();
  inner();
  const stillGuarded = errorOf(() => Date.now());
  restore();
  restore();
  assert.instance(stillGuarded, AmbientError);
  assert.equal([Date, Date.now, Math.random, setTimeout, setImmediate, performance.now], before);
  assert.not.ok(Object.hasOwn(crypto, 'randomUUID'));
});

test('an engine runs under the guard, its turns with the runtime included', async () => {
  const engine = new Engine({ turn: hostTurn });
  const tick = (): void => {
    engine.woke();
    engine.schedule((engine.now() + 1) as Instant, tick);
  };
  engine.schedule(0 as Instant, tick);
  const restore = guardAmbient();
  await engine.run({ finished: () => engine.eventCount === 5_000, horizon: 1e6 as Instant }).finally(restore);
  assert.is(engine.eventCount, 5_000);
});

test.run();
