import { createHash } from 'node:crypto';
import { assert, suite } from '../../scripts/testing/suite.ts';
import type { Instant } from '../core/time.ts';
import { TraceOverflowError } from './errors.ts';
import { Trace } from './trace.ts';

const test = suite('trace');

const at = (n: number): Instant => n as Instant;

test('a line is one JSON object with its keys in the order written', () => {
  const lines: string[] = [];
  const trace = new Trace((line) => lines.push(line));
  trace.record(at(5), 'gva', 'path.up', { path: 'p1', fibres: ['é', 'b'], setup_ns: 12 });
  assert.equal(lines, [
    '{"at":5,"where":"gva","kind":"path.up","fields":{"path":"p1","fibres":["é","b"],"setup_ns":12}}\n',
  ]);
  assert.is(trace.records[0]?.fields.path, 'p1');
});

test('the running hash is the SHA-256 of all lines, whenever it is asked for', () => {
  let text = '';
  const trace = new Trace((line) => {
    text += line;
  });
  const expected = (): string => createHash('sha256').update(text).digest('hex');
  assert.is(trace.hash(), expected());
  for (let i = 0; i < 3_000; i++) {
    trace.record(at(i), 'world', 'goodput.sampled', { transfer: 'é', bytes: i * 1e9 });
    if (i % 700 === 0) assert.is(trace.hash(), expected());
  }
  assert.is(trace.hash(), expected());
});

test('one different record makes a different hash', () => {
  const one = new Trace();
  const other = new Trace();
  one.record(at(1), 'gva', 'light.lost', { terminal: 'a' });
  other.record(at(2), 'gva', 'light.lost', { terminal: 'a' });
  assert.not.equal(one.hash(), other.hash());
});

test('the tail is the last lines', () => {
  const trace = new Trace();
  for (let i = 0; i < 5; i++) trace.record(at(i), 'w', 'k.d', {});
  assert.equal(trace.tail(2), [
    '{"at":3,"where":"w","kind":"k.d","fields":{}}',
    '{"at":4,"where":"w","kind":"k.d","fields":{}}',
  ]);
  assert.is(trace.tail(100).length, 5);
});

test('the trace is bounded', () => {
  const trace = new Trace(undefined, { recordsMax: 2 });
  trace.record(at(1), 'w', 'k.d', {});
  trace.record(at(1), 'w', 'k.d', {});
  assert.throws(
    () => trace.record(at(1), 'w', 'k.d', {}),
    (error: unknown) => error instanceof TraceOverflowError,
  );
});

test.run();
