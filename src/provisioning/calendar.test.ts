import fc from 'fast-check';
import { assert, suite } from '../../scripts/testing/suite.ts';
import { type Booking, Calendar } from './calendar.ts';

const test = suite('calendar');

const booking = (path: string, a: string, b: string, start: number, end: number | null): Booking => ({
  path,
  coordinator: 'C',
  pair: { a, b },
  start,
  end,
});

test('one that ends when another begins is in nobody’s way; a moment longer is', () => {
  const c = new Calendar();
  c.enter(booking('p', '1', '2', 100, 200));
  assert.is(c.conflict('q', { a: '1', b: '3' }, { start: 200, end: 300 }), null);
  assert.is(c.conflict('q', { a: '1', b: '3' }, { start: 0, end: 100 }), null);
  assert.is(c.conflict('q', { a: '4', b: '2' }, { start: 0, end: 101 })?.port, '2');
  assert.is(c.conflict('q', { a: '4', b: '2' }, { start: 0, end: null })?.with.path, 'p');
  assert.is(c.conflict('p', { a: '1', b: '2' }, { start: 0, end: null }), null);
});

test('what has ended is taken out once, and what never ends stays', () => {
  const c = new Calendar();
  c.enter(booking('p', '1', '2', 100, 200));
  c.enter(booking('q', '3', '4', 100, null));
  assert.equal(c.takeEnded(199), []);
  assert.equal(
    c.takeEnded(200).map((b) => b.path),
    ['p'],
  );
  assert.equal(c.takeEnded(1e15), []);
  assert.is(c.size, 1);
});

test('whoever enters only what has no conflict never gives one port to two at one time', () => {
  const times = fc.integer({ min: 0, max: 20 });
  const ask = fc.record({
    a: fc.integer({ min: 1, max: 4 }),
    b: fc.integer({ min: 5, max: 8 }),
    start: times,
    long: times,
  });
  fc.assert(
    fc.property(fc.array(ask, { maxLength: 40 }), (asks) => {
      const c = new Calendar();
      const taken = new Set<string>();
      for (const [i, { a, b, start, long }] of asks.entries()) {
        const period = { start, end: start + long + 1 };
        const pair = { a: String(a), b: String(b) };
        if (c.conflict(`p${i}`, pair, period) !== null) continue;
        c.enter({ path: `p${i}`, coordinator: 'C', pair, ...period });
        for (let t = start; t < period.end; t++)
          for (const port of [a, b]) {
            assert.not.ok(taken.has(`${port} ${t}`), `port ${port} twice at ${t}`);
            taken.add(`${port} ${t}`);
          }
      }
    }),
  );
});

test.run();
