import fc from 'fast-check';
import { assert, rejects, suite } from '../../scripts/testing/suite.ts';
import { bytes, bytesPerSecond } from '../core/quantity.ts';
import { instant, ns } from '../core/time.ts';
import { type Chunk, extent, materialise, sliceChunk } from '../platform/chunk.ts';
import { BlockFill } from './block-fill.ts';
import {
  formatBlockHeader,
  formatStreamGreeting,
  parseBlockHeader,
  parseStreamGreeting,
} from './block-header.ts';
import { BlockPool } from './block-pool.ts';
import { blockDigest, FileDigest, hex } from './checksum.ts';
import { TransferProtocolError } from './errors.ts';
import { InFlight } from './in-flight.ts';
import { LineFramer } from './line-framer.ts';
import { formatMessage, isPlainName, LIMITS, parseReceiverMessage, parseSenderMessage } from './messages.ts';
import { RangeSet, wholeBlocks } from './range-set.ts';
import { TokenBucket } from './rate-limit.ts';
import { advance, SEND_TRANSITIONS } from './session-state.ts';
import { WorkList } from './work-list.ts';

const test = suite('transfer cores');

const u32 = fc.integer({ min: 0, max: 0xffffffff });
const offset = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });

test('a range set holds what a set of bytes would, and counts what was new', () => {
  const range = fc.tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 20 }));
  fc.assert(
    fc.property(fc.array(range, { maxLength: 30 }), (adds) => {
      const set = new RangeSet();
      const model = new Set<number>();
      for (const [from, length] of adds) {
        const before = model.size;
        for (let i = from; i < from + length; i++) model.add(i);
        assert.is(set.add(from, from + length), model.size - before);
      }
      assert.is(set.covered, model.size);
      const listed = set
        .pairs()
        .flatMap(([from, to]) => Array.from({ length: to - from }, (_, i) => from + i));
      assert.equal(
        listed,
        [...model].sort((a, b) => a - b),
      );
      for (let i = 1; i < set.pairs().length; i++)
        assert.ok((set.pairs()[i]?.[0] ?? 0) > (set.pairs()[i - 1]?.[1] ?? 0));
      for (let i = 0; i < 80; i += 7)
        assert.is(
          set.has(i, i + 3),
          [i, i + 1, i + 2].every((b) => model.has(b)),
        );
    }),
  );
});

test('only whole blocks of a resumed file count as held', () => {
  assert.equal(wholeBlocks([[5, 35]], 10, 100), [[10, 30]]);
  assert.equal(wholeBlocks([[85, 95]], 10, 95), [[90, 95]]);
  assert.equal(wholeBlocks([[1, 9]], 10, 100), []);
});

test('a block header and a stream greeting read back as written', () => {
  const header = fc.record({ session: u32, file: u32, offset, length: u32, sequence: offset });
  fc.assert(fc.property(header, (h) => assert.equal(parseBlockHeader(formatBlockHeader(h)), { ...h })));
  const greeting = fc.record({ session: u32, stream: u32, epoch: u32 });
  fc.assert(
    fc.property(greeting, (g) => assert.equal(parseStreamGreeting(formatStreamGreeting(g)), { ...g })),
  );
});

test('other bytes are no header', () => {
  assert.is(parseBlockHeader(new Uint8Array(32)), null);
  assert.is(parseBlockHeader(new Uint8Array(31)), null);
  const other = formatBlockHeader({ session: 1, file: 0, offset: 0, length: 1, sequence: 0 });
  other[3] = 2;
  assert.is(parseBlockHeader(other), null);
});

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

test('a token bucket lets through its rate, its burst and one block, never more', () => {
  const step = fc.record({
    wait: fc.integer({ min: 0, max: 2e8 }),
    length: fc.integer({ min: 1, max: 5_000 }),
  });
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 60 }), (steps) => {
      const bucket = new TokenBucket(bytesPerSecond(10_000), bytes(1_000), instant(0));
      let now = 0;
      let passed = 0;
      for (const { wait, length } of steps) {
        now += wait;
        const delay = bucket.delay(instant(now));
        now += delay;
        assert.is(bucket.delay(instant(now)), ns(0));
        bucket.pay(length, instant(now));
        passed += length;
        assert.ok(passed <= (now / 1e9) * 10_000 + 1_000 + length + 1e-3, `${passed} at ${now}`);
      }
    }),
  );
});

test('a rate that is set while a debt is owed counts from then on', () => {
  const bucket = new TokenBucket(bytesPerSecond(1_000), bytes(100), instant(0));
  bucket.pay(1_100, instant(0));
  assert.is(bucket.delay(instant(0)), ns(1e9));
  bucket.setRate(bytesPerSecond(4_000), instant(2e8));
  assert.is(bucket.delay(instant(2e8)), ns(2e8));
});

test('lines come whole however they are cut, and an endless one is refused', () => {
  fc.assert(
    fc.property(
      fc.array(fc.string().map((s) => s.replaceAll('\n', ' '))),
      fc.integer({ min: 1, max: 9 }),
      (lines, step) => {
        const framer = new LineFramer(1_000);
        const all = new TextEncoder().encode(lines.map((line) => `${line}\n`).join(''));
        const got: string[] = [];
        for (let at = 0; at < all.length; at += step) got.push(...framer.push(all.subarray(at, at + step)));
        assert.equal(
          got,
          lines.map((line) => new TextDecoder('utf-8').decode(new TextEncoder().encode(line))),
        );
      },
    ),
  );
  const framer = new LineFramer(100);
  framer.push(new Uint8Array(100).fill(65));
  assert.throws(() => framer.push(new Uint8Array(1).fill(65)), /within 100 bytes/);
});

test('a message reads back as written, and anything else is refused', () => {
  const stored = {
    kind: 'stored' as const,
    files: [{ file: 0, ranges: [[0, 5] as [number, number]] }],
    doubledBytes: 3,
  };
  assert.equal(parseReceiverMessage(formatMessage(stored)), stored);
  for (const line of [
    'nonsense',
    '{}',
    '{"kind":"goodbye","more":1}',
    '{"kind":"checksum","file":-1,"checksum":"00"}',
    `{"kind":"failed","reason":"${'x'.repeat(LIMITS.reasonCharactersMax + 1)}"}`,
    '{"kind":"offer","version":2,"session":1,"transfer":"t","streams":1,"blockSize":1024,"files":[{"name":"a","size":1}],"memory":null}',
  ])
    assert.throws(
      () => parseSenderMessage(line),
      (error: Error) => error instanceof TransferProtocolError,
    );
  assert.throws(() =>
    parseReceiverMessage('{"kind":"stored","files":[{"file":0,"ranges":[[5,5]]}],"doubledBytes":0}'),
  );
});

test('a file name that could leave the folder is not plain', () => {
  for (const name of [
    '..',
    '.',
    'a/b',
    'a\\b',
    '/etc/passwd',
    'a\u0000b',
    'a\nb',
    'x.part',
    'x.part.journal',
  ])
    assert.not.ok(isPlainName(name), name);
  for (const name of ['a', 'a b.root', '..a', 'é', '-rf']) assert.ok(isPlainName(name), name);
});

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

test('a session does not come back from its end', async () => {
  await rejects((async () => advance(SEND_TRANSITIONS, 'completed', 'sending'))(), /no transition/);
  assert.is(advance(SEND_TRANSITIONS, 'offering', 'sending'), 'sending');
});

test.run();
