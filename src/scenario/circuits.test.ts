// The scenario of a virtual circuit, and small changes of it, in virtual time.

import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { assert, suite } from '../../scripts/testing/suite.ts';
import { seconds } from '../core/time.ts';
import { goodputSeries, meanGoodput } from './goodput.ts';
import { loadScenario } from './load.ts';
import { type RunResult, run } from './run.ts';

const test = suite('circuits in scenarios');

const FILE = 'scenarios/virtual-circuit/scenario.yaml';
const TEXT = readFileSync(FILE, 'utf8');

function play(...changes: readonly (readonly [passage: string, replacement: string])[]): Promise<RunResult> {
  let text = TEXT;
  for (const [passage, replacement] of changes) {
    assert.ok(text.includes(passage), passage);
    text = text.replace(passage, replacement);
  }
  return run(loadScenario(FILE, text), { world: 'virtual', folder: tmpdir(), version: 'test', file: FILE });
}

/** Mean goodput in bytes per second between two seconds of the run. */
function goodput({ records }: RunResult, from: number, to: number): number {
  const at = (s: number) => seconds(s) as number as Parameters<typeof meanGoodput>[1];
  return meanGoodput(goodputSeries(records, 'dataset'), at(from), at(to)) ?? 0;
}

const bandwidths = ({ records }: RunResult): unknown[] =>
  records.filter((r) => r.kind === 'circuit.carried').map((r) => r.fields['bandwidth_bps']);

/** So many STS-1, of 9621.5 / 192 Mb/s each. */
const sts1 = (n: number): number => Math.round((n * 9621.5e6) / 192);

const NO_TRANSFER = [/ {2}- \{ at: 10 s, transfer.*\n/.exec(TEXT)?.[0] ?? '', ''] as const;

test('a cut span takes its members out of the group, the transfer slows, and comes back without a hit', async () => {
  const result = await play();
  assert.is(result.isMet, true, JSON.stringify(result.verdicts.filter((v) => !v.isMet)));
  assert.equal(bandwidths(result), [sts1(52), 0, sts1(4), sts1(52), 0]);
  const [before, meanwhile, after] = [
    goodput(result, 11, 14),
    goodput(result, 15, 21),
    goodput(result, 22, 23.5),
  ];
  assert.ok(before > 55e6 && before < 65e6, `${before}`);
  assert.ok(meanwhile < sts1(4) / 8 && meanwhile > 10e6, `${meanwhile}`);
  assert.ok(after > 50e6, `${after}`);
  const kinds = result.records.filter((r) => r.kind.startsWith('link.')).map((r) => r.kind);
  assert.equal(kinds, ['link.up', 'link.down', 'link.up', 'link.changed', 'link.down']);
});

test('the delay of the link is that of the longest way that a member takes', async () => {
  const up = (await play(NO_TRANSFER)).records.find((r) => r.kind === 'link.up');
  assert.is(up?.fields['delay_ns'], Math.round((9500e3 / 204e6) * 1e9));
  const small = await play(NO_TRANSFER, ['sts1: 52', 'rate: 1 Gb/s']);
  const direct = small.records.find((r) => r.kind === 'link.up');
  assert.is(direct?.fields['delay_ns'], Math.round((8700e3 / 204e6) * 1e9));
  assert.is(direct?.fields['capacity_bps'], sts1(20));
});

test('single time slots fail and come back', async () => {
  const result = await play(
    NO_TRANSFER,
    ['cut: { span: north }', 'cut: { span: north, slots: [1, 2, 3] }'],
    ['repair: { span: north }', 'repair: { span: north, slots: [1, 3] }'],
  );
  assert.equal(bandwidths(result), [sts1(52), 0, sts1(49), sts1(51), 0]);
});

test('a circuit that finds no room fails, and says why; its link never comes up', async () => {
  const result = await play(
    NO_TRANSFER,
    ['sts1: 52', 'sts1: 97'],
    ['  - { at: 32 s, delete', '  - { at: 20 s, delete'],
  );
  const failed = result.records.find((r) => r.kind === 'circuit.failed');
  assert.match(String(failed?.fields['reason']), /SARB/);
  assert.equal(bandwidths(result), []);
  assert.not(result.isMet);
  assert.is(result.measured.values.find((v) => v.metric === 'circuit.setup')?.value, null);
});

test('nodes that restart keep the circuit, and the driver deletes it afterwards', async () => {
  const result = await play(
    NO_TRANSFER,
    ['at: 32 s', 'at: 26 s'],
    [
      'timeline:\n',
      'timeline:\n  - { at: 12 s, crash: { machine: gva } }\n  - { at: 20 s, restart: { machine: gva } }\n',
    ],
  );
  assert.equal(bandwidths(result), [sts1(52), 0, sts1(4), sts1(52), 0]);
  assert.is(result.records.filter((r) => r.kind === 'circuit.deleted').length, 1);
});

test('the counters of the Ethernet ports follow the traffic of the data link, headers included', async () => {
  const counted = (await play()).records.filter((r) => r.kind === 'ettp.counted');
  assert.equal(
    counted.map((r) => r.fields['node']),
    ['GVA', 'NYC'],
  );
  const [gva, nyc] = counted.map((r) => r.fields);
  assert.is(gva?.['received_octets'], nyc?.['sent_octets']);
  assert.is(gva?.['sent_octets'], nyc?.['received_octets']);
  // 540 MB in frames of 9,018 octets with 8,948 of payload or so; retransmissions come on top.
  const there = Number(gva?.['received_octets']);
  assert.ok(there > 540e6 * 1.005 && there < 540e6 * 1.25, `${there}`);
  const back = Number(gva?.['sent_octets']);
  assert.ok(back > 100e3 && back < 30e6, `${back}`);
  const idle = (await play(NO_TRANSFER)).records.find((r) => r.kind === 'ettp.counted');
  assert.is(idle?.fields['received_octets'], 0);
});

test('the same run has the same trace', async () => {
  const hashes = new Set([(await play(NO_TRANSFER)).hash, (await play(NO_TRANSFER)).hash]);
  assert.is(hashes.size, 1);
});

test.run();
