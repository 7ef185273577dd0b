// `lightbed check`: any number of scenarios for continuous integration. Every one is run, whatever happens to
// the others; the verdicts go to the terminal and to a JUnit file.

import type { CommandModule } from 'yargs';
import { WORLD_NAMES } from '../scenario/worlds/world.ts';
import { checkScenarios } from './check-scenarios.ts';
import { scenariosIn } from './scenario-file.ts';
import { checkSeed } from './seed.ts';

interface CheckArguments {
  scenarios: string[];
  world: (typeof WORLD_NAMES)[number];
  seed: string | undefined;
  junit: string;
}

export const checkCommand: CommandModule<object, CheckArguments> = {
  command: 'check <scenarios..>',
  describe: 'run scenarios for CI: JUnit XML, and an exit code of 1 if any expectation fails',
  builder: (yargs) =>
    yargs
      .positional('scenarios', {
        type: 'string',
        array: true,
        demandOption: true,
        describe: 'folders or files; of a folder with several files, all',
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
  handler: async ({ scenarios, ...options }) => {
    checkSeed(options.seed);
    const all = await checkScenarios(
      scenarios.flatMap((each) => scenariosIn(each) ?? [each]),
      options,
    );
    console.log(all.count);
    process.exitCode = all.exitCode;
  },
};
