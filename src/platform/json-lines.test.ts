import fc from 'fast-check';
import * as v from 'valibot';
import { assert, suite } from '../../scripts/testing/suite.ts';
import { formatLine, LineFramer, parseLine } from './json-lines.ts';

const test = suite('JSON lines');

const fault = (expected: string, found: string): Error => new Error(`${expected}; found ${found}`);

test('lines come whole however they are cut', () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: 'grapheme' }).map((s) => s.replaceAll('\n', ' '))),
      fc.integer({ min: 1, max: 9 }),
      (lines, step) => {
        const framer = new LineFramer(1_000, fault);
        const all = new TextEncoder().encode(lines.map((line) => `${line}\n`).join(''));
        const got: string[] = [];
        for (let at = 0; at < all.length; at += step) got.push(...framer.push(all.subarray(at, at + step)));
        // A byte order mark at the start of a line is not content.
        assert.equal(
          got,
          lines.map((line) => new TextDecoder('utf-8').decode(new TextEncoder().encode(line))),
        );
      },
    ),
  );
});

test('what is held does not change when the reader reuses its buffer', () => {
  const framer = new LineFramer(100, fault);
  const buffer = new TextEncoder().encode('one');
  framer.push(buffer);
  buffer.fill(0);
  assert.equal(framer.push(Uint8Array.of(10)), ['one']);
});

test('a line without end is an error, not memory', () => {
  const framer = new LineFramer(100, fault);
  framer.push(new Uint8Array(100).fill(65));
  assert.throws(() => framer.push(new Uint8Array(1).fill(65)), /within 100 bytes/);
});

test('a line of just the bound passes, in one piece or two', () => {
  const whole = new LineFramer(4, fault);
  assert.equal(whole.push(new TextEncoder().encode('abcd\n')), ['abcd']);
  const cut = new LineFramer(4, fault);
  assert.equal(
    [...cut.push(new TextEncoder().encode('ab')), ...cut.push(new TextEncoder().encode('cd\n'))],
    ['abcd'],
  );
  assert.throws(() => whole.push(new TextEncoder().encode('abcde\n')), /within 4 bytes/);
});

test('bytes that are not UTF-8 are an error', () => {
  assert.throws(() => new LineFramer(100, fault).push(Uint8Array.of(0xff, 10)), /expected UTF-8/);
});

test('a message reads back as written, and what does not fit its schema is named', () => {
  const schema = v.strictObject({ to: v.strictObject({ port: v.number() }) });
  const message = { to: { port: 3 } };
  const [line = ''] = new LineFramer(100, fault).push(formatLine(message));
  assert.equal(parseLine(schema, line, fault), message);
  assert.throws(() => parseLine(schema, '{"to":{"port":"3"}}', fault), /^to\.port: .*; found \{"to"/);
  assert.throws(() => parseLine(schema, '{', fault), /expected a JSON object a line; found \{/);
});

test.run();
