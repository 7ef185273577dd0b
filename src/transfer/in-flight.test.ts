import { assert, suite } from '../../scripts/testing/suite.ts';
import { InFlight } from './in-flight.ts';

const test = suite('blocks in flight');

test('in flight, an acknowledged block is landed and the rest of a lost stream is taken back', () => {
  const flights = new InFlight(2, 10);
  const range = (block: number) => ({ file: 3, block, offset: block * 10, length: 10, isHeld: false });
  flights.add(0, range(0));
  flights.add(1, range(1));
  flights.add(0, range(2));
  const landed: number[] = [];
  flights.acknowledge(3, 0, 20, (stream) => landed.push(stream));
  assert.equal(landed, [0, 1]);
  assert.equal([flights.on(0), flights.on(1), flights.size], [1, 0, 1]);
  assert.equal(flights.take(0), [range(2)]);
  assert.is(flights.size, 0);
});

test.run();
