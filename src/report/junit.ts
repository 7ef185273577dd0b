// JUnit XML, which continuous-integration servers show: a suite for each run, a case for each expectation.

import { formatBound, formatMeasure, formatSubject } from './format.ts';
import type { ExpectationReport, RunReport } from './run-report.ts';
import { element, escapeXml } from './xml.ts';

/** A scenario that could not be run: a bad file, or a run that broke off. */
export interface RunFailure {
  readonly scenario: string;
  readonly message: string;
}

export function junitXml(runs: readonly RunReport[], failures: readonly RunFailure[] = []): string {
  const suites = [...runs.map(runSuite), ...failures.map(failureSuite)];
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element('testsuites', { name: 'lightbed' }, ...suites)}\n`;
}

function runSuite(run: RunReport): string {
  const invariants = element(
    'testcase',
    { classname: run.scenario, name: 'invariants hold' },
    ...violations(run),
  );
  const cases = [...run.expectations.map((e) => expectationCase(run, e)), invariants];
  const failures = run.expectations.filter((e) => !e.isMet).length + (run.violations.length > 0 ? 1 : 0);
  return element(
    'testsuite',
    { name: run.scenario, tests: cases.length, failures, errors: 0, time: run.duration / 1e9 },
    element('properties', {}, ...properties(run)),
    ...cases,
  );
}

const properties = (run: RunReport): string[] =>
  Object.entries({
    scenario: run.scenario,
    seed: run.seed,
    version: run.version,
    world: run.world,
    trace: run.traceHash,
    replay: run.replay,
  }).map(([name, value]) => element('property', { name, value }));

function expectationCase(run: RunReport, e: ExpectationReport): string {
  const name = `${formatSubject(e)} ${formatBound(e.bound)}`;
  const measured = `measured ${formatMeasure(e.measured, e.dimension)}${e.reason === null ? '' : `: ${e.reason}`}`;
  const outcome = e.isMet
    ? element('system-out', {}, escapeXml(measured))
    : element(
        'failure',
        { message: `expected ${formatBound(e.bound)}, ${measured}` },
        escapeXml(`replay: ${run.replay}`),
      );
  return element('testcase', { classname: run.scenario, name }, outcome);
}

function violations(run: RunReport): string[] {
  if (run.violations.length === 0) return [];
  const text = run.violations.map((v) => `${v.at / 1e9} s ${v.checker}: ${v.text}`).join('\n');
  return [
    element(
      'failure',
      { message: `${run.violations.length} broken` },
      escapeXml(`${text}\nreplay: ${run.replay}`),
    ),
  ];
}

const failureSuite = ({ scenario, message }: RunFailure): string =>
  element(
    'testsuite',
    { name: scenario, tests: 1, failures: 0, errors: 1 },
    element(
      'testcase',
      { classname: scenario, name: 'runs' },
      element('error', { message: firstLine(message) }, escapeXml(message)),
    ),
  );

const firstLine = (text: string): string => text.split('\n')[0] ?? '';
