import fc from 'fast-check';
import { assert, suite } from '../../scripts/testing/suite.ts';
import { byteAt, extent, joinChunks, materialise, sliceChunk } from './chunk.ts';

const test = suite('chunk');

const source = fc.integer({ min: 0, max: 0xffffffff });
const offset = fc.oneof(
  fc.nat(100),
  fc.integer({ min: 2 ** 32 - 50, max: 2 ** 36 }),
  fc.integer({ min: 0, max: 2 ** 52 }),
);

test('the bytes of an extent are those that byteAt defines', () => {
  fc.assert(
    fc.property(source, offset, fc.nat(40), (s, at, length) => {
      const wanted = Array.from({ length }, (_, i) => byteAt(s, at + i));
      assert.equal([...materialise(extent(s, at, length))], wanted);
    }),
  );
});

test('a slice of an extent has the bytes of a slice', () => {
  fc.assert(
    fc.property(source, offset, fc.nat(40), fc.nat(40), fc.nat(40), (s, at, length, x, y) => {
      const from = Math.min(x, y, length);
      const to = Math.min(Math.max(x, y), length);
      const whole = extent(s, at, length);
      assert.equal(materialise(sliceChunk(whole, from, to)), materialise(whole).slice(from, to));
    }),
  );
});

test('two parts of an extent join to the whole, others do not', () => {
  const whole = extent(1, 10, 20);
  assert.equal(joinChunks(sliceChunk(whole, 0, 7), sliceChunk(whole, 7, 20)), whole);
  assert.is(joinChunks(extent(1, 0, 5), extent(1, 6, 5)), null);
  assert.is(joinChunks(extent(1, 0, 5), extent(2, 5, 5)), null);
  assert.is(joinChunks(extent(1, 5, 5), extent(1, 0, 5)), null);
  assert.is(joinChunks(new Uint8Array(1), new Uint8Array(1)), null);
});

test('other sources and other places have other bytes: each value comes about as often', () => {
  const counts = new Array<number>(256).fill(0);
  for (const byte of materialise(extent(1, 0, 256 * 400))) counts[byte] = (counts[byte] ?? 0) + 1;
  for (const count of counts) assert.ok(count > 280 && count < 520, `${count} of about 400`);
  assert.not.equal(materialise(extent(1, 0, 16)), materialise(extent(2, 0, 16)));
  assert.not.equal(materialise(extent(1, 0, 16)), materialise(extent(1, 16, 16)));
  // 16 GiB further on, where the index of the word no longer fits 32 bits.
  assert.not.equal(materialise(extent(1, 0, 16)), materialise(extent(1, 2 ** 34, 16)));
});

test('what lies outside is a bug', () => {
  assert.throws(() => sliceChunk(extent(1, 0, 5), 2, 6), /slice 2..6/);
  assert.throws(() => sliceChunk(new Uint8Array(5), 3, 2), /slice 3..2/);
  assert.throws(() => extent(-1, 0, 1), /32-bit/);
  assert.throws(() => extent(1, 0.5, 1), /whole/);
});

test.run();
