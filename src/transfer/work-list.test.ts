import { assert, suite } from '../../scripts/testing/suite.ts';
import { RangeSet } from './range-set.ts';
import { WorkList } from './work-list.ts';

const test = suite('work list');

test('a work list gives each missing block once, lost ones first, and held ones only for their digest', () => {
  const held = [new RangeSet([[0, 20]]), new RangeSet()];
  const work = new WorkList({
    sizes: [35, 12],
    blockSize: 10,
    disks: [0, 1],
    held,
    isDigestKnown: (_f, block) => block === 0,
  });
  const first = work.next(0);
  assert.equal(first, { file: 0, block: 1, offset: 10, length: 10, isHeld: true });
  const second = work.next(0);
  assert.equal(second, { file: 0, block: 2, offset: 20, length: 10, isHeld: false });
  if (second !== null) work.again(second);
  assert.equal(work.next(0), second);
  assert.is(work.next(0)?.length, 5);
  assert.is(work.next(0), null);
  assert.equal([work.next(1)?.length, work.next(1)?.length, work.next(1)], [10, 2, null]);
});

test.run();
