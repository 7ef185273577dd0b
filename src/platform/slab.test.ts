import fc from 'fast-check';
import { assert, suite } from '../../scripts/testing/suite.ts';
import { copyBytes, encodeUtf8 } from './slab.ts';

const test = suite('slab');

test('many pieces of all sizes stay what they were when they were made', () => {
  const size = fc.integer({ min: 0, max: 3_000 });
  fc.assert(
    fc.property(fc.array(fc.tuple(size, fc.integer({ min: 0, max: 255 })), { maxLength: 40 }), (sizes) => {
      const pieces = sizes.map(([length, fill]) => copyBytes(new Uint8Array(length).fill(fill)));
      for (const [at, [length, fill]] of sizes.entries())
        assert.equal(pieces[at], new Uint8Array(length).fill(fill));
    }),
  );
});

test('a copy does not change with what was copied', () => {
  const bytes = Uint8Array.of(1, 2, 3);
  const copy = copyBytes(bytes);
  bytes.fill(9);
  assert.equal(copy, Uint8Array.of(1, 2, 3));
});

test('text comes out as UTF-8, whatever characters it has', () => {
  const encoder = new TextEncoder();
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary', maxLength: 900 }), { maxLength: 30 }), (texts) => {
      const pieces = texts.map(encodeUtf8);
      for (const [at, text] of texts.entries()) assert.equal(pieces[at], encoder.encode(text));
    }),
  );
});

test.run();
