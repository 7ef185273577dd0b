// Mistakes in an operator's orders: each one complaint, at its place.

import { assert, suite } from '../../scripts/testing/suite.ts';
import { loadScenario } from './load.ts';
import { mistakes } from './problems.fixture.ts';
import { ringText } from './ring.fixture.ts';

const test = suite('an operator in scenario files');

const request = 'at: 1 s, request: { path: ring, from: alice, to: bob }';

/** The ring with these entries after its request. */
function problemOf(...entries: readonly string[]): string {
  const timeline = [request, ...entries].map((line) => `  - { ${line} }\n`).join('');
  const text = ringText.replace(/^timeline:[^]*$/m, `timeline:\n${timeline}`);
  const found = mistakes(() => loadScenario('scenarios/ring/scenario.yaml', text));
  assert.ok(found === null || found.problems.length === 1, found?.message);
  return found?.message ?? '';
}

test('orders that make sense load', () => {
  const good = [
    'at: 2 s, move: { path: ring, along: [alice-w, w-s, s-e, e-bob] }',
    'at: 3 s, freeze: { path: ring }',
    'at: 4 s, thaw: { path: ring }',
    'at: 5 s, maintain: { fibre: n-e, for: 1 s }',
    'at: 5 s, maintain: { switch: n }',
    'at: 6 s, end-maintenance: { switch: n }',
    'at: 7 s, free: { path: ring, agent: s }',
  ];
  assert.is(problemOf(...good), '');
});

test('what is not there is named', () => {
  assert.match(problemOf('at: 2 s, move: { path: rink }'), /"rink", which is not a path.*did you mean ring/);
  assert.match(problemOf('at: 2 s, move: { path: ring, along: [n-w] }'), /"n-w", which is not a fibre/);
  assert.match(problemOf('at: 2 s, maintain: { fibre: x }'), /"x", which is not a fibre/);
  assert.match(problemOf('at: 2 s, maintain: { switch: x }'), /"x", which is not a switch/);
  assert.match(problemOf('at: 2 s, free: { path: ring, agent: x }'), /"x", which is not a switch/);
});

test('maintenance is of one thing, and ends where it began', () => {
  assert.match(problemOf('at: 2 s, maintain: { for: 1 s }'), /neither "fibre" nor "switch"/);
  assert.match(problemOf('at: 2 s, maintain: { fibre: n-e, switch: n }'), /both "fibre" and "switch"/);
  assert.match(problemOf('at: 2 s, end-maintenance: { switch: n }'), /no maintain before it/);
  assert.match(problemOf('at: 2 s, thaw: { path: ring }'), /no freeze before it/);
});

test.run();
