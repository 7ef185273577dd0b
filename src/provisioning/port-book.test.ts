import { assert, suite } from '../../scripts/testing/suite.ts';
import type { MessageOf } from './messages.ts';
import { PortBook } from './port-book.ts';

const test = suite('port book');

const prepare = (o: Partial<MessageOf<'prepare'>> = {}): MessageOf<'prepare'> => ({
  type: 'prepare',
  transaction: 't',
  path: 'p',
  revision: 1,
  coordinator: 'C',
  rank: { attempt: 1, transaction: 't' },
  remove: null,
  make: { a: '1', b: '2' },
  ...o,
});
const holding = { path: 'p', transaction: 's', pair: { a: '1', b: '2' }, coordinator: 'C', revision: 0 };
const book = (): PortBook => new PortBook('S', ['1', '2', '3', '4']);

test('a port is free, locked, held or being freed, and has one holder at a time', () => {
  const b = book();
  assert.is(b.holderOf('1'), null);
  b.lock(prepare());
  assert.is(b.holderOf('2'), 'p');
  assert.equal(b.blockers(prepare({ transaction: 'u', make: { a: '2', b: '3' } })), ['t']);
  assert.equal(b.blockers(prepare()), []);
  b.unlock('t');
  b.hold(holding);
  assert.is(b.holderOf('1'), 'p');
  b.startFreeing('p', holding.pair, null);
  b.drop('p');
  assert.is(b.holderOf('1'), '(being freed)');
  b.freed('p', holding.pair);
  assert.is(b.holderOf('1'), null);
});

test('ports that are not there, one port twice, and ports of another path are objected to', () => {
  const b = book();
  assert.match(b.objection(prepare({ make: { a: '1', b: '9' } }))?.reason ?? '', /no port 9/);
  assert.match(b.objection(prepare({ make: { a: '1', b: '1' } }))?.reason ?? '', /no port 1/);
  b.hold({ ...holding, path: 'q' });
  assert.equal(b.objection(prepare({ make: { a: '3', b: '2' } })), {
    vote: 'busy',
    port: '2',
    reason: 'port 2 of S is held by path q',
  });
  assert.is(b.objection(prepare({ make: { a: '3', b: '4' } })), null);
});

test('only the coordinator of what a path holds may replace it, in a later revision; what is held is what goes', () => {
  const b = book();
  b.hold(holding);
  const move = { remove: holding.pair, make: { a: '1', b: '3' } };
  assert.is(b.objection(prepare(move)), null);
  assert.match(b.objection(prepare({ ...move, revision: 0 }))?.reason ?? '', /held otherwise/);
  assert.match(b.objection(prepare({ ...move, coordinator: 'D' }))?.reason ?? '', /held otherwise/);
  assert.equal(b.asHeld(prepare({ ...move, remove: null })).remove, holding.pair);
  b.drop('p');
  assert.is(b.asHeld(prepare(move)).remove, null);
});

test('whoever asks while a cross-connect is being freed hears of its end', () => {
  const b = book();
  assert.not.ok(b.owe('p', { to: 'C', revision: 0 }));
  b.startFreeing('p', holding.pair, null);
  assert.is(b.objection(prepare())?.vote, 'locked');
  assert.ok(b.owe('p', { to: 'C', revision: 0 }));
  assert.equal(b.freed('p', holding.pair), { to: 'C', revision: 0 });
  assert.is(b.freed('p', holding.pair), null);
});

test.run();
