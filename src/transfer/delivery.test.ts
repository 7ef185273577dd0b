import { assert, suite } from '../../scripts/testing/suite.ts';
import { Delivery } from './delivery.ts';

const test = suite('delivery');

test('what the receiver held before is no progress, and no byte counts twice', () => {
  const delivery = new Delivery([100, 50]);
  delivery.begin([{ file: 0, ranges: [[0, 40]] }]);
  assert.equal([delivery.bytes, delivery.heldBytes, delivery.hasProgressed], [40, 40, false]);
  delivery.add(0, 20, 40);
  assert.not.ok(delivery.hasProgressed);
  delivery.add(1, 0, 50);
  assert.equal([delivery.bytes, delivery.heldBytes, delivery.hasProgressed], [90, 40, true]);
});

test('ranges outside the files break the protocol', () => {
  const delivery = new Delivery([100]);
  assert.throws(() => delivery.add(0, 90, 101), /ranges of the files offered/);
  assert.throws(() => delivery.begin([{ file: 1, ranges: [[0, 1]] }]), /ranges of the files offered/);
});

test.run();
