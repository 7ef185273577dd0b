// Hosts with daemons in scenario files: each single mistake is found, at its place.

import { assert, suite } from '../../scripts/testing/suite.ts';
import { ScenarioError } from './errors.ts';
import { loadScenario } from './load.ts';

const test = suite('daemons in scenario files');

const HOST = 'site: here, disk: { read: 1 MB/s, write: 1 MB/s }';
const GOOD = `scenario: small
title: Two hosts with daemons
duration: 60 s
sites:
  here: { title: Here }
switches:
  s1: { site: here, family: calient, ports: 4 }
hosts:
  left: { ${HOST}, transceiver: &t { power: 0 dBm, sensitivity: -24 dBm, power-on: 50 ms, capacity: 10 Gb/s }, routed: { capacity: 1 Gb/s }, daemon: true }
  right: { ${HOST}, transceiver: *t, daemon: { agents: [s1], grace: 5 s } }
  plain: { ${HOST}, transceiver: *t }
fibres:
  l: { between: [left, s1/10.1a.1], length: 1 km, loss: 1 dB }
  r: { between: [right, s1/10.1a.2], length: 1 km, loss: 1 dB }
  p: { between: [plain, s1/10.1a.3], length: 1 km, loss: 1 dB }
data-links:
  lambda: { between: [left, right], queue: 1 MB, mtu: 1500 B }
timeline:
  - { at: 1 s, request: { path: x, from: left, to: right, detached: true } }
  - { at: 2 s, crash: { machine: right-control, for: 1 s } }
  - { at: 3 s, request: { path: y, from: plain, to: right } }
`;

const load = (text: string) => loadScenario('scenarios/small/scenario.yaml', text);

/** Each is one mistake: a passage of the good file, what stands there instead, the line, and what is said of it. */
const MISTAKES: readonly (readonly [passage: string, replacement: string, line: number, says: RegExp])[] = [
  [', daemon: true }', ' }', 9, /a host on the routed network without a daemon/],
  ['daemon: true', 'daemon: yes', 9, /"yes", expected a map with agents, grace/],
  ['daemon: true', 'daemon: false', 9, /false, expected a map with agents, grace/],
  ['routed: { capacity: 1 Gb/s }', 'routed: {}', 9, /no "capacity"/],
  ['agents: [s1]', 'agents: [s2]', 10, /"s2", which is not a switch/],
  ['agents: [s1]', 'agents: []', 10, /an empty list/],
  ['grace: 5 s', 'grace: 0 s', 10, /at least 1 ms/],
  [
    'between: [left, right]',
    'between: [left, plain]',
    17,
    /"left", a host with a daemon, and "plain", one without/,
  ],
  ['detached: true', 'agent: s1', 19, /"s1" to be asked, beside a daemon/],
  ['machine: right-control', 'machine: plain-control', 20, /"plain-control", which is not a machine/],
  ['from: plain, to: right', 'from: plain, to: right, detached: true', 21, /a request that is to outlive/],
];

test('a good file loads, with what it leaves open', () => {
  const [left, right] = load(GOOD).hosts;
  assert.is(left?.routed?.queue, 16e6);
  assert.equal(left?.daemon, {});
  assert.equal(right?.daemon, { agents: ['s1'], grace: 5e9 });
});

test('each mistake is said once, where it stands', () => {
  for (const [passage, replacement, line, says] of MISTAKES) {
    assert.ok(GOOD.includes(passage), passage);
    try {
      load(GOOD.replace(passage, replacement));
      assert.unreachable(`${replacement} loads`);
    } catch (error) {
      assert.instance(error, ScenarioError);
      const { message } = error as ScenarioError;
      assert.match(message, says);
      assert.match(message, new RegExp(`:${line}:`));
      assert.is(message.split('\n').filter((each) => /:\d+:\d+/.test(each)).length, 1, message);
    }
  }
});

test.run();
