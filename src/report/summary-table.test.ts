import { assert, suite } from '../../scripts/testing/suite.ts';
import { instant } from '../core/time.ts';
import type { CutReport, ExpectationReport } from './run-report.ts';
import { summaryJson } from './summary-json.ts';
import { summaryTable } from './summary-table.ts';
import { sampleReport } from './testing/sample-report.ts';
import { textTable } from './text-table.ts';

const test = suite('summary table');

const expectation = sampleReport().expectations[0] as ExpectationReport;

test('columns line up, numbers to the right, without spaces at the ends of lines', () => {
  const table = textTable(
    [
      { title: 'name', align: 'left' },
      { title: 'n', align: 'right' },
      { title: '', align: 'left' },
    ],
    [
      ['a', '1', ''],
      ['long name', '100', ''],
    ],
  );
  assert.is(table, 'name         n\n─────────  ───\na            1\nlong name  100');
});

test('a passing run shows cuts with stages, transfers and expectations', () => {
  const text = summaryTable(sampleReport());
  assert.match(
    text,
    /1 {2}120\.0 s {2}atlantic-1 .* 84 ms {3}85 ms {2}322 ms {2}452 ms {6}603 ms +603 ms {7}3\.90 s {2}atlantic-2/,
  );
  assert.match(text, /dataset .*completed .*120 GB .*4 of 4 .*205\.0 MB\/s/);
  assert.match(text, /pass {2}path\.setup +at most 1 s +412 ms/);
  assert.match(text, /PASSED: 6 of 6 expectations met/);
  for (const fact of [
    'fibre-cut-cern-caltech',
    'seed 45',
    '0.1.0+ad2f951',
    'world virtual',
    'replay: npx lightbed run',
  ])
    assert.ok(text.includes(fact), fact);
});

test('recovery is told as a distribution over all paths and cuts, with why some are not restored', () => {
  const { cuts } = sampleReport();
  const lost = { ...cuts[0], fibresAfter: null, extraLength: null, reason: 'no free fibres' } as CutReport;
  const text = summaryTable(sampleReport({ cuts: [...cuts, lost] }));
  assert.match(
    text,
    /Recovery: 4 of 5 paths hit by cuts have light again, 80\.0 % \(those that were DOWN first do not count\)\n/,
  );
  assert.match(summaryTable(sampleReport()), /paths hit by cuts have light again, 100\.0 %\n/);
  assert.match(text, /light back +4 +603 ms +662 ms +662 ms +662 ms/);
  assert.match(text, /extra length +4 +−612 km +612 km +612 km +612 km/);
  assert.match(text, /extra length, share +4 +−3\.6 % +3\.7 %/);
  assert.match(text, /not restored: no free fibres +1/);
  const { recovery } = JSON.parse(summaryJson(sampleReport({ cuts: [...cuts, lost] })));
  assert.is(recovery.restored_share, 0.8);
  assert.is(recovery.light_ms.p99, 662);
  assert.equal(recovery.not_restored, { 'no free fibres': 1 });
});

test('a failing run says FAIL at the expectation and at the end', () => {
  const expectations = [
    { ...expectation, isMet: false, measured: 2e9 },
    { ...expectation, measured: null, isMet: false, reason: 'never happened' },
  ];
  const text = summaryTable(sampleReport({ expectations, isPassed: false }));
  assert.match(text, /FAIL {2}path\.setup +at most 1 s +2\.00 s/);
  assert.match(text, /FAIL {2}path\.setup +at most 1 s +– +never happened/);
  assert.match(text, /FAILED: 0 of 2 expectations met/);
});

test('a broken invariant is shown with its time', () => {
  const violations = [
    { at: instant(5e9), checker: 'port-once', text: 'port 3 of gva is in two cross-connects' },
  ];
  assert.match(
    summaryTable(sampleReport({ violations })),
    /1 broken invariant\n\n {2}5\.0 s {2}port-once: port 3/,
  );
});

test('a run without cuts and transfers has no empty tables', () => {
  const text = summaryTable(sampleReport({ cuts: [], transfers: [], expectations: [] }));
  assert.not.match(text, /Transfers|Fibre cuts|Expectations\n/);
});

test.run();
