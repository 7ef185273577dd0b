// Runs in which the daemons of two hosts move a transfer between the routed network and light, while things go wrong.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assert, suite } from '../../scripts/testing/suite.ts';
import { loadScenario } from './load.ts';
import { type RunResult, run } from './run.ts';

const test = suite('daemons in runs');

const text = (timeline: string, duration: string, size: string, routed: string): string => `scenario: small
title: Two hosts with daemons
duration: ${duration}
sites:
  here: { title: Here }
  there: { title: There }
switches:
  s1: { site: here, family: glimmerglass, ports: 4 }
  s2: { site: there, family: glimmerglass, ports: 4 }
hosts:
  left: { site: here, disk: { read: 1 GB/s, write: 1 GB/s }, transceiver: &t { power: 0 dBm, sensitivity: -24 dBm, power-on: 50 ms, capacity: 1 Gb/s }, routed: &r { capacity: ${routed} }, daemon: true }
  right: { site: there, disk: { read: 1 GB/s, write: 1 GB/s }, transceiver: *t, routed: *r, daemon: true }
fibres:
  l: { between: [left, s1/1], length: 1 km, loss: 1 dB }
  r: { between: [right, s2/1], length: 1 km, loss: 1 dB }
  one: { between: [s1/2, s2/2], length: 100 km, loss: 1 dB }
  two: { between: [s1/3, s2/3], length: 100 km, loss: 1 dB }
data-links:
  lambda: { between: [left, right], queue: 4 MB, mtu: 1500 B }
control-links:
  c: { between: [here, there], delay: 2 ms, capacity: 10 Gb/s }
provisioning: { power-poll: 200 ms }
timeline:
  - { at: 100 ms, transfer: { name: t, from: left, to: right, size: ${size}, streams: 2 } }
${timeline
  .trim()
  .split('\n')
  .map((line) => `  - { ${line.trim()} }`)
  .join('\n')}
`;

async function runHosts(
  timeline: string,
  o: { duration: string; size: string; routed?: string },
): Promise<RunResult> {
  const folder = mkdtempSync(join(tmpdir(), 'lightbed-daemon-'));
  try {
    return await run(loadScenario('small.yaml', text(timeline, o.duration, o.size, o.routed ?? '100 Mb/s')), {
      world: 'virtual',
      ...{ seed: '1', folder, version: 'test', file: 'small.yaml' },
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const valuesOf = (result: RunResult, metric: string): (number | null)[] =>
  result.measured.values.filter((each) => each.metric === metric).map(({ value }) => value);

/** Where each host's traffic goes in the end. */
const waysOf = (result: RunResult): string[] => {
  const turns = turnsOf(result);
  return ['left', 'right'].map((host) => turns.findLast((turn) => turn.startsWith(host)) ?? '');
};

/** Where each host's traffic goes, in order. */
const turnsOf = ({ records }: RunResult): string[] =>
  records.flatMap(({ kind, fields }) =>
    kind === 'traffic.steered' || kind === 'traffic.routed' ? [`${fields['host']} ${kind.slice(8)}`] : [],
  );

test('a transfer speeds up on the path, and goes on without it', async () => {
  const result = await runHosts(
    `at: 3 s, request: { path: x, from: left, to: right }
at: 6 s, cut: { fibre: l }`,
    { duration: '40 s', size: '400 MB' },
  );
  assert.equal(result.violations, []);
  assert.equal(valuesOf(result, 'transfer.completed'), [1]);
  assert.equal(valuesOf(result, 'transfer.stream_breaks'), [0]);
  const [share] = valuesOf(result, 'transfer.light_share');
  assert.ok(share !== null && share !== undefined && share > 0.6 && share < 0.95, `${share}`);
  const [first, never] = valuesOf(result, 'daemon.steered');
  assert.ok(first !== null && first !== undefined && first < 1e9);
  assert.is(never, null, 'it is still waited for');
  const [left] = valuesOf(result, 'daemon.routed');
  assert.ok(left !== null && left !== undefined && left < 20e6);
});

test('without a request everything is routed', async () => {
  const result = await runHosts('at: 20 s, cut: { fibre: one }', { duration: '21 s', size: '50 MB' });
  assert.equal(valuesOf(result, 'transfer.completed'), [1]);
  assert.equal(valuesOf(result, 'transfer.light_share'), [0]);
  assert.equal(turnsOf(result), []);
});

test('a crash of one host takes its daemon along, and leaves the other one routed', async () => {
  const result = await runHosts(
    `at: 1 s, request: { path: x, from: left, to: right }
at: 5 s, crash: { machine: right }`,
    { duration: '15 s', size: '10 MB' },
  );
  assert.equal(
    result.records.filter(({ kind }) => kind === 'machine.crashed').map(({ fields }) => fields['machine']),
    ['right', 'right-control'],
  );
  assert.is(turnsOf(result).at(-1), 'left routed');
});

test('a daemon that starts again keeps a detached path, and has both hosts use it again', async () => {
  const result = await runHosts(
    `at: 1 s, request: { path: x, from: left, to: right, detached: true }
at: 5 s, crash: { machine: left-control, for: 3 s }`,
    { duration: '30 s', size: '10 MB' },
  );
  assert.equal(result.violations, []);
  assert.equal(waysOf(result), ['left steered', 'right steered']);
  assert.is(result.records.filter(({ kind }) => kind === 'path.up').length, 1);
});

test('one that is not detached is given back, as its application ended with the machine', async () => {
  const result = await runHosts(
    `at: 1 s, request: { path: x, from: left, to: right }
at: 5 s, crash: { machine: left-control, for: 3 s }`,
    { duration: '30 s', size: '10 MB' },
  );
  assert.ok(result.records.some(({ kind }) => kind === 'path.released'));
  assert.equal(waysOf(result), ['left routed', 'right routed']);
});

test('a refused request is recorded, and everything stays routed', async () => {
  const result = await runHosts(
    `at: 500 ms, cut: { fibre: one }
at: 500 ms, cut: { fibre: two }
at: 1 s, request: { path: x, from: left, to: right, max-length: 10 km }`,
    { duration: '10 s', size: '10 MB' },
  );
  const refused = result.records.find(({ kind }) => kind === 'request.refused');
  assert.is(refused?.fields['kind'], 'no-path');
  assert.equal(turnsOf(result), []);
});

test.run();
