// Circuit nodes, spans and circuits in scenario files: each single mistake is found, at its place.

import { assert, suite } from '../../scripts/testing/suite.ts';
import { ScenarioError } from './errors.ts';
import { loadScenario } from './load.ts';
import { mistakes } from './problems.fixture.ts';

const test = suite('circuits in scenario files');

const GOOD = `scenario: small
title: Two hosts on a circuit
duration: 60 s
sites:
  here: { title: Here }
circuit-nodes:
  gva: { site: here, oc-ports: { 1-A-1-1: oc-48, 1-A-2-1: oc-12 }, ethernet-ports: { 1-A-3-1-1: 1 Gb/s, 1-A-3-1-2: 1 Gb/s } }
  nyc: { site: here, oc-ports: { 1-A-1-1: oc-48 }, ethernet-ports: { 1-A-3-1-1: 10 Gb/s } }
  chi: { site: here, oc-ports: { 1-A-1-1: oc-3 }, ethernet-ports: { 1-A-3-1-1: 10 Gb/s } }
spans:
  atlantic: { between: [gva/1-A-1-1, nyc/1-A-1-1], length: 8000 km }
hosts:
  left: { site: here, disk: { read: 1 MB/s, write: 1 MB/s }, ethernet-port: gva/1-A-3-1-1 }
  right: { site: here, disk: { read: 1 MB/s, write: 1 MB/s }, ethernet-port: nyc/1-A-3-1-1 }
  lonely: { site: here, disk: { read: 1 MB/s, write: 1 MB/s }, ethernet-port: chi/1-A-3-1-1 }
  lit: { site: here, disk: { read: 1 MB/s, write: 1 MB/s }, transceiver: { power: 0 dBm, sensitivity: -24 dBm, power-on: 50 ms, capacity: 10 Gb/s } }
data-links:
  ride: { between: [right, left], circuit: vc, queue: 1 MB, mtu: 9000 B }
timeline:
  - { at: 1 s, create-circuit: { circuit: vc, from: left, to: right, sts1: 21 } }
  - { at: 30 s, cut: { span: atlantic } }
  - { at: 31 s, repair: { span: atlantic } }
  - { at: 32 s, cut: { span: atlantic, slots: [1, 2] } }
  - { at: 40 s, delete-circuit: { circuit: vc } }
  - { at: 41 s, create-circuit: { circuit: vc, from: right, to: left, rate: 100 Mb/s } }
expect:
  - { metric: circuit.setup, of: vc, at-most: 20 s }
`;

const load = (text: string) => loadScenario('scenarios/small/scenario.yaml', text);

/** Each is one mistake: a passage of the good file, what stands there instead, the line, and what is said of it. */
const MISTAKES: readonly (readonly [passage: string, replacement: string, line: number, says: RegExp])[] = [
  ['gva: { site: here', 'gva: { site: there', 7, /"there", which is not a site/],
  ['1-A-2-1: oc-12', '1-A-2-1: oc-13', 7, /"oc-13", expected one of oc-3, oc-12, oc-48, oc-192/],
  ['1-A-2-1: oc-12', '1-a-2-1: oc-12', 7, /"1-a-2-1", expected the AID of a port, as 1-A-1-1/],
  ['1-A-3-1-2: 1 Gb/s', '1-A-3-1: 1 Gb/s', 7, /"1-A-3-1", expected the AID of a port, as 1-A-3-1-1/],
  ['oc-ports: { 1-A-1-1: oc-3 }', 'oc-ports: {}', 9, /a map, expected a map from AIDs of ports/],
  [
    'gva/1-A-1-1, nyc',
    'gva/1-A-1-9, nyc',
    11,
    /"gva\/1-A-1-9", expected an OC-n port of gva: 1-A-1-1, 1-A-2-1/,
  ],
  ['gva/1-A-1-1, nyc/', 'gvb/1-A-1-1, nyc/', 11, /"gvb", which is not a circuit node/],
  ['gva/1-A-1-1, nyc/', 'gva, nyc/', 11, /"gva", expected a port of a circuit node as "node\/port"/],
  ['nyc/1-A-1-1], length', 'gva/1-A-2-1], length', 11, /"gva\/1-A-2-1", expected a port of another node/],
  [
    'spans:\n',
    'spans:\n  pacific: { between: [gva/1-A-1-1, chi/1-A-1-1], length: 1 km }\n',
    12,
    /"gva\/1-A-1-1" again, expected a port without a span: "pacific" in line 11 has it/,
  ],
  ['ethernet-port: gva/1-A-3-1-1', 'ethernet-port: gva/1-A-1-1', 13, /expected an Ethernet port of gva/],
  [
    'ethernet-port: chi/1-A-3-1-1',
    'ethernet-port: gva/1-A-3-1-1',
    15,
    /"gva\/1-A-3-1-1" again, expected a port without a host: "left" in line 13 has it/,
  ],
  [
    'data-links:\n',
    'fibres:\n  f: { between: [left, lit], length: 1 km, loss: 1 dB }\ndata-links:\n',
    18,
    /"left", a host without a transceiver/,
  ],
  [
    ', circuit: vc, queue',
    ', queue',
    18,
    /"right", a host without a transceiver, expected a host that has light/,
  ],
  ['circuit: vc, queue', 'circuit: vd, queue', 18, /"vd", which is not a circuit created in the timeline/],
  [
    '[right, left]',
    '[lonely, left]',
    18,
    /"vc", a circuit between left and right, expected a circuit between lonely and left/,
  ],
  ['from: left, to: right', 'from: lit, to: right', 20, /"lit", a host without an ethernet-port/],
  ['from: left, to: right', 'from: leff, to: right', 20, /"leff", which is not a host/],
  ['from: left, to: right', 'from: left, to: left', 20, /"left" twice/],
  ['sts1: 21', 'sts1: 193', 20, /expected a whole number from 1 to 192/],
  ['sts1: 21', 'sts1: 21, rate: 1 Gb/s', 20, /a rate twice, expected either rate or sts1/],
  [', sts1: 21', '', 20, /no rate, expected either rate or sts1/],
  ['cut: { span: atlantic }', 'cut: { span: atlantik }', 21, /"atlantik", which is not a span/],
  ['cut: { span: atlantic }', 'cut: { span: atlantic, fibre: f }', 21, /a fibre and a span/],
  ['repair: { span: atlantic }', 'repair: { fibre: atlantic }', 22, /"atlantic", which is not a fibre/],
  ['slots: [1, 2]', 'slots: [1, 49]', 23, /time slot 49, expected one from 1 to 48/],
  ['delete-circuit: { circuit: vc }', 'delete-circuit: { circuit: vx }', 24, /"vx", which is not a circuit/],
  ['at: 40 s', 'at: 0.5 s', 24, /a delete-circuit of "vc" with no create-circuit before it/],
  ['at: 40 s', 'at: 42 s', 25, /"vc" again, expected another name, or a delete-circuit after line 20/],
  ['rate: 100 Mb/s', 'rate: 10 Gb/s', 25, /200 STS-1, expected at most 192 STS-1/],
  ['of: vc', 'of: vz', 27, /"vz", which is not a circuit of the timeline/],
  [
    'cut: { span: atlantic } }',
    'fault: { device: nyc, kind: stuck-power } }',
    21,
    /stuck-power at nyc, a circuit node, expected a fault at commands: it has neither mirrors/,
  ],
  [
    'cut: { span: atlantic } }',
    'fault: { device: gva, kind: flap, port: 1, every: 1 s } }',
    21,
    /flap at gva, a circuit node, expected a fault at commands/,
  ],
  [
    'cut: { span: atlantic } }',
    'fault: { device: nyx, kind: interleave } }',
    21,
    /"nyx", which is not a switch or a circuit node/,
  ],
  [
    'cut: { span: atlantic } }',
    'reboot: { device: atlantic } }',
    21,
    /"atlantic", which is not a switch or a circuit node/,
  ],
  [
    'cut: { span: atlantic } }',
    'connect: { device: nyc, input: 1, output: 2 } }',
    21,
    /"nyc", which is not a switch/,
  ],
];

test('the good file loads', () => {
  const s = load(GOOD);
  assert.is(s.circuitNodes[0]?.ocPorts[1]?.level, 'oc-12');
  assert.equal(s.spans[0]?.between[1], { node: 'nyc', port: '1-A-1-1' });
  assert.equal(s.timeline[3]?.action, { kind: 'cut', span: 'atlantic', slots: [1, 2] });
});

for (const [passage, replacement, line, says] of MISTAKES)
  test(`${replacement.trim().split('\n').at(-1)} is a mistake in line ${line}`, () => {
    assert.ok(GOOD.includes(passage), passage);
    let found: unknown;
    try {
      load(GOOD.replace(passage, replacement));
    } catch (error) {
      found = error;
    }
    if (!(found instanceof ScenarioError)) throw found ?? new Error('it loads');
    const [first] = found.problems;
    assert.ok(
      found.problems.some((p) => p.line === line && says.test(`${p.found}, expected ${p.expected}`)),
      found.message,
    );
    assert.ok(first !== undefined);
  });

test('a circuit to a node that no spans lead to cannot be', () => {
  const text = GOOD.replace('from: left, to: right', 'from: left, to: lonely').replace(
    '[right, left]',
    '[lonely, left]',
  );
  assert.match(
    mistakes(() => load(text))?.message ?? 'it loads',
    /"lonely" at node chi, to which no spans lead from gva/,
  );
});

test('a host needs light or an Ethernet port', () => {
  const text = GOOD.replace(', ethernet-port: chi/1-A-3-1-1', '');
  assert.match(
    mistakes(() => load(text))?.message ?? 'it loads',
    /15:3: found "lonely", a host without light and without an Ethernet port/,
  );
});

test.run();
