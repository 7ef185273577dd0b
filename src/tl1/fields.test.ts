import fc from 'fast-check';
import { assert, suite } from '../../scripts/testing/suite.ts';
import * as arbitrary from './arbitrary.fixture.ts';
import {
  fieldIn,
  formatAidList,
  formatFields,
  named,
  parseAidList,
  parseFields,
  positional,
} from './fields.ts';
import { closingQuote, isBalanced, quote, splitUnquoted, unquote } from './quoting.ts';

const test = suite('tl1 fields');

test('values are found by name, whatever their order', () => {
  const old = parseFields('GGN:IPORTID=10001,OPORTID=20002,CONNSTATE=steady');
  const later = parseFields('GGN:connstate=steady,IPORTCOMMENT="a, b",OPORTID=20002,IPORTID=10001');
  for (const fields of [old, later]) {
    assert.is(named(fields, 'IPORTID'), '10001');
    assert.is(named(fields, 'CONNSTATE'), 'steady');
  }
  assert.is(named(later, 'IPORTCOMMENT'), 'a, b');
  assert.is(named(old, 'IPORTNAME'), undefined);
});

test('values are found by position where there are no names', () => {
  const fields = parseFields('10.13a.1:WX,NONE,NONE:INAS=IS');
  assert.is(fields.aid, '10.13a.1');
  assert.is(positional(fields, 0, 1), 'NONE');
  assert.is(positional(fields, 1, 0), undefined);
  assert.is(positional(fields, 0, 3), undefined);
});

test('fields survive being written and read', () => {
  fc.assert(
    fc.property(arbitrary.fields, (fields) => assert.equal(parseFields(formatFields(fields)), fields)),
  );
});

test('one field read alone is what it is among the others', () => {
  const name = fc.constantFrom('PORTID', 'IPORTID', 'ID', 'id', 'A');
  const field = fc.oneof(
    fc.tuple(name, fc.constantFrom('1', '', 'x=y', '"a,b"', 'IPORTID')).map(([n, value]) => `${n}=${value}`),
    fc.constantFrom('=A', 'A', '', 'IPORTID==', '"A=1"'),
  );
  const separator = fc.constantFrom(',', ':');
  const line = fc.array(fc.tuple(field, separator)).map((parts) => parts.flat().join(''));
  const check = (text: string, wanted: string): void =>
    assert.is(fieldIn(text, wanted), named(parseFields(text), wanted), text);
  fc.assert(fc.property(line, name, check), { numRuns: 1000 });
  fc.assert(fc.property(arbitrary.text, name, check));
});

test('any text has fields, and nothing throws', () => {
  fc.assert(
    fc.property(arbitrary.text, (text) => {
      parseFields(text);
      parseAidList(text);
      isBalanced(text);
    }),
  );
});

test('a quoted text survives, and closes where it should', () => {
  fc.assert(
    fc.property(arbitrary.text, arbitrary.text, (inner, after) => {
      assert.is(unquote(quote(inner)), inner);
      assert.is(closingQuote(quote(inner) + after, 0), quote(inner).length - 1);
      assert.equal(splitUnquoted(`${quote(inner)},x`, ','), [quote(inner), 'x']);
    }),
  );
});

test('a long run of the same characters is read in linear time', () => {
  for (const unit of [',', '"', '\\"', '\\', ':', '=', '&', ',"a"']) {
    const text = unit.repeat(Math.floor(100_000 / unit.length));
    parseFields(text);
    parseFields(`A:${text}`);
    fieldIn(`A:${text}`, 'A');
    parseFields(`"${text}`);
    parseAidList(text);
    isBalanced(text);
  }
});

test('AID lists and ranges open into single AIDs', () => {
  assert.equal(aids('10001&&10003&20001'), ['10001', '10002', '10003', '20001']);
  assert.equal(aids('1-a-5-1-9&&11'), ['1-a-5-1-9', '1-a-5-1-10', '1-a-5-1-11']);
  assert.equal(aids('10.1a.1&&10.1a.2'), ['10.1a.1', '10.1a.2']);
  assert.equal(aids(formatAidList(['10001', '20001'])), ['10001', '20001']);
});

test('a range that goes backwards, is huge, or has no number is malformed', () => {
  for (const text of ['', 'a&', '10003&&10001', '1&&999999', 'a&&b', '10001&&20.3', '1&&2&&3'])
    assert.is(parseAidList(text).kind, 'malformed', text);
});

function aids(text: string): readonly string[] {
  const list = parseAidList(text);
  return list.kind === 'aids' ? list.aids : [];
}

test.run();
