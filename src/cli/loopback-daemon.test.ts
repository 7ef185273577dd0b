// Daemons of hosts in real time, over real sockets: a transfer begins on the routed network, moves onto light and off it.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { assert, suite } from '../../scripts/testing/suite.ts';
import { lightbedProcess, workFolder, writeScenario } from './cli.fixture.ts';

const test = suite('daemons in the loopback world');

const SCENARIO = `scenario: hosts
title: Two hosts with daemons
duration: 5 s
sites:
  here: { title: Here }
switches:
  s1: { site: here, family: glimmerglass, ports: 4 }
hosts:
  left: { site: here, disk: { read: 1 GB/s, write: 1 GB/s }, transceiver: &t { power: 0 dBm, sensitivity: -24 dBm, power-on: 50 ms, capacity: 1 Gb/s }, routed: &r { capacity: 50 Mb/s, queue: 1 MB }, daemon: true }
  right: { site: here, disk: { read: 1 GB/s, write: 1 GB/s }, transceiver: *t, routed: *r, daemon: true }
fibres:
  l: { between: [left, s1/1], length: 1 km, loss: 1 dB }
  r: { between: [right, s1/2], length: 1 km, loss: 1 dB }
data-links:
  lambda: { between: [left, right], queue: 1 MB, mtu: 1500 B }
timeline:
  - { at: 500 ms, transfer: { name: t, from: left, to: right, size: 50 MB, streams: 2 } }
  - { at: 1 s, request: { path: x, from: left, to: right } }
  - { at: 4 s, release: { path: x } }
expect:
  - { metric: daemon.steered, of: x, at-most: 2 s }
  - { metric: transfer.completed, equals: 1 }
  - { metric: transfer.stream_breaks, of: t, equals: 0 }
  - { metric: transfer.light_share, of: t, at-least: 30 % }
  - { metric: invariants.violations, equals: 0 }
`;

test('a transfer moves onto the path, and everything is routed when that is given back', async () => {
  const work = workFolder();
  writeScenario(work.path, 'hosts', SCENARIO);
  const done = await lightbedProcess(work.path, 'run', 'hosts', '--world', 'loopback', '--out', 'out');
  assert.is(done.code, 0, done.stdout + done.stderr);
  const trace = readFileSync(join(work.path, 'out/trace.jsonl'), 'utf8').split('\n');
  const turns = trace.filter((line) => /"traffic\.(steered|routed)"/.test(line));
  assert.is(turns.length, 4, turns.join('\n'));
  work.remove();
});

test.run();
