import { assert, suite } from '../../scripts/testing/suite.ts';
import { instant } from '../core/time.ts';
import { junitXml } from './junit.ts';
import type { ExpectationReport } from './run-report.ts';
import { sampleReport } from './testing/sample-report.ts';
import { complaint } from './testing/well-formed.ts';

const test = suite('junit');

const count = (text: string, part: string): number => text.split(part).length - 1;

test('a run is a suite, an expectation a case, and the invariants one more', () => {
  const xml = junitXml([sampleReport()]);
  assert.is(complaint(xml), null);
  assert.match(xml, /<testsuite name="fibre-cut-cern-caltech" tests="7" failures="0" errors="0" time="660">/);
  assert.is(count(xml, '<testcase '), 7);
  for (const name of ['seed', 'version', 'world', 'replay', 'trace'])
    assert.ok(xml.includes(`<property name="${name}"`));
});

test('a failed expectation is a failure with its figures and its replay', () => {
  const failed = { ...(sampleReport().expectations[1] as ExpectationReport), isMet: false };
  const xml = junitXml([sampleReport({ expectations: [failed], isPassed: false })]);
  assert.match(xml, /failures="1"/);
  assert.match(xml, /<failure message="expected at most 1 s, measured 662 ms">replay: npx lightbed run/);
});

test('broken invariants are a failure', () => {
  const xml = junitXml([
    sampleReport({ violations: [{ at: instant(1e9), checker: 'port-once', text: 'a <b> & "c"' }] }),
  ]);
  assert.is(complaint(xml), null);
  assert.match(xml, /failures="1"/);
  assert.match(xml, /a &#60;b&#62; &#38; &#34;c&#34;/);
});

test('a scenario that could not run is an error', () => {
  const xml = junitXml([], [{ scenario: 'broken', message: 'scenario.yaml:3:1: found "x"\n  3 | <x>' }]);
  assert.is(complaint(xml), null);
  assert.match(xml, /errors="1".*<error message="scenario\.yaml:3:1: found &#34;x&#34;">/s);
});

test.run();
