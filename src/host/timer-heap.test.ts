import fc from 'fast-check';
import { assert, suite } from '../../scripts/testing/suite.ts';
import { type TimerEntry, TimerHeap } from './timer-heap.ts';

const test = suite('timer heap');

test('timers leave by due time, then by the order they were set, less those removed', () => {
  const timer = fc.record({ due: fc.nat(8), isRemoved: fc.boolean() });
  fc.assert(
    fc.property(fc.array(timer, { maxLength: 60 }), (timers) => {
      const heap = new TimerHeap();
      const entries = timers.map(({ due }, order): TimerEntry => ({ due, order, fire: () => {}, at: -1 }));
      for (const entry of entries) heap.add(entry);
      const removed = entries.filter((_, i) => timers[i]?.isRemoved);
      for (const entry of [...removed, ...removed]) heap.remove(entry);
      const left: TimerEntry[] = [];
      for (let first = heap.first; first !== undefined; first = heap.first) {
        left.push(first);
        heap.remove(first);
      }
      const wanted = entries.filter((entry) => !removed.includes(entry));
      wanted.sort((a, b) => a.due - b.due || a.order - b.order);
      assert.equal(
        left.map((entry) => entry.order),
        wanted.map((entry) => entry.order),
      );
    }),
  );
});

test.run();
