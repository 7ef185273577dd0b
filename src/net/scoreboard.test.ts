import fc from 'fast-check';
import { assert, suite } from '../../scripts/testing/suite.ts';
import { ByteRanges, rangesLength } from './byte-ranges.ts';
import { Scoreboard } from './scoreboard.ts';

const test = suite('scoreboard');

test('what was sent before something that has arrived is lost, what was sent after it is not', () => {
  const board = new Scoreboard();
  board.sent(0, 10);
  board.sent(10, 20);
  board.sent(20, 30);
  assert.is(board.arrived(0, [10, 20]), 10);
  assert.is(board.findHoles(), true);
  assert.equal([board.lost, board.flight], [10, 10]);
  assert.equal(board.resend(100), [0, 10]);
  assert.is(board.findHoles(), false);
});

test('a hole within one burst is found by the burst itself', () => {
  const board = new Scoreboard();
  board.sent(0, 100);
  board.arrived(0, [10, 40, 60, 80]);
  board.findHoles();
  assert.equal(board.resend(15), [0, 10, 40, 45]);
  assert.equal(board.resend(100), [45, 60]);
  assert.is(board.flight, 10 + 20 + 20);
});

test('what is lost again after it was sent again is found again', () => {
  const board = new Scoreboard();
  board.sent(0, 10);
  board.sent(10, 20);
  board.arrived(0, [10, 20]);
  board.findHoles();
  board.resend(10);
  board.sent(20, 30);
  board.arrived(0, [10, 30]);
  assert.is(board.findHoles(), true);
  assert.is(board.lost, 10);
});

test('after a time-out all is lost, and what arrives after all is forgotten', () => {
  const board = new Scoreboard();
  board.sent(0, 30);
  board.loseAll();
  assert.equal([board.flight, board.lost], [0, 30]);
  assert.is(board.arrived(20, []), 20);
  assert.equal(board.resend(100), [20, 30]);
  board.arrived(30, []);
  assert.is(board.isEmpty, true);
});

const step = fc.oneof(
  fc.record({ kind: fc.constant('send' as const), bytes: fc.integer({ min: 1, max: 20 }) }),
  fc.record({ kind: fc.constant('resend' as const), bytes: fc.integer({ min: 1, max: 20 }) }),
  fc.record({
    kind: fc.constant('arrive' as const),
    from: fc.integer({ min: 0, max: 150 }),
    bytes: fc.integer({ min: 1, max: 20 }),
  }),
  fc.record({ kind: fc.constant('timeout' as const) }),
);

test('every byte sent is either known to have arrived, in flight or lost', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const board = new Scoreboard();
      const has = new ByteRanges();
      let cumulative = 0;
      let sent = 0;
      for (const s of steps) {
        if (s.kind === 'send') {
          board.sent(sent, sent + s.bytes);
          sent += s.bytes;
        } else if (s.kind === 'resend') {
          const lost = board.lost;
          assert.is(rangesLength(board.resend(s.bytes)), Math.min(lost, s.bytes));
        } else if (s.kind === 'timeout') board.loseAll();
        else {
          const before = cumulative + rangesLength(has.bounds);
          has.add(
            Math.min(Math.max(s.from, cumulative), sent),
            Math.max(cumulative, Math.min(s.from + s.bytes, sent)),
          );
          cumulative = has.takeFrom(cumulative);
          assert.is(board.arrived(cumulative, has.bounds), cumulative + rangesLength(has.bounds) - before);
          board.findHoles();
        }
        assert.is(cumulative + rangesLength(has.bounds) + board.flight + board.lost, sent);
      }
    }),
  );
});

test('ranges are a set: disjoint, rising, the same whatever the order of additions', () => {
  const pair = fc.tuple(fc.nat({ max: 40 }), fc.nat({ max: 8 }));
  fc.assert(
    fc.property(fc.array(pair, { maxLength: 20 }), (pairs) => {
      const ranges = new ByteRanges();
      const bytes = new Set<number>();
      for (const [start, length] of pairs) {
        ranges.add(start, start + length);
        for (let i = 0; i < length; i++) bytes.add(start + i);
      }
      const bounds = ranges.bounds;
      for (let i = 1; i < bounds.length; i++) assert.ok((bounds[i] as number) > (bounds[i - 1] as number));
      assert.is(rangesLength(bounds), bytes.size);
      let next = 0;
      while (bytes.has(next)) next++;
      assert.is(ranges.takeFrom(0), next);
    }),
  );
});

test.run();
