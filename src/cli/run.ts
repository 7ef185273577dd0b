// `lightbed run`: one scenario, with progress, tables, pictures and a verdict; or all of a folder, with one table.

import { basename, dirname, join } from 'node:path';
import type { CommandModule } from 'yargs';
import { overviewTable } from '../report/overview.ts';
import { summaryTable } from '../report/summary-table.ts';
import { WORLD_NAMES } from '../scenario/worlds/world.ts';
import { checkScenarios } from './check-scenarios.ts';
import { execute } from './execute.ts';
import { EXIT_FAILED, EXIT_OK, UsageError } from './exit-code.ts';
import { defaultResults, reportFor, writeResults } from './results.ts';
import { readScenario, scenariosIn, withFaults } from './scenario-file.ts';
import { checkSeed } from './seed.ts';

interface RunArguments {
  scenario: string;
  world: (typeof WORLD_NAMES)[number];
  seed: string | undefined;
  faults: string | undefined;
  out: string | undefined;
}

export const runCommand: CommandModule<object, RunArguments> = {
  command: 'run <scenario>',
  describe: 'run a scenario, or all of a folder, and write the results',
  builder: (yargs) =>
    yargs
      .positional('scenario', {
        type: 'string',
        demandOption: true,
        describe: 'folder, file, or name under scenarios/; of a folder with several files, all',
      })
      .option('world', {
        choices: WORLD_NAMES,
        default: 'virtual' as const,
        describe: 'what stands behind the names',
      })
      .option('seed', { type: 'string', describe: "instead of the scenario's own" })
      .option('faults', {
        type: 'string',
        describe: "file of a schedule, as explore writes it: played in place of the scenario's timeline",
      })
      .option('out', { type: 'string', describe: 'results folder (default: results/<scenario>)' }),
  handler: async (args) => {
    const { scenario, faults, world } = args;
    checkSeed(args.seed);
    if (faults !== undefined && world !== 'virtual')
      throw new UsageError(
        '--faults is for the virtual world: elsewhere no seed decides the order of events',
      );
    const several = scenariosIn(scenario);
    if (several === null) await runOne(args);
    else if (faults !== undefined)
      throw new UsageError(`--faults is for one scenario: ${several.join(', ')}`);
    else await runAll(several, args);
  },
};

async function runOne({ scenario, world, seed, faults, out }: RunArguments): Promise<void> {
  const plain = readScenario(scenario);
  const read = faults === undefined ? plain : withFaults(plain, faults);
  const folder = out ?? defaultResults(read, world);
  console.log(
    `${read.scenario.title} (${read.file}), ${world} world, seed ${seed ?? read.faults?.schedule.seed ?? read.scenario.seed}`,
  );
  const seeded = seed === undefined ? {} : { seed };
  const result = await execute(read, { world, ...seeded, out: folder, progress: process.stdout });
  const report = reportFor(result, read);
  const files = await writeResults(folder, report, read);
  console.log(`\n${summaryTable(report)}\n\n${folder}/: ${files.join(', ')}`);
  process.exitCode = result.isMet ? EXIT_OK : EXIT_FAILED;
}

async function runAll(files: readonly string[], { world, seed, out }: RunArguments): Promise<void> {
  const folder = out ?? join('results', basename(dirname(files[0] ?? '')));
  const junit = join(folder, 'junit.xml');
  const all = await checkScenarios(files, { world, seed, junit, ...(out === undefined ? {} : { out }) });
  console.log(`\n${overviewTable(all.reports)}\n\n${all.count}`);
  process.exitCode = all.exitCode;
}
