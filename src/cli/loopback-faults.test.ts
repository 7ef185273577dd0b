// Faults of a timeline in real time, over real sockets: the same rules as in virtual time, as far as a relay of TCP goes.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { assert, suite } from '../../scripts/testing/suite.ts';
import { lightbedProcess, workFolder } from './cli.fixture.ts';

const test = suite('faults in the loopback world');

const SCENARIO = `scenario: ring
title: Three switches and two hosts
duration: 9 s
sites:
  here: { title: Here }
switches:
  s1: { site: here, family: glimmerglass, ports: 4 }
  s2: { site: here, family: glimmerglass, ports: 4 }
  s3: { site: here, family: glimmerglass, ports: 4 }
hosts:
  left: { site: here, disk: { read: 1 MB/s, write: 1 MB/s }, transceiver: &t { power: 0 dBm, sensitivity: -24 dBm, power-on: 50 ms, capacity: 10 Gb/s } }
  right: { site: here, disk: { read: 1 MB/s, write: 1 MB/s }, transceiver: *t }
fibres:
  l: { between: [left, s1/1], length: 1 km, loss: 1 dB }
  r: { between: [right, s2/1], length: 1 km, loss: 1 dB }
  direct: { between: [s1/2, s2/3], length: 10 km, loss: 1 dB }
timeline:
  - { at: 200 ms, connect: { device: s3, input: 2, output: 4, for: 1 s } }
  - { at: 500 ms, fault: { device: s1, kind: late, by: 300 ms, command: ENT-CRS-FIBER, times: 1, for: 2 s } }
  - { at: 500 ms, packets: { from: s1-agent, to: s2-agent, delay: 20 ms, jitter: 20 ms, for: 2 s } }
  - { at: 1 s, request: { path: p, from: left, to: right } }
  - { at: 3 s, partition: { machines: [s2-agent], for: 1500 ms } }
  - { at: 3100 ms, release: { path: p } }
  - { at: 3200 ms, reboot: { device: s3, down: 500 ms } }
`;

interface Line {
  readonly at: number;
  readonly where: string;
  readonly kind: string;
  readonly fields?: { readonly [key: string]: unknown };
}

test('late answers, late and held bytes, a restart, somebody else: put in, and taken out again', async () => {
  const work = workFolder();
  writeFileSync(join(work.path, 'scenarios/ring/scenario.yaml'), SCENARIO);
  const run = await lightbedProcess(work.path, 'run', 'ring', '--world', 'loopback');
  assert.ok(run.code === 0, run.stdout + run.stderr);
  const trace = readFileSync(join(work.path, 'results/ring-loopback/trace.jsonl'), 'utf8').trimEnd();
  const records = trace.split('\n').map((line) => JSON.parse(line) as Line);
  const times = (kind: string, where?: string): number[] =>
    records.filter((r) => r.kind === kind && (where ?? r.where) === r.where).map(({ at }) => at);
  const first = (kind: string): number => times(kind)[0] ?? Number.NaN;
  assert.is(times('foreign.connect-done').length, 1);
  assert.is(times('foreign.disconnect-done').length, 1);
  assert.ok(first('path.up') - first('path.requested') > 0.3e9, 'the late answer is waited for');
  const [, ...ended] = times('fault.began').map(() => 0);
  assert.is(times('fault.ended').length, ended.length, 'all but the restart end');
  assert.ok(times('tl1-session.opened', 's3-agent').length >= 2, 's3 came back');
  const freed = records.filter((r) => r.kind === 'lease.released' && r.where === 's2-agent');
  assert.ok((freed[0]?.at ?? 0) >= 4.4e9, 'the release waits for the end of the partition');
  work.remove();
});

test.run();
