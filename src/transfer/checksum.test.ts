import fc from 'fast-check';
import { assert, suite } from '../../scripts/testing/suite.ts';
import { type Chunk, extent, materialise, sliceChunk } from '../platform/chunk.ts';
import { BlockFill } from './block-fill.ts';
import { blockDigest, FileDigest, hex } from './checksum.ts';

const test = suite('checksum');

const run = fc.oneof(
  fc.uint8Array({ minLength: 1, maxLength: 12 }),
  fc
    .tuple(fc.integer({ min: 0, max: 2 }), fc.integer({ min: 0, max: 50 }), fc.integer({ min: 1, max: 12 }))
    .map((t) => extent(...t)),
);

test('content cut anywhere gives the same block digest', () => {
  fc.assert(
    fc.property(
      fc.array(run, { minLength: 1, maxLength: 5 }),
      fc.array(fc.integer({ min: 1, max: 7 })),
      (runs, cuts) => {
        assert.equal(digestOf(cut(runs, cuts)), digestOf(runs));
      },
    ),
  );
});

test('any other byte gives another digest', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 40 }), fc.nat(), (data, at) => {
      const other = data.slice();
      other[at % data.length] = (data[at % data.length] ?? 0) ^ 1;
      assert.is.not(digestOf([data]), digestOf([other]));
    }),
  );
  assert.is.not(digestOf([extent(1, 0, 8)]), digestOf([materialise(extent(1, 0, 8))]));
});

test('the checksum of a file does not depend on the order of its blocks, but on their places', () => {
  const of = (order: readonly number[], sources: readonly number[]): string => {
    const digest = new FileDigest(25, 10);
    for (const i of order)
      assert.ok(digest.set(i, blockDigest([extent(sources[i] ?? 0, 0, i === 2 ? 5 : 10)])));
    return digest.checksum();
  };
  assert.is(of([0, 1, 2], [1, 2, 3]), of([2, 0, 1], [1, 2, 3]));
  assert.is.not(of([0, 1, 2], [1, 2, 3]), of([0, 1, 2], [2, 1, 3]));
});

test('a block that is digested again and differs is noticed', () => {
  const digest = new FileDigest(10, 10);
  assert.ok(digest.set(0, blockDigest([extent(1, 0, 10)])));
  assert.ok(digest.set(0, blockDigest([extent(1, 0, 10)])));
  assert.not.ok(digest.set(0, blockDigest([extent(2, 0, 10)])));
});

const digestOf = (pieces: readonly Chunk[]): string => {
  const fill = new BlockFill(pieces.reduce((sum, piece) => sum + piece.length, 0));
  for (const piece of pieces) fill.add(piece);
  return hex(blockDigest(fill.runs()));
};

function cut(runs: readonly Chunk[], cuts: readonly number[]): Chunk[] {
  const pieces: Chunk[] = [];
  let next = 0;
  for (const whole of runs)
    for (let at = 0; at < whole.length; ) {
      const to = Math.min(whole.length, at + (cuts[next++ % Math.max(1, cuts.length)] ?? whole.length));
      pieces.push(sliceChunk(whole, at, to));
      at = to;
    }
  return pieces;
}

test.run();
