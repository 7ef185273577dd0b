import fc from 'fast-check';
import { assert, suite } from '../../scripts/testing/suite.ts';
import { LONGEST_SPAN } from '../core/time.ts';
import { LineFramer } from '../platform/json-lines.ts';
import { MessageError } from './errors.ts';
import { compareRanks, formatMessage, type Message, messageFault, parseMessage } from './messages.ts';
import type { PathTerms } from './path-terms.ts';

const test = suite('agent messages');

const SAMPLES: Message[] = [
  { type: 'commit', transaction: 'S1#1.1', path: 'p', make: { a: '1', b: '2' } },
  { type: 'loss', path: 'Pfad-ü', revision: 3, port: '10.1a.1', power: -50.25 },
  { type: 'readings', path: 'p', round: 1, readings: [{ port: '1', power: null, threshold: -20 }] },
  { type: 'keep', paths: ['p', 'q'] },
];

test('messages arrive the same however the stream is cut', () => {
  const all = SAMPLES.flatMap((m) => [...formatMessage(m)]);
  fc.assert(
    fc.property(fc.array(fc.nat(all.length), { maxLength: 10 }), (cuts) => {
      const lines = new LineFramer(1_000, messageFault);
      const ends = [...new Set([0, ...cuts, all.length])].sort((x, y) => x - y);
      const got = ends.slice(1).flatMap((end, i) => lines.push(Uint8Array.from(all.slice(ends[i], end))));
      assert.equal(got.map(parseMessage), SAMPLES);
    }),
  );
});

test('what is not exactly a message is an error that shows its head', () => {
  for (const line of [
    '',
    '{',
    '[]',
    '{"type":"commit"}',
    '{"type":"commit","transaction":"t","path":"p","x":1}',
  ])
    assert.throws(
      () => parseMessage(line),
      (e: unknown) => e instanceof MessageError && e.head === line,
    );
});

test('a span that no clock could count to the end of is no message', () => {
  const receiver = (settling_ns: number): Message => ({
    ...{ type: 'receiver', host: 'a', fibre: 'f', isLit: false, answers: null },
    settling_ns,
  });
  const request = (terms: PathTerms): Message => ({ type: 'request', path: 'p', from: 'a', to: 'b', terms });
  const most = LONGEST_SPAN;
  for (const message of [receiver(most), request({ waitToRestore_ns: most, reserve: { hold: most } })])
    assert.equal(parseMessage(lineOf(message)), message);
  for (const message of [
    receiver(most + 1),
    request({ waitToRestore_ns: most + 1 }),
    request({ reserve: { hold: most + 1 } }),
  ])
    assert.throws(
      () => parseMessage(lineOf(message)),
      (e: unknown) => e instanceof MessageError,
    );
});

test('of two transactions one goes first for everybody, the one with more tries behind it', () => {
  const a = { attempt: 1, transaction: 'a' };
  const b = { attempt: 1, transaction: 'b' };
  assert.ok(compareRanks(a, b) < 0 && compareRanks(b, a) > 0);
  assert.ok(compareRanks({ ...b, attempt: 2 }, a) < 0);
});

const lineOf = (message: Message): string => new TextDecoder().decode(formatMessage(message)).trim();

test.run();
