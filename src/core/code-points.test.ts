import fc from 'fast-check';
import { assert, suite } from '../../scripts/testing/suite.ts';
import { compareCodePoints } from './code-points.ts';

const test = suite('code points');

test('strings sort as their UTF-8 does', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (a, b) => {
      const wanted = Buffer.compare(Buffer.from(a), Buffer.from(b));
      assert.is(Math.sign(compareCodePoints(a, b)), wanted);
    }),
  );
});

test('the highest code points come behind all others, and a beginning before its longer string', () => {
  assert.equal(['\u{1f600}', '\uff5e', 'ab', 'a', 'B'].sort(compareCodePoints), [
    'B',
    'a',
    'ab',
    '\uff5e',
    '\u{1f600}',
  ]);
});

test.run();
