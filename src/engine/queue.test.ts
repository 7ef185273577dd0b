import fc from 'fast-check';
import { assert, suite } from '../../scripts/testing/suite.ts';
import type { Random } from '../platform/platform.ts';
import { EventQueue } from './queue.ts';

const test = suite('event queue');

/** The same contract, as simply as can be: a list that is searched. */
class ReferenceQueue {
  #pending: { time: number; order: number; label: number }[] = [];
  #inserted = 0;

  push(time: number, label: number): void {
    this.#pending.push({ time, label, order: this.#inserted++ });
  }

  cancel(label: number): boolean {
    const before = this.#pending.length;
    this.#pending = this.#pending.filter((event) => event.label !== label);
    return this.#pending.length < before;
  }

  pop(): { time: number; label: number } | undefined {
    this.#pending.sort((a, b) => a.time - b.time || a.order - b.order);
    return this.#pending.shift();
  }
}

type Step =
  | { kind: 'push'; ahead: number }
  | { kind: 'burst'; count: number; ahead: number; apart: number }
  | { kind: 'cancel'; which: number }
  | { kind: 'cancel many'; share: number }
  | { kind: 'pop'; count: number };

/** From nothing at all to the far end of the horizon. */
const ahead = fc.oneof(
  fc.constant(0),
  fc.integer({ min: 0, max: 3 }),
  fc.integer({ min: 0, max: 1_000 }),
  fc.integer({ min: 0, max: 1_000_000_000 }),
  fc.integer({ min: 0, max: 2 ** 46 }),
);

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: ahead.map((by): Step => ({ kind: 'push', ahead: by })) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.integer({ min: 1, max: 150 }), ahead, fc.constantFrom(0, 1, 7, 100_003))
      .map(([count, by, apart]): Step => ({ kind: 'burst', count, ahead: by, apart })),
  },
  { weight: 1, arbitrary: fc.nat().map((which): Step => ({ kind: 'cancel', which })) },
  { weight: 1, arbitrary: fc.constantFrom(2, 3, 10).map((share): Step => ({ kind: 'cancel many', share })) },
  { weight: 3, arbitrary: fc.integer({ min: 1, max: 120 }).map((count): Step => ({ kind: 'pop', count })) },
);

/** Does the steps with both queues at once and compares every answer. */
function compare(steps: readonly Step[]): void {
  const queue = new EventQueue();
  const reference = new ReferenceQueue();
  const handles: number[] = [];
  let now = 0;
  let fired = -1;
  const push = (time: number): void => {
    const label = handles.length;
    reference.push(time, label);
    handles.push(queue.push(time, () => (fired = label)));
  };
  const cancel = (label: number): void => {
    assert.is(queue.cancel(handles[label] ?? 0), reference.cancel(label));
  };
  const pop = (): boolean => {
    const expected = reference.pop();
    assert.is(queue.nextTime(), expected?.time ?? Infinity);
    queue.pop()?.();
    if (expected === undefined) return false;
    assert.is(fired, expected.label);
    now = expected.time;
    return true;
  };
  for (const s of steps) {
    if (s.kind === 'push') push(now + s.ahead);
    if (s.kind === 'burst') for (let i = 0; i < s.count; i++) push(now + s.ahead + ((i * 37) % 50) * s.apart);
    if (s.kind === 'cancel' && handles.length > 0) cancel(s.which % handles.length);
    if (s.kind === 'cancel many') for (let i = 0; i < handles.length; i += s.share) cancel(i);
    if (s.kind === 'pop') for (let i = 0; i < s.count; i++) pop();
  }
  while (pop());
  assert.is(queue.size, 0);
}

test('pops in the order of (time, insertion), as a sorted list would, under random pushes, cancels and pops', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => compare(steps)),
    { numRuns: 1_000 },
  );
});

/**
 * The hold model with increments of very different sizes in turn, so that the ladder gains and loses rungs and events fall
 * into each part of it: every pop is checked against a plain sorted order.
 */
function hold(seed: number, pending: number, pops: number): void {
  let state = seed;
  const draw = (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const queue = new EventQueue();
  const reference: { time: number; label: number }[] = [];
  let scale = 1;
  let target = pending;
  let labels = 0;
  let fired = -1;
  const push = (time: number): void => {
    const label = labels++;
    queue.push(time, () => (fired = label));
    let low = 0;
    let high = reference.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((reference[middle]?.time ?? 0) > time) low = middle + 1;
      else high = middle;
    }
    reference.splice(low, 0, { time, label });
  };
  const pop = (): number => {
    const expected = reference.pop();
    assert.is(queue.nextTime(), expected?.time);
    queue.pop()?.();
    assert.is(fired, expected?.label);
    return expected?.time ?? 0;
  };
  for (let i = 0; i < pending; i++) push(draw(1e6));
  for (let i = 0, now = 0; i < pops; i++) {
    if (i % 97 === 0) {
      scale = 10 ** draw(10);
      target = 1 + draw(pending);
    }
    if (reference.length === 0) push(now);
    now = pop();
    const copies = reference.length < target ? 1 + draw(3) : draw(2);
    for (let copy = 0; copy < copies; copy++) push(now + draw(scale));
  }
  while (reference.length > 0) pop();
  assert.is(queue.nextTime(), Infinity);
}

test('stays in order while the scale of times changes by ten orders of magnitude', () => {
  for (let seed = 1; seed <= 40; seed++) hold(seed, 20 * seed, 2_000);
});

test('keeps the order of insertion among thousands of equal times, also when some are added while these are popped', () => {
  const queue = new EventQueue();
  const fired: number[] = [];
  for (let i = 0; i < 5_000; i++) queue.push(i % 2 === 0 ? 7 : 5, () => fired.push(i));
  for (let i = 0; i < 100; i++) queue.pop()?.();
  for (let i = 5_000; i < 6_000; i++) queue.push(7, () => fired.push(i));
  while (queue.size > 0) queue.pop()?.();
  const odd = fired.slice(0, 2_500);
  const even = fired.slice(2_500);
  assert.equal(
    odd,
    odd.toSorted((a, b) => a - b),
  );
  assert.equal(
    even,
    even.toSorted((a, b) => a - b),
  );
  assert.is(fired.length, 6_000);
});

test('a hold model of 20,000 events with far timers among near ones comes out in order', () => {
  const queue = new EventQueue();
  let state = 12_345;
  const draw = (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const increment = (): number => (draw(20) === 0 ? 60e9 + draw(1e9) : draw(10_000));
  for (let i = 0; i < 20_000; i++) queue.push(increment(), () => {});
  let now = 0;
  for (let i = 0; i < 200_000; i++) {
    const time = queue.nextTime();
    assert.ok(time >= now);
    now = time;
    queue.pop();
    queue.push(now + increment(), () => {});
  }
  assert.is(queue.size, 20_000);
});

test('it is empty after its last event, wherever in its memory that lay', () => {
  for (let count = 49; count <= 130; count++) {
    for (const far of [700, 2_000, 5_000, 20_000]) {
      const queue = new EventQueue();
      for (let i = 0; i < count - 1; i++) queue.push(1000 + i * 1000, () => {});
      queue.push(far * 1000, () => {});
      for (let i = 0; i < count; i++) assert.type(queue.pop(), 'function');
      assert.is(queue.nextTime(), Infinity, `after ${count} events, the last at ${far}`);
      assert.is(queue.size, 0);
    }
  }
});

test('a handle cancels once, and never a later event that took its place in memory', () => {
  const queue = new EventQueue();
  const first = queue.push(1, () => {});
  queue.pop();
  let calls = 0;
  const second = queue.push(2, () => calls++);
  assert.is(queue.cancel(first), false);
  queue.pop()?.();
  assert.is(calls, 1);
  assert.is(queue.cancel(second), false);
  const third = queue.push(3, () => {});
  assert.is(queue.cancel(third), true);
  assert.is(queue.cancel(third), false);
  assert.is(queue.size, 0);
  assert.is(queue.nextTime(), Infinity);
  assert.is(queue.pop(), undefined);
});

test('memory follows what is pending when long timers are set and cancelled for ever', () => {
  const queue = new EventQueue();
  let handleMax = 0;
  queue.push(2 ** 40, () => {});
  for (let i = 0; i < 200_000; i++) {
    const handle = queue.push(i + 60e9, () => {});
    handleMax = Math.max(handleMax, handle % 2 ** 24);
    queue.cancel(handle);
  }
  assert.is(queue.size, 1);
  assert.ok(handleMax < 4_096, `used slot ${handleMax}`);
});

test('permuted, equal times come in another order that the random stream decides, and unequal ones stay', () => {
  const runWith = (seed: number): number[] => {
    let state = seed;
    const random = {
      integer: (below: number) => {
        state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
        return Math.floor((state / 2 ** 32) * below);
      },
    } as Random;
    const queue = new EventQueue(random);
    const fired: number[] = [];
    for (let i = 0; i < 300; i++) queue.push(i < 200 ? 5 : 4, () => fired.push(i));
    while (queue.size > 0) queue.pop()?.();
    return fired;
  };
  const one = runWith(1);
  assert.equal(one, runWith(1));
  assert.not.equal(one, runWith(2));
  assert.ok(one.slice(0, 100).every((i) => i >= 200));
  assert.not.equal(
    one,
    one.toSorted((a, b) => a - b),
  );
  assert.is(new Set(one).size, 300);
});

test.run();
