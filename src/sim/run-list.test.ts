import fc from 'fast-check';
import { assert, suite } from '../../scripts/testing/suite.ts';
import { type Chunk, extent, materialise } from '../platform/chunk.ts';
import { concat } from '../platform/pair.fixture.ts';
import { RunList } from './run-list.ts';

const test = suite('run list');

const SPAN = 60;

type Step = { write: [number, Chunk] } | { truncate: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ write: fc.tuple(fc.nat(SPAN), fc.uint8Array({ maxLength: 12 })) }) as fc.Arbitrary<Step>,
  // Extents of few sources at the offset they are written to touch and join often.
  fc
    .tuple(fc.nat(2), fc.nat(SPAN), fc.nat(12))
    .map(([source, offset, length]): Step => ({ write: [offset, extent(source, offset, length)] })),
  fc.nat(SPAN).map((truncate): Step => ({ truncate })),
);

test('any writes and cuts leave what a plain array of bytes would hold', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const list = new RunList();
      let model: number[] = [];
      for (const one of steps) {
        if ('truncate' in one) {
          list.truncate(one.truncate);
          model = Array.from({ length: one.truncate }, (_, i) => model[i] ?? 0);
        } else {
          const [offset, chunk] = one.write;
          list.write(offset, chunk);
          if (chunk.length > 0) while (model.length < offset) model.push(0);
          for (const [i, byte] of materialise(chunk).entries()) model[offset + i] = byte;
        }
        assert.is(list.length, model.length);
        assert.equal([...content(list)], model);
      }
    }),
    { numRuns: 500 },
  );
});

test('extents that touch become one, whatever order they come in', () => {
  const list = new RunList();
  for (const i of [0, 4, 2, 1, 3, 7, 6, 5]) list.write(i * 10, extent(1, i * 10, 10));
  assert.is(list.runCount, 1);
  assert.equal(list.read(0, 100), extent(1, 0, 80));
});

test('a read gives one kind: an extent up to its end, or bytes up to the next extent', () => {
  const list = new RunList();
  list.write(0, new Uint8Array([1, 2]));
  list.write(4, extent(1, 0, 6));
  assert.equal(list.read(0, 100), new Uint8Array([1, 2, 0, 0]));
  assert.equal(list.read(5, 100), extent(1, 1, 5));
  assert.equal(list.read(10, 1), new Uint8Array(0));
});

test('a copy goes its own way', () => {
  const list = new RunList();
  list.write(0, extent(1, 0, 10));
  const copy = list.clone();
  list.write(10, extent(1, 10, 10));
  list.write(0, new Uint8Array([9]));
  assert.equal(copy.read(0, 100), extent(1, 0, 10));
});

test.run();

function content(list: RunList): Uint8Array {
  const pieces: Chunk[] = [];
  for (let at = 0; at < list.length; ) {
    const piece = list.read(at, list.length - at);
    pieces.push(piece);
    at += piece.length;
  }
  return concat(pieces);
}
