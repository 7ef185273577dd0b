import { assert, suite } from '../../scripts/testing/suite.ts';
import { NewsQueue } from './news-queue.ts';
import { LIMITS } from './timings.ts';
import type { PortChanges } from './topology-messages.ts';

const test = suite('news queue');

type Ports = { readonly [port: string]: string | null };

const changes = (
  since: number,
  sequence: number,
  ports: Ports,
  o: Partial<PortChanges> = {},
): PortChanges => ({
  switchName: 'A',
  boot: 1,
  since,
  sequence,
  ports: Object.entries(ports).map(([port, holder]) => ({
    port,
    holder,
    state: holder === null ? 'free' : 'held',
  })),
  ...o,
});

const waiting = (...given: readonly PortChanges[]): readonly PortChanges[] => {
  const queue = new NewsQueue();
  for (const one of given) queue.addChanges(one);
  return queue.take().flatMap((message) => (message.type === 'news' ? (message.changes ?? []) : []));
};

test('changes that follow each other, or overlap, go as one with the last word on each port', () => {
  const first = changes(3, 4, { x: 'p', y: 'p' });
  assert.equal(waiting(first, changes(4, 5, { x: null })), [changes(3, 5, { y: 'p', x: null })]);
  assert.equal(waiting(first, changes(2, 5, { x: null })), [changes(2, 5, { y: 'p', x: null })]);
  assert.equal(waiting(first, changes(1, 3, { x: null })), [first]);
});

test('of changes with something missing between them, or of two lives, the newer go', () => {
  const first = changes(3, 4, { x: 'p' });
  for (const newer of [changes(5, 6, { y: 'p' }), changes(1, 2, { y: 'p' }, { boot: 2 })])
    assert.equal(waiting(first, newer), [newer]);
});

test('what the neighbour has shown to know does not go', () => {
  const queue = new NewsQueue();
  queue.addChanges(changes(3, 4, { x: 'p' }));
  queue.addOffer('B', { boot: 2, sequence: 7 });
  const said = { type: 'whole' as const, fibres: ['f'] };
  const bulletin = { switchName: 'C', boot: 1, number: 1, said };
  queue.addBulletin(bulletin);
  queue.knows('A', { boot: 1, sequence: 3 });
  queue.knows('B', { boot: 2, sequence: 6 });
  assert.is(queue.take().length, 2);
  queue.addChanges(changes(3, 4, { x: 'p' }));
  queue.addOffer('B', { boot: 2, sequence: 7 });
  queue.addBulletin(bulletin);
  queue.knows('A', { boot: 1, sequence: 4 });
  queue.knows('B', { boot: 3, sequence: 1 });
  queue.hasBulletin(bulletin);
  assert.equal(queue.take(), []);
});

test('a great many changes go in several messages', () => {
  const ports = Object.fromEntries(
    Array.from({ length: Math.floor(LIMITS.namesToldMax / 5) - 2 }, (_, i) => [`p${i}`, null]),
  );
  const queue = new NewsQueue();
  for (const switchName of ['A', 'B', 'C']) queue.addChanges(changes(1, 2, ports, { switchName }));
  queue.addChanges(changes(1, 2, { x: null }, { switchName: 'D' }));
  const told = queue.take().map((message) => (message.type === 'news' ? message.changes?.length : 0));
  assert.equal(told, [1, 1, 2]);
});

test('changes of one switch that are too many for a message are offered', () => {
  const half = Array.from({ length: LIMITS.namesToldMax / 5 - 100 }, (_, i) => i);
  const queue = new NewsQueue();
  for (const sequence of [2, 3])
    queue.addChanges(
      changes(sequence - 1, sequence, Object.fromEntries(half.map((i) => [`${sequence} ${i}`, 'p']))),
    );
  assert.equal(queue.take(), [{ type: 'offer', known: [['A', 1, 3]] }]);
});

test.run();
