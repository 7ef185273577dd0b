import fc from 'fast-check';
import * as v from 'valibot';
import { assert, suite } from '../../scripts/testing/suite.ts';
import { CHANGES, isPlainChange, PORT_CHANGE } from './topology-messages.ts';

const test = suite('topology messages');

const name = fc.oneof(fc.constantFrom('10.1a.1', '', 'x'.repeat(200), 'x'.repeat(201)), fc.string());
const odd = fc.constantFrom<unknown>(null, undefined, 0, true, [], {});
const nearlyKeeper = fc.record(
  {
    coordinator: fc.oneof(name, odd),
    priority: fc.oneof(fc.integer(), fc.double(), odd),
    other: fc.constant(1),
  },
  { requiredKeys: [], noNullPrototype: true },
);
const nearlyChange = fc.oneof(
  odd,
  fc.record(
    {
      port: fc.oneof(name, odd),
      state: fc.oneof(fc.constantFrom('free', 'held', 'foreign', 'unread', 'gone'), odd),
      holder: fc.oneof(name, odd),
      keeper: fc.oneof(nearlyKeeper, odd),
      isOut: fc.constantFrom<unknown>(true, false),
      other: fc.constant(1),
    },
    { requiredKeys: [], noNullPrototype: true },
  ),
);
const keeper = { coordinator: 'chi', priority: 3 };
const change = fc.record(
  {
    port: fc.constant('7'),
    state: fc.constantFrom('free', 'held'),
    holder: fc.constantFrom(null, 'p'),
    keeper: fc.constant(keeper),
    isOut: fc.constant(true),
  },
  { requiredKeys: ['port', 'state', 'holder'], noNullPrototype: true },
);

test('what passes as a plain change passes the whole check, and comes out of it the same', () => {
  fc.assert(
    fc.property(fc.oneof(nearlyChange, change), (input) => {
      if (!isPlainChange(input)) return;
      const result = v.safeParse(PORT_CHANGE, input);
      assert.ok(result.success, JSON.stringify(input));
      assert.equal(result.output, input);
    }),
    { numRuns: 2_000 },
  );
});

test('changes are taken as they are said, plain or not, and what is none is named by its place', () => {
  const said = { switchName: 'gva', boot: 1, since: 4, sequence: 5 };
  const plain = { port: '1', state: 'held', holder: 'p', keeper };
  const out = { port: '2', state: 'free', holder: null, isOut: true };
  assert.ok(isPlainChange(plain));
  assert.not.ok(isPlainChange(out));
  assert.equal(v.parse(CHANGES, { ...said, ports: [plain, out] }).ports, [plain, out]);
  const bad = v.safeParse(CHANGES, { ...said, ports: [plain, { ...plain, state: 'lost' }] });
  assert.is(bad.success ? null : v.getDotPath(bad.issues[0]), 'ports.1.state');
});

test.run();
