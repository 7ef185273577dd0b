import { assert, suite } from '../../scripts/testing/suite.ts';
import { TurnQueue } from './turn-queue.ts';

const test = suite('turn queue');

const settled = async (): Promise<void> => {
  for (let i = 0; i < 10; i++) await Promise.resolve();
};

test('no more than the limit have a turn, and those that wait go by priority, then by arrival', async () => {
  const queue = new TurnQueue(2);
  const started: string[] = [];
  const ends = new Map<string, () => void>();
  const take = (name: string, priority: number): void =>
    void queue.take(priority).then((end) => {
      started.push(name);
      ends.set(name, end);
    });
  for (const [name, priority] of [
    ['a', 7],
    ['b', 7],
    ['c', 7],
    ['d', 0],
    ['e', 3],
    ['f', 3],
  ] as const)
    take(name, priority);
  await settled();
  assert.equal(started, ['a', 'b']);
  for (const name of ['a', 'd', 'e', 'f', 'b', 'c']) {
    ends.get(name)?.();
    ends.get(name)?.();
    await settled();
  }
  assert.equal(started, ['a', 'b', 'd', 'e', 'f', 'c']);
  take('g', 7);
  take('h', 7);
  take('i', 0);
  await settled();
  assert.equal(started.slice(6), ['g', 'h']);
});

test('those that come while others are gathered go by priority, though there are turns for all', async () => {
  let isOver = (): void => {};
  const queue = new TurnQueue(3, (over) => {
    isOver = over;
  });
  const started: string[] = [];
  const ends: (() => void)[] = [];
  const take = (name: string, priority: number): void =>
    void queue.take(priority).then((end) => {
      started.push(name);
      ends.push(end);
    });
  take('late', 7);
  take('first', 0);
  await settled();
  assert.equal(started, []);
  isOver();
  await settled();
  assert.equal(started, ['first', 'late']);
  take('last', 7);
  for (const end of ends) end();
  take('next', 3);
  await settled();
  assert.equal(started.length, 2);
  isOver();
  await settled();
  assert.equal(started.slice(2), ['next', 'last']);
});

test('whoever is expected is waited for by those behind, until he has come or does not', async () => {
  const queue = new TurnQueue(3);
  const started: string[] = [];
  const take = (name: string, priority: number): void =>
    void queue.take(priority).then(() => started.push(name));
  const hasCome = queue.expect(2);
  const comesNot = queue.expect(1);
  take('behind', 7);
  take('before', 0);
  await settled();
  assert.equal(started, ['before']);
  comesNot();
  await settled();
  assert.equal(started, ['before']);
  take('expected', 2);
  hasCome();
  hasCome();
  await settled();
  assert.equal(started, ['before', 'expected', 'behind']);
});

test.run();
