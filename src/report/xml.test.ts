import fc from 'fast-check';
import { assert, suite } from '../../scripts/testing/suite.ts';
import { complaint } from './testing/well-formed.ts';
import { element, escapeXml } from './xml.ts';

const test = suite('xml');

test('no text can break out of an element or an attribute', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 30 }), fc.string({ maxLength: 30 }), (a, b) => {
      assert.is(complaint(element('x', { title: a }, escapeXml(b))), null);
    }),
  );
});

test('characters that XML forbids are replaced', () => {
  assert.is(escapeXml('a\u0000b\u001bc\ud800d\ufffee'), 'a\ufffdb\ufffdc\ufffdd\ufffde');
  assert.is(escapeXml('é–😀\n'), 'é–😀\n');
});

test('numbers are rounded to two decimals, and null attributes are left out', () => {
  assert.is(element('rect', { x: 1 / 3, y: null, width: 10 }), '<rect x="0.33" width="10"/>');
});

test('the checker of well-formedness finds what is wrong', () => {
  for (const bad of ['<a>', '<a></b>', '<a/><b/>', '<a>&</a>', '<a x="1" x="2"/>', '<a>1 < 2</a>'])
    assert.ok(complaint(bad) !== null, bad);
});

test.run();
