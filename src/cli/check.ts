// `lightbed check`: any number of scenarios for continuous integration. Every one is run, whatever happens to
// the others; the verdicts go to the terminal and to a JUnit file.

import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { CommandModule } from 'yargs';
import { formatBound, formatMeasure, formatSubject } from '../report/format.ts';
import { junitXml, type RunFailure } from '../report/junit.ts';
import type { RunReport } from '../report/run-report.ts';
import { ScenarioError } from '../scenario/errors.ts';
import { WORLD_NAMES } from '../scenario/worlds/world.ts';
import { execute } from './execute.ts';
import { EXIT_FAILED, EXIT_OK, EXIT_USAGE, UsageError } from './exit-code.ts';
import { defaultResults, reportFor, writeResults } from './results.ts';
import { readScenario } from './scenario-file.ts';

interface CheckArguments {
  scenarios: string[];
  world: (typeof WORLD_NAMES)[number];
  seed: string | undefined;
  junit: string;
}

type Checked =
  | { readonly kind: 'ran'; readonly report: RunReport }
  | { readonly kind: 'stopped' | 'unreadable'; readonly failure: RunFailure };

export const checkCommand: CommandModule<object, CheckArguments> = {
  command: 'check <scenarios..>',
  describe: 'run scenarios for CI: JUnit XML, and an exit code of 1 if any expectation fails',
  builder: (yargs) =>
    yargs
      .positional('scenarios', {
        type: 'string',
        array: true,
        demandOption: true,
        describe: 'folders or files',
      })
      .option('world', {
        choices: WORLD_NAMES,
        default: 'virtual' as const,
        describe: 'what stands behind the names',
      })
      .option('seed', { type: 'string', describe: "instead of the scenarios' own" })
      .option('junit', {
        type: 'string',
        default: 'results/junit.xml',
        describe: 'where the JUnit XML goes',
      }),
  handler: async (args) => {
    const checked: Checked[] = [];
    for (const scenario of args.scenarios) {
      const outcome = await checkOne(scenario, args);
      show(scenario, outcome);
      checked.push(outcome);
    }
    const reports = checked.flatMap((c) => (c.kind === 'ran' ? [c.report] : []));
    const failures = checked.flatMap((c) => (c.kind === 'ran' ? [] : [c.failure]));
    mkdirSync(dirname(args.junit), { recursive: true });
    writeFileSync(args.junit, junitXml(reports, failures));
    const passed = reports.filter((r) => r.isPassed).length;
    console.log(`${passed} passed, ${checked.length - passed} failed; ${args.junit}`);
    process.exitCode = exitCode(checked);
  },
};

async function checkOne(scenario: string, { world, seed }: CheckArguments): Promise<Checked> {
  try {
    const read = readScenario(scenario);
    const out = defaultResults(read.scenario.name, world);
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
