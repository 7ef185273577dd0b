import { assert, suite } from '../../scripts/testing/suite.ts';
import { BlockPool } from './block-pool.ts';

const test = suite('block pool');

test('a pool never has more in use than its size, and closing it wakes who waits', async () => {
  const pool = new BlockPool(2);
  assert.equal([pool.take(), pool.take()], [true, true]);
  const third = pool.take();
  const fourth = pool.take();
  pool.give();
  assert.is(await third, true);
  assert.is(pool.inUse, 2);
  pool.close();
  assert.is(await fourth, false);
  assert.is(pool.highest, 2);
});

test.run();
