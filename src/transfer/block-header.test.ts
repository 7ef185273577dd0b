import fc from 'fast-check';
import { assert, suite } from '../../scripts/testing/suite.ts';
import {
  formatBlockHeader,
  formatStreamGreeting,
  parseBlockHeader,
  parseStreamGreeting,
} from './block-header.ts';

const test = suite('block header');

const u32 = fc.integer({ min: 0, max: 0xffffffff });
const offset = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });

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

test.run();
