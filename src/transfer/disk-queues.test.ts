import { assert, rejects, suite } from '../../scripts/testing/suite.ts';
import { BlockPool } from './block-pool.ts';
import { DiskQueues } from './disk-queues.ts';
import type { ReceivedBlock } from './receive-stream.ts';

const test = suite('disk queues');

const turn = (): Promise<void> => new Promise((done) => setTimeout(done));

const block = (file: number): ReceivedBlock => ({ stream: 0, file, offset: 0, runs: [], length: 1 });

test('disks write at the same time, each one block after the other, and give back every place', async () => {
  const pool = new BlockPool(4);
  const queues = new DiskQueues(['x', 'y', 'x'], pool);
  for (const file of [0, 2, 1]) {
    assert.is(pool.take(), true);
    queues.add(block(file));
  }
  const begun: number[] = [];
  const finish: (() => void)[] = [];
  const writers = queues.write(({ file }) => {
    begun.push(file);
    return new Promise((done) => finish.push(done));
  });
  assert.is(writers.length, 2);
  await turn();
  assert.equal(begun, [0, 1]);
  queues.close();
  finish[0]?.();
  await turn();
  assert.equal(begun, [0, 1, 2]);
  assert.is(pool.inUse, 2);
  for (const done of finish) done();
  await Promise.all(writers);
  assert.is(pool.inUse, 0);
});

test('a block that cannot be stored gives back its place, and its writer says why', async () => {
  const pool = new BlockPool(1);
  const queues = new DiskQueues(['x'], pool);
  assert.is(pool.take(), true);
  queues.add(block(0));
  const [writer] = queues.write(() => Promise.reject(new Error('disk full')));
  await rejects(writer ?? Promise.resolve(), /disk full/);
  assert.is(pool.inUse, 0);
});

test.run();
