import { assert, suite } from '../../scripts/testing/suite.ts';
import { bitsPerSecond, bytes } from '../core/quantity.ts';
import { instant } from '../core/time.ts';
import { circuitsCsv, cutsCsv, expectationsCsv, goodputCsv, recoveryCsv, transfersCsv } from './csv.ts';
import type { TransferReport } from './run-report.ts';
import { summaryJson } from './summary-json.ts';
import { sampleReport } from './testing/sample-report.ts';

const test = suite('csv');

test('headers name units last, and every row names the run', () => {
  const [header, first, ...others] = cutsCsv(sampleReport()).trimEnd().split('\n');
  assert.is(
    header,
    'scenario,seed,version,world,cut,at_s,fibre,direction,path,fibres_before,fibres_after,detect_ms,decide_ms,lock_ms,switch_ms,light_ms,data_ms,tcp_ms,extra_length_m,reason',
  );
  assert.is(
    first,
    'fibre-cut-cern-caltech,45,0.1.0+ad2f951,virtual,1,120,atlantic-1,both,main,cern-access atlantic-1 chicago-pasadena caltech-access,cern-access atlantic-2 new-york-chicago chicago-pasadena caltech-access,84,85,322,452,603,603,3900,612000,',
  );
  assert.is(others.length, 3);
});

test('every row has as many cells as the header, whatever is missing', () => {
  const cut = sampleReport().cuts[0];
  const none = { detect: null, decide: null, lock: null, switch: null, light: null, data: null, tcp: null };
  const report = sampleReport({
    cuts: cut === undefined ? [] : [{ ...cut, path: null, fibresAfter: null, stages: none }],
  });
  for (const text of [
    cutsCsv(report),
    recoveryCsv(report),
    transfersCsv(report),
    expectationsCsv(report),
    goodputCsv(report),
  ]) {
    const widths = new Set(
      text
        .trimEnd()
        .split('\n')
        .map((row) => row.split(',').length),
    );
    assert.is(widths.size, 1, text.slice(0, 400));
  }
});

test('a reason with commas, quotes and line ends stays one cell', () => {
  const transfer = {
    ...sampleReport().transfers[0],
    outcome: 'failed',
    reason: 'no, "really"\nno',
  } as TransferReport;
  const text = transfersCsv(sampleReport({ transfers: [transfer] }));
  assert.ok(text.includes(',failed,"no, ""really""\nno",'));
});

test('samples of goodput are running totals of bytes', () => {
  const rows = goodputCsv(sampleReport()).trimEnd().split('\n');
  assert.is(rows.length, (sampleReport().transfers[0]?.series.at.length ?? 0) + 1);
  assert.match(rows.at(-1) ?? '', /,dataset,[\d.]+,120000000000$/);
});

test('what a circuit can carry has a row for each change', () => {
  const steps = [10, 0].map((s) => ({ at: instant(s * 1e9), bandwidth: bitsPerSecond(s * 5e7) }));
  const rows = circuitsCsv(sampleReport({ circuits: [{ name: 'vc-1', steps }] }))
    .trimEnd()
    .split('\n');
  assert.match(rows[0] ?? '', /,circuit,at_s,bandwidth_bps$/);
  assert.match(rows[1] ?? '', /,vc-1,10,500000000$/);
  assert.is(rows.length, 3);
});

test('the JSON summary holds the same figures, and the same text twice', () => {
  const summary = JSON.parse(summaryJson(sampleReport()));
  assert.is(summary.cuts[2].light_ms, 662);
  assert.is(summary.transfers[0].delivered_bytes, bytes(120e9));
  assert.is(summary.expectations[0].unit, 'ns');
  assert.is(summary.is_passed, true);
  assert.is(summaryJson(sampleReport()), summaryJson(sampleReport()));
});

test.run();
