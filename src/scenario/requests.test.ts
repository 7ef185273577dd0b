// Requests with terms, from the scenario file to the mirrors.

import { assert, suite } from '../../scripts/testing/suite.ts';
import { type RingRun, runRing } from './ring.fixture.ts';

const test = suite('requests of a scenario');

const ask = (options: string): string =>
  `at: 1 s, request: { path: p, from: alice, to: bob${options === '' ? '' : `, ${options}`} }`;

const fibresOf = (result: RingRun): unknown => result.of('path.up')[0]?.fields['fibres'];
const refusalOf = (result: RingRun): unknown => result.of('path.refused')[0]?.fields['kind'];

test('a route goes as asked: past a switch, without one, along fibres', async () => {
  const south = ['alice-w', 'w-s', 's-e', 'e-bob'];
  for (const options of ['via: [s]', 'avoid: [n]', 'avoid: [w-n]', `along: [${south.join(', ')}]`]) {
    const result = await runRing([ask(options)], '4 s');
    assert.equal(fibresOf(result), south, options);
    assert.equal(result.violations, []);
  }
});

test('a route that cannot be within its terms is refused with the kind of reason', async () => {
  assert.is(refusalOf(await runRing([ask('max-length: 30 km')], '4 s')), 'no-path');
  assert.is(refusalOf(await runRing([ask('power-budget: 9 dB')], '4 s')), 'power-budget');
  assert.is(refusalOf(await runRing([ask('along: [alice-w, e-bob]')], '4 s')), 'no-path');
});

test('a terms-bound path that is cut does not leave its terms', async () => {
  const result = await runRing([ask('avoid: [s]'), 'at: 3 s, cut: { fibre: n-e }'], '9 s');
  assert.is(result.of('path.up').length, 1);
  assert.is(result.of('path.down').length, 1);
  assert.equal(result.violations, []);
});

test('a pinned path that is cut is DOWN, not moved, and up again when the fibre is whole', async () => {
  const timeline = [ask('pinned: true'), 'at: 3 s, cut: { fibre: n-e }', 'at: 6 s, repair: { fibre: n-e }'];
  const result = await runRing(timeline, '9 s');
  const states = result.records.filter((r) => /^path\.(up|down)$/.test(r.kind));
  assert.equal(
    states.map((r) => r.kind),
    ['path.up', 'path.down', 'path.up'],
  );
  assert.equal(states[0]?.fields['fibres'], states[2]?.fields['fibres']);
  assert.equal(result.violations, []);
});

test('a simplex path makes one way of every cross-connect', async () => {
  const result = await runRing([ask('mode: simplex')], '4 s');
  assert.is(result.of('switch.connected').length, 3);
  assert.equal(
    result.of('light.restored').map((r) => r.fields['terminal']),
    ['bob'],
  );
  assert.equal(result.violations, []);
});

test('a reserved path is there for its time only', async () => {
  const result = await runRing([ask('start: 3 s, end: 6 s')], '9 s');
  // Machines' wall clocks differ by some milliseconds.
  const [up, released] = [result.of('path.up')[0], result.of('path.released')[0]];
  assert.ok(up !== undefined && up.at > 2.9e9 && up.at < 4e9, String(up?.at));
  assert.ok(released !== undefined && released.at > 5.9e9 && released.at < 7e9, String(released?.at));
  assert.equal(result.violations, []);
});

test('a path on hold is connected when it is confirmed, and not at all when nobody does', async () => {
  const confirmed = await runRing([ask('hold: 4 s'), 'at: 3 s, confirm: { path: p }'], '6 s');
  assert.ok((confirmed.of('path.up')[0]?.at ?? 0) > 3e9);
  const expired = await runRing([ask('hold: 2 s')], '6 s');
  assert.is(refusalOf(expired), 'hold-expired');
  assert.is(expired.of('switch.connected').length, 0);
});

test('agents that are told of one seed only lay the same path', async () => {
  const result = await runRing([ask('')], '4 s', 'seeds: [s], ');
  assert.equal(fibresOf(result), ['alice-w', 'w-n', 'n-e', 'e-bob']);
});

test.run();
