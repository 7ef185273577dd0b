// An operator's orders in a whole run of the ring: real agents, emulated switches, light.

import { assert, suite } from '../../scripts/testing/suite.ts';
import { runRing } from './ring.fixture.ts';

const test = suite('runs with an operator');

const request = 'at: 0.5 s, request: { path: ring, from: alice, to: bob }';
const SHORT = ['alice-w', 'w-n', 'n-e', 'e-bob'];
const LONG = ['alice-w', 'w-s', 's-e', 'e-bob'];

const routes = (result: Awaited<ReturnType<typeof runRing>>): unknown[] =>
  result.of('path.up').map((record) => record.fields['fibres']);

const interruptions = (result: Awaited<ReturnType<typeof runRing>>): (number | null)[] =>
  result.measured.values.filter((v) => v.metric === 'move.interruption').map((v) => v.value);

test('a path is moved elsewhere and back along given fibres; its hosts are dark for less than a reroute', async () => {
  const back = `at: 5 s, move: { path: ring, along: [${SHORT.join(', ')}] }`;
  const result = await runRing([request, 'at: 3 s, move: { path: ring }', back], '8 s');
  assert.equal(routes(result), [SHORT, LONG, SHORT]);
  assert.equal(result.violations, []);
  assert.is(interruptions(result).length, 2);
  for (const dark of interruptions(result))
    assert.ok(dark !== null && dark > 0 && dark < 150e6, `${(dark ?? 0) / 1e6} ms`);
});

test('a frozen path is DOWN after a cut until it is thawed', async () => {
  const result = await runRing(
    [request, 'at: 2 s, freeze: { path: ring, for: 6 s }', 'at: 4 s, cut: { fibre: n-e }'],
    '12 s',
  );
  assert.equal(routes(result), [SHORT, LONG]);
  assert.match(String(result.of('path.down')[0]?.fields['reason']), /frozen/);
  assert.ok((result.of('path.up')[1]?.at ?? 0) > 8e9);
  assert.is(result.of('operator.thawed').length, 1);
  assert.equal(result.violations, []);
});

test('a switch in maintenance is left, and a cut meanwhile has no way over it', async () => {
  const result = await runRing(
    [
      request,
      'at: 2 s, maintain: { switch: n }',
      'at: 6 s, cut: { fibre: w-s }',
      'at: 9 s, end-maintenance: { switch: n }',
    ],
    '14 s',
  );
  assert.equal(routes(result), [SHORT, LONG, SHORT]);
  assert.match(String(result.of('path.down')[0]?.fields['reason']), /in maintenance: n-e, w-n/);
  const [drained] = result.of('operator.drained');
  assert.equal([drained?.fields['switch'], drained?.fields['paths']], ['n', []]);
  assert.equal(result.violations, []);
});

test('what cannot be moved stays up, and the operator hears why', async () => {
  const result = await runRing(
    [
      'at: 0.5 s, request: { path: ring, from: alice, to: bob, pinned: true }',
      'at: 2 s, maintain: { fibre: n-e, for: 15 s }',
      'at: 3 s, move: { path: ring, along: [alice-w, w-n, e-bob] }',
    ],
    '20 s',
  );
  assert.equal(routes(result), [SHORT]);
  assert.is(result.of('operator.stays')[0]?.fields['reason'], 'it is pinned');
  assert.equal(result.of('operator.drained')[0]?.fields['paths'], ['ring']);
  assert.is(result.of('operator.failed').length, 1);
  assert.is(result.of('operator.maintenance-ended').length, 1);
  assert.equal(result.violations, []);
});

test('a path whose coordinator is gone is freed at all other switches by one order', async () => {
  const result = await runRing(
    [request, 'at: 2 s, crash: { machine: w-agent }', 'at: 3 s, free: { path: ring, agent: n }'],
    '8 s',
  );
  assert.equal(
    result
      .of('operator.freed')
      .map((record) => record.fields['switch'])
      .sort(),
    ['e', 'n', 's'],
  );
  assert.is(result.of('switch.disconnected').length, 4);
});

test.run();
