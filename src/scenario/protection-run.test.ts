// Protected paths in a whole run: agents, emulated switches, light, links and a transfer.

import { readFileSync } from 'node:fs';
import { assert, suite } from '../../scripts/testing/suite.ts';
import { loadScenario } from './load.ts';
import { type RunResult, run } from './run.ts';

const test = suite('runs with protection');

const play = (text: string, file = 'small'): Promise<RunResult> =>
  run(loadScenario(file, text), { world: 'virtual', folder: '', file, version: 'test' });

const valuesOf = (result: RunResult, metric: string): (number | null)[] =>
  result.measured.values.filter((v) => v.metric === metric).map((v) => v.value);

const ring = readFileSync('scenarios/protected-ring/scenario.yaml', 'utf8');
/** Light alone, which takes less to compute. */
const idle = ring.replace(/ {2}- \{ at: 3 s, transfer.*\n/, '').replace(/ {2}- \{ metric: transfer.*\n/g, '');

test('with 1+1 every cut costs the data the selection time and the difference of the ways, below 50 ms', async () => {
  const result = await play(ring);
  assert.ok(result.isMet, JSON.stringify(result.violations));
  const outages = valuesOf(result, 'protection.outage');
  assert.is(outages.length, 3);
  for (const outage of outages) assert.ok(outage !== null && outage >= 10e6 && outage < 11e6, `${outage}`);
  const selected = result.records.filter((r) => r.kind === 'receiver.selected');
  assert.equal([...new Set(selected.map((r) => r.fields['terminal']))].sort(), [
    'alice',
    'alice/2',
    'bob',
    'bob/2',
  ]);
});

test('a slower selector is seen in the outage, and fails the expectation', async () => {
  assert.ok((await play(idle)).isMet);
  const slow = await play(idle.replace('selection-time: 10 ms', 'selection-time: 60 ms'));
  assert.not.ok(slow.isMet);
  const [verdict] = slow.verdicts.filter((v) => v.expectation.metric === 'protection.outage');
  assert.ok((verdict?.worst ?? 0) >= 60e6);
});

test('without protection the same cut costs more than 50 ms', async () => {
  const result = await play(idle.replace(', protection: { kind: 1+1, disjoint: node }', ''));
  const [light] = valuesOf(result, 'reroute.light');
  assert.ok((light ?? 0) > 50e6, `${light}`);
  assert.equal(valuesOf(result, 'protection.outage'), []);
});

/** One transceiver is enough for a backup that is not lit. */
const backup = idle
  .replace('kind: 1+1, disjoint: node }', 'kind: 1:1 }, revert: { wait-to-restore: 4 s }')
  .replace('protection.outage, of: pair, at-most: 50 ms', 'protection.outage, of: pair, at-most: 300 ms')
  .replace(
    / {2}- \{ at: 5 s, cut.*\n.*\n/,
    '  - { at: 5 s, cut: { fibre: n-e } }\n  - { at: 7 s, repair: { fibre: n-e, reported: 1 s } }\n',
  );

test('with 1:1 the data come back by one decision, and go back after the wait to restore', async () => {
  const result = await play(backup);
  assert.ok(result.isMet, JSON.stringify([result.violations, valuesOf(result, 'protection.outage')]));
  const kinds = ['path.protected', 'path.switched', 'path.reverted', 'fibre.reported'];
  const told = result.records.filter((r) => kinds.includes(r.kind)).map((r) => r.kind);
  assert.equal(told, [
    'path.protected',
    'path.switched',
    'path.protected',
    'fibre.reported',
    'path.reverted',
    'path.protected',
  ]);
  const ups = result.records.filter((r) => r.kind === 'path.up').map((r) => r.fields['fibres']);
  assert.equal(ups.length, 3);
  assert.equal(ups[2], ups[0]);
  const reported = result.records.find((r) => r.kind === 'fibre.reported')?.at ?? 0;
  const reverted = result.records.find((r) => r.kind === 'path.reverted')?.at ?? 0;
  assert.ok(reverted - reported >= 4e9 && reverted - reported < 4.5e9, `${reverted - reported}`);
});

test.run();
