// Runs in which light leaves the last switch and does not reach its host: of hosts with a daemon and without.

import { assert, suite } from '../../scripts/testing/suite.ts';
import type { TraceRecord } from '../engine/trace.ts';
import { loadScenario } from './load.ts';
import { type RunResult, run } from './run.ts';

const test = suite('hosts in the dark');

interface Play {
  readonly daemons: boolean;
  /** Another transceiver of the host on the right. */
  readonly second?: boolean;
  readonly timeline: readonly string[];
}

const textOf = ({ daemons, second, timeline }: Play): string => `scenario: small
title: Two hosts, one cut near one of them
duration: 12 s
sites:
  here: { title: Here }
  there: { title: There }
switches:
  s1: { site: here, family: glimmerglass, ports: 8 }
  s2: { site: there, family: calient, ports: 8 }
hosts:
  left: { site: here, disk: { read: 1 GB/s, write: 1 GB/s }, transceiver: &t { power: 0 dBm, sensitivity: -24 dBm, power-on: 50 ms, capacity: 1 Gb/s }${daemons ? ', routed: &r { capacity: 1 Gb/s }, daemon: true' : ''} }
  right: { site: there, disk: { read: 1 GB/s, write: 1 GB/s }, transceiver: *t${daemons ? ', routed: *r, daemon: true' : ''} }
fibres:
  l: { between: [left, s1/1], length: 1 km, loss: 1 dB }
  r: { between: [s2/10.1a.1, right], length: 1 km, loss: 1 dB }
${second ? '  r2: { between: [s2/10.1a.3, right/2], length: 1 km, loss: 1 dB }' : ''}
  one: { between: [s1/2, s2/10.1a.2], length: 100 km, loss: 1 dB }
data-links:
  lambda: { between: [left, right], queue: 4 MB, mtu: 1500 B }
control-links:
  c: { between: [here, there], delay: 2 ms, capacity: 10 Gb/s }
provisioning: { power-poll: 100 ms }
timeline:
  - { at: 0.5 s, request: { path: p, from: left, to: right } }
${timeline.map((line) => `  - { ${line} }`).join('\n')}
expect:
  - { metric: path.up_at_end, of: p, equals: 1 }
  - { metric: invariants.violations, equals: 0 }
`;

const play = (o: Play): Promise<RunResult> =>
  run(loadScenario('small.yaml', textOf(o)), {
    world: 'virtual',
    ...{ folder: '', version: 'test', file: 'small.yaml' },
  });

const kinds = ({ records }: RunResult, kind: string): readonly TraceRecord[] =>
  records.filter((record) => record.kind === kind);
const valuesOf = (result: RunResult, metric: string): (number | null)[] =>
  result.measured.values.filter((each) => each.metric === metric).map(({ value }) => value);

for (const daemons of [false, true]) {
  const who = daemons ? 'daemons' : 'no daemons';

  test(`with ${who}, a cut of one direction towards a host with two transceivers moves its path to the other`, async () => {
    const cut = 'at: 4 s, cut: { fibre: r, direction: a-to-b }';
    const result = await play({ daemons, second: true, timeline: [cut] });
    assert.equal(result.violations, []);
    assert.ok(result.isMet);
    assert.equal(kinds(result, 'path.up').at(-1)?.fields['fibres'], ['l', 'one', 'r2']);
    assert.equal(
      kinds(result, 'loss.located').map((r) => r.fields['fibres']),
      [['r']],
    );
    const [light] = valuesOf(result, 'reroute.light');
    assert.ok((light ?? 0) > 0 && (light ?? 0) < 1e9, `${light}`);
    assert.equal(valuesOf(result, 'path.downs'), [0]);
  });

  test(`with ${who}, a host with one transceiver has its path DOWN until the fibre is mended, and for no longer`, async () => {
    const cut = 'at: 4 s, cut: { fibre: r, direction: a-to-b, for: 4 s }';
    const result = await play({ daemons, timeline: [cut] });
    assert.equal(result.violations, []);
    assert.ok(result.isMet);
    const [down] = kinds(result, 'path.down');
    assert.match(String(down?.fields['reason']), /no light reaches right \(fibre r\)/);
    assert.ok((down?.at ?? 0) < 4.6e9);
    const back = kinds(result, 'path.up').at(-1)?.at ?? 0;
    assert.ok(back > 8e9 && back < 9e9, `${back}`);
    assert.equal(kinds(result, 'reroute.started'), []);
  });
}

test('the far transmitter of a host in the dark is to blame where no switch sees it, and no fibre', async () => {
  const result = await play({
    daemons: false,
    second: true,
    timeline: ['at: 4 s, dark: { host: left, for: 4 s }'],
  });
  assert.equal(result.violations, []);
  assert.ok(result.isMet);
  assert.equal(kinds(result, 'loss.located'), []);
  assert.equal(kinds(result, 'reroute.started'), []);
});

test('a host whose words do not get through has its path up in the dark, which the run counts', async () => {
  const cut = 'at: 4 s, cut: { fibre: r, direction: a-to-b }';
  const away = 'at: 3 s, partition: { machines: [right-control] }';
  const result = await play({ daemons: false, second: true, timeline: [away, cut] });
  assert.equal(
    result.violations.map(({ checker }) => checker),
    ['up-is-lit'],
  );
});

test.run();
