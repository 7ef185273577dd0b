// Runs any number of scenarios, whatever happens to the others: a line for each as it ends, the verdicts of all as JUnit.

import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { formatBound, formatMeasure, formatSubject } from '../report/format.ts';
import { junitXml, type RunFailure } from '../report/junit.ts';
import type { RunReport } from '../report/run-report.ts';
import { ScenarioError } from '../scenario/errors.ts';
import type { WorldName } from '../scenario/worlds/world.ts';
import { execute } from './execute.ts';
import { EXIT_FAILED, EXIT_OK, EXIT_USAGE, UsageError } from './exit-code.ts';
import { defaultResults, reportFor, writeResults } from './results.ts';
import { makeResultsFolder } from './results-folder.ts';
import { readScenario } from './scenario-file.ts';

export interface CheckOptions {
  readonly world: WorldName;
  readonly seed: string | undefined;
  /** Where the JUnit XML goes. */
  readonly junit: string;
  /** Of all results, a folder for each scenario in it; by default each goes to its own place. */
  readonly out?: string;
}

type Checked =
  | { readonly kind: 'ran'; readonly report: RunReport }
  | { readonly kind: 'stopped' | 'unreadable'; readonly failure: RunFailure };

export interface CheckedAll {
  readonly reports: readonly RunReport[];
  /** As it is said: how many passed, how many failed. */
  readonly count: string;
  readonly exitCode: number;
}

export async function checkScenarios(
  scenarios: readonly string[],
  options: CheckOptions,
): Promise<CheckedAll> {
  // Before the runs, which may be long: their outcome must have a place.
  makeResultsFolder(dirname(options.junit));
  const checked: Checked[] = [];
  for (const scenario of scenarios) {
    const outcome = await checkOne(scenario, options);
    show(scenario, outcome);
    checked.push(outcome);
  }
  const reports = checked.flatMap((c) => (c.kind === 'ran' ? [c.report] : []));
  const failures = checked.flatMap((c) => (c.kind === 'ran' ? [] : [c.failure]));
  writeFileSync(options.junit, junitXml(reports, failures));
  const passed = reports.filter((r) => r.isPassed).length;
  const count = `${passed} passed, ${checked.length - passed} failed; ${options.junit}`;
  return { reports, count, exitCode: exitCode(checked) };
}

async function checkOne(scenario: string, { world, seed, out: folder }: CheckOptions): Promise<Checked> {
  try {
    const read = readScenario(scenario);
    const out = folder === undefined ? defaultResults(read, world) : join(folder, read.scenario.name);
    const result = await execute(read, {
      world,
      ...(seed === undefined ? {} : { seed }),
      out,
      progress: null,
    });
    const report = reportFor(result, read);
    await writeResults(out, report, read);
    return { kind: 'ran', report };
  } catch (error) {
    const isInput = error instanceof ScenarioError || error instanceof UsageError;
    const message = error instanceof Error ? error.message : String(error);
    return { kind: isInput ? 'unreadable' : 'stopped', failure: { scenario, message } };
  }
}

function show(scenario: string, checked: Checked): void {
  if (checked.kind !== 'ran') {
    console.log(`FAIL ${scenario}\n${checked.failure.message}`);
    return;
  }
  const { report } = checked;
  console.log(
    `${report.isPassed ? 'ok  ' : 'FAIL'} ${report.scenario}: ${report.expectations.length} expectations`,
  );
  for (const e of report.expectations.filter((each) => !each.isMet)) {
    const measured = `${formatMeasure(e.measured, e.dimension)}${e.reason === null ? '' : ` (${e.reason})`}`;
    console.log(`     ${formatSubject(e)}: expected ${formatBound(e.bound)}, measured ${measured}`);
  }
  if (!report.isPassed) console.log(`     again: ${report.replay}`);
}

function exitCode(checked: readonly Checked[]): number {
  if (checked.some((c) => c.kind === 'unreadable')) return EXIT_USAGE;
  const isPassed = checked.every((c) => c.kind === 'ran' && c.report.isPassed);
  return isPassed ? EXIT_OK : EXIT_FAILED;
}
