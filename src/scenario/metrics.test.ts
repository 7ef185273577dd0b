// Metrics and verdicts on a written record of a run, where every value can be counted by hand.

import { assert, suite } from '../../scripts/testing/suite.ts';
import { type Duration, type Instant, instant, ms, seconds } from '../core/time.ts';
import type { TraceRecord } from '../engine/trace.ts';
import { cutStages } from './cut-stages.ts';
import { goodputSeries, meanGoodput, timeBack } from './goodput.ts';
import { judge } from './judge.ts';
import type { Measured } from './metrics.ts';
import { RecordIndex } from './record-index.ts';
import type { Expectation } from './schema.ts';

const test = suite('metrics');

const record = (atMs: number, kind: string, fields: TraceRecord['fields']): TraceRecord => ({
  at: instant(atMs * 1e6),
  where: 'test',
  kind,
  fields,
});

/** 100 B/ms until `stopMs`, nothing until `goMs`, then 100 B/ms again; a sample every 100 ms. */
function interrupted(stopMs: number, goMs: number, endMs: number): TraceRecord[] {
  return Array.from({ length: endMs / 100 }, (_, i) => {
    const at = (i + 1) * 100;
    const useful = Math.min(at, stopMs) + Math.max(0, at - goMs);
    return record(at, 'goodput.sampled', { transfer: 't', bytes: useful * 100, streams: [] });
  });
}

const cutRun: TraceRecord[] = [
  record(100, 'path.requested', { path: 'p', from: 'a', to: 'b' }),
  record(600, 'path.up', { path: 'p', fibres: ['x', 'f', 'y'], revision: 1 }),
  record(20_000, 'fibre.cut', { fibre: 'f', direction: 'both' }),
  record(20_020, 'light.lost', { terminal: 'a' }),
  record(20_040, 'light.lost', { terminal: 'b' }),
  record(20_050, 'loss.detected', { path: 'p' }),
  record(20_100, 'reroute.decided', { path: 'p', revision: 2, fibres: ['x', 'g', 'y'] }),
  record(20_200, 'reroute.decided', { path: 'p', revision: 3, fibres: ['x', 'h', 'y'] }),
  record(20_300, 'transaction.locked', { path: 'p', revision: 3 }),
  record(20_350, 'light.restored', { terminal: 'a' }),
  record(20_400, 'light.restored', { terminal: 'b' }),
  record(20_450, 'transaction.committed', { path: 'p', revision: 3 }),
  record(20_500, 'path.up', { path: 'p', fibres: ['x', 'h', 'y'], revision: 3 }),
  record(30_000, 'fibre.cut', { fibre: 'unused', direction: 'both' }),
  record(40_000, 'fibre.cut', { fibre: 'h', direction: 'both' }),
  record(40_010, 'light.lost', { terminal: 'a' }),
];

test('the stages of a cut are those of the move that succeeded, counted from the cut', () => {
  const [first] = cutStages(new RecordIndex(cutRun));
  assert.equal(first?.stages, {
    detect: ms(50),
    decide: ms(200),
    lock: ms(300),
    switch: ms(450),
    light: ms(400),
    data: null,
    tcp: null,
  });
  assert.equal(first?.fibresBefore, ['x', 'f', 'y']);
  assert.equal(first?.fibresAfter, ['x', 'h', 'y']);
});

test('a cut of a fibre that no path uses has no stages, and an unrestored one has none after the loss', () => {
  const cuts = cutStages(new RecordIndex(cutRun));
  assert.equal(
    cuts.map((c) => c.cut),
    [1, 3],
  );
  assert.is(cuts[1]?.fibresAfter, null);
  assert.is(cuts[1]?.stages.light, null);
});

test('mean goodput is bytes over time between the samples', () => {
  const series = goodputSeries(interrupted(10_000, 12_000, 20_000), 't');
  assert.is(meanGoodput(series, instant(1e9), instant(9e9)), 100_000);
  assert.is(meanGoodput(series, instant(10.5e9), instant(11.5e9)), 0);
});

test('goodput is back when the last second reaches 90 % of the ten before the cut, never early', () => {
  const series = goodputSeries(interrupted(20_000, 22_000, 30_000), 't');
  const o = { cut: instant(20e9), from: instant(21e9), meanBeforeCut: seconds(10), shareBack: 0.9 };
  assert.is(timeBack(series, o), instant(22.9e9));
  const never = goodputSeries(interrupted(20_000, 60_000, 30_000), 't');
  assert.is(timeBack(never, o), null as Instant | null);
});

const expectation = (kind: 'at-most' | 'at-least' | 'equals', value: number): Expectation => ({
  metric: 'reroute.light',
  bound: { kind, value, text: String(value) },
  where: { line: 1, column: 1 },
});

const measured = (values: readonly (Duration | null)[]): Measured => ({
  cuts: [],
  values: values.map((value, i) => ({ metric: 'reroute.light', of: 'p', cut: i + 1, value })),
});

test('every value must hold the bound, and the worst is shown', () => {
  const [met] = judge([expectation('at-most', 5)], measured([3 as Duration, 5 as Duration]));
  assert.ok(met?.isMet);
  assert.is(met?.worst, 5);
  const [missed] = judge([expectation('at-most', 4)], measured([3 as Duration, 5 as Duration]));
  assert.not(missed?.isMet);
  const [low] = judge([expectation('at-least', 4)], measured([3 as Duration, 5 as Duration]));
  assert.not(low?.isMet);
  assert.is(low?.worst, 3);
  const [other] = judge([expectation('equals', 3)], measured([3 as Duration, 5 as Duration]));
  assert.not(other?.isMet);
});

test('a statistic is of the values that came', () => {
  const values = measured([...Array.from({ length: 99 }, (_, i) => (i + 1) as Duration), null]);
  const p95: Expectation = { ...expectation('at-most', 95), statistic: 'p95' };
  const [met] = judge([p95], values);
  assert.ok(met?.isMet);
  assert.is(met?.worst, 95);
  const [missed] = judge([{ ...expectation('at-most', 95), statistic: 'p99' }], values);
  assert.not(missed?.isMet);
  const [none] = judge([p95], measured([null]));
  assert.not(none?.isMet);
});

test('a cut that leaves a path DOWN says why, also when the path comes back later', () => {
  const down: TraceRecord[] = [
    ...cutRun.slice(0, 6),
    record(20_900, 'path.down', { path: 'p', kind: 'no-path', reason: 'no free fibres' }),
    record(60_000, 'path.up', { path: 'p', fibres: ['x', 'f', 'y'], revision: 4 }),
    record(60_000, 'light.restored', { terminal: 'a' }),
    record(60_000, 'light.restored', { terminal: 'b' }),
  ];
  const [cut] = cutStages(new RecordIndex(down));
  assert.is(cut?.reason, 'no free fibres');
  assert.is(cut?.stages.light, null);
});

test('a second cut during a reroute belongs to the first, and the new route is what is longer', () => {
  const lengths = new Map([
    ['x', 1],
    ['f', 10],
    ['y', 1],
    ['h', 25],
  ]);
  const again = record(20_250, 'fibre.cut', { fibre: 'g', direction: 'both' });
  const run = [...cutRun.slice(0, 8), again, ...cutRun.slice(8, 13)];
  const cuts = cutStages(new RecordIndex(run), { lengths });
  assert.is(cuts.length, 1);
  assert.is(cuts[0]?.stages.light, ms(400));
  assert.is(cuts[0]?.extraLength, 15);
});

test('ten thousand paths and cuts are measured in one pass', () => {
  const n = 10_000;
  const each = (i: number, at: number): TraceRecord[] => [
    record(at, 'path.up', { path: `p${i}`, fibres: [`f${i}`], revision: 0 }),
    record(at, 'fibre.cut', { fibre: `f${i}`, direction: 'both' }),
    record(at, 'path.down', { path: `p${i}`, reason: 'cut' }),
  ];
  const run = Array.from({ length: n }, (_, i) => each(i, i)).flat();
  const began = process.cpuUsage();
  assert.is(cutStages(new RecordIndex(run)).length, n);
  const { user } = process.cpuUsage(began);
  assert.ok(user < 2e6, `${user} us of a processor`);
});

test('a value that never came, or nothing measured at all, holds no bound', () => {
  const [missing] = judge([expectation('at-most', 5)], measured([3 as Duration, null]));
  assert.not(missing?.isMet);
  assert.is(missing?.reason, 'never happened (p, cut 2)');
  const [none] = judge([expectation('at-most', 5)], measured([]));
  assert.not(none?.isMet);
});

test.run();
