import fc from 'fast-check';
import { assert, suite } from '../../scripts/testing/suite.ts';
import {
  bitsPerSecond,
  bytes,
  type Dimension,
  formatBytes,
  formatRate,
  metres,
  parseQuantity,
  propagationDelay,
} from './quantity.ts';

const test = suite('quantity');

test('a number with a unit is read in the base unit', () => {
  const cases: [string, Dimension, number][] = [
    ['10 Gb/s', 'rate', 10e9],
    ['100Mb/s', 'rate', 100e6],
    ['250 MB/s', 'byteRate', 250e6],
    ['25 ms', 'time', 25e6],
    ['0.5 us', 'time', 500],
    ['0 s', 'time', 0],
    ['2 h', 'time', 7200e9],
    ['-18.5 dBm', 'power', -18.5],
    ['3 dB', 'ratio', 3],
    ['7_200 km', 'length', 7.2e6],
    ['7 200 km', 'length', 7.2e6],
    ['126 GB', 'size', 126e9],
    ['1 MiB', 'size', 1048576],
    ['1e3 B', 'size', 1000],
    ['0.1 %', 'share', 0.001],
  ];
  for (const [text, dimension, value] of cases) {
    const parsed = parseQuantity(text, dimension);
    assert.ok(parsed.kind === 'ok' && Math.abs(parsed.value - value) <= Math.abs(value) * 1e-12, text);
  }
});

test('decimals are read as they stand, without the error of a product', () => {
  assert.equal(parseQuantity('1026.833 km', 'length'), { kind: 'ok', value: 1_026_833 });
  assert.equal(parseQuantity('1.1e3 km', 'length'), { kind: 'ok', value: 1_100_000 });
  const metresOfEarth = fc.integer({ min: 0, max: 40_000_000 });
  fc.assert(
    fc.property(metresOfEarth, (length) => {
      const text = `${Math.floor(length / 1000)}.${String(length % 1000).padStart(3, '0')} km`;
      assert.equal(parseQuantity(text, 'length'), { kind: 'ok', value: length }, text);
    }),
  );
});

test('bits are not bytes, and nothing goes without its unit', () => {
  const bad: [string, Dimension][] = [
    ['10', 'rate'],
    ['10 MB/s', 'rate'],
    ['10 Mb/s', 'byteRate'],
    ['10 gb/s', 'rate'],
    ['Gb/s', 'rate'],
    ['', 'time'],
    ['-1 s', 'time'],
    ['1 s 2 ms', 'time'],
    ['1..5 s', 'time'],
    ['0x10 s', 'time'],
    ['NaN s', 'time'],
    ['1e999 s', 'time'],
    ['5 constructor', 'time'],
    ['5 toString', 'size'],
  ];
  for (const [text, dimension] of bad) {
    const parsed = parseQuantity(text, dimension);
    assert.is(parsed.kind, 'bad', `${text} was taken as a ${dimension}`);
    if (parsed.kind === 'bad') assert.match(parsed.expected, /^a number with one of the units /);
  }
});

test('times are whole nanoseconds', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1e6, noNaN: true }), (x) => {
      const parsed = parseQuantity(`${x.toFixed(9)} ms`, 'time');
      assert.ok(parsed.kind === 'ok' && Number.isInteger(parsed.value));
    }),
  );
});

test('what is shown for people has three or four digits and the largest fitting unit', () => {
  assert.is(formatRate(bitsPerSecond(9.4234e9)), '9.42 Gb/s');
  assert.is(formatRate(bitsPerSecond(100e6)), '100 Mb/s');
  assert.is(formatRate(bitsPerSecond(0)), '0 b/s');
  assert.is(formatBytes(bytes(126e9)), '126 GB');
  assert.is(formatBytes(bytes(999)), '999 B');
});

test('light takes 35.3 ms from Geneva to Chicago over 7,200 km of fibre', () => {
  assert.is(propagationDelay(metres(7.2e6)), 35_294_118);
});

test.run();
