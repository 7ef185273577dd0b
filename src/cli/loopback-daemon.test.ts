// Daemons of hosts in real time, over real sockets: a transfer begins on the routed network, moves onto light and off it.

import { assert, suite } from '../../scripts/testing/suite.ts';
import { workFolder, writeScenario } from './cli.fixture.ts';
import { conducted, DURATION, NEVER } from './conducted.fixture.ts';

const test = suite('daemons in the loopback world');

const SCENARIO = `scenario: hosts
title: Two hosts with daemons
duration: ${DURATION}
sites:
  here: { title: Here }
switches:
  s1: { site: here, family: glimmerglass, ports: 4 }
hosts:
  left: { site: here, disk: { read: 1 GB/s, write: 1 GB/s }, transceiver: &t { power: 0 dBm, sensitivity: -24 dBm, power-on: 50 ms, capacity: 1 Gb/s }, routed: &r { capacity: 4 Mb/s, queue: 100 kB }, daemon: true }
  right: { site: here, disk: { read: 1 GB/s, write: 1 GB/s }, transceiver: *t, routed: *r, daemon: true }
fibres:
  l: { between: [left, s1/1], length: 1 km, loss: 1 dB }
  r: { between: [right, s1/2], length: 1 km, loss: 1 dB }
data-links:
  lambda: { between: [left, right], queue: 1 MB, mtu: 1500 B }
provisioning: { patience: 60, lease: 10 min }
timeline:
  - { at: ${NEVER}, transfer: { name: t, from: left, to: right, size: 50 MB, streams: 2 } }
  - { at: ${NEVER}, request: { path: x, from: left, to: right } }
  - { at: ${NEVER}, release: { path: x } }
expect:
  - { metric: daemon.steered, of: x, at-most: ${DURATION} }
  - { metric: transfer.completed, equals: 1 }
  - { metric: transfer.stream_breaks, of: t, equals: 0 }
  - { metric: transfer.light_share, of: t, at-least: 30 % }
  - { metric: invariants.violations, equals: 0 }
`;
const [TRANSFER, REQUEST, RELEASE] = [0, 1, 2] as const;

const STEPS = [
  { after: [{ kind: 'tl1-session.opened' }], acts: [TRANSFER] },
  { after: [{ kind: 'transfer.started' }], acts: [REQUEST] },
  { after: [{ kind: 'traffic.steered', times: 2 }, { kind: 'transfer.completed' }], acts: [RELEASE] },
  { after: [{ kind: 'traffic.routed', times: 2 }], acts: [] },
];

test('a transfer moves onto the path, and everything is routed when that is given back', async () => {
  const work = workFolder();
  writeScenario(work.path, 'hosts', SCENARIO);
  const done = await conducted(work.path, 'hosts', STEPS);
  assert.is(done.code, 0, done.stdout + done.stderr);
  const turns = done.lines.filter(({ kind }) => kind === 'traffic.steered' || kind === 'traffic.routed');
  assert.is(turns.length, 4, JSON.stringify(turns));
  work.remove();
});

test.run();
