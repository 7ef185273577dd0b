#!/usr/bin/env node
// The lightbed command. Wrong input gets one message and exit code 2; what was asked for but does not hold
// gets exit code 1.

import yargs from 'yargs';
import { hideBin } from 'yargs/helpers';
import { ScenarioError } from '../scenario/errors.ts';
import { RunError } from '../scenario/run-error.ts';
import { applyCommand } from './apply.ts';
import { auditCommand } from './audit.ts';
import { checkCommand } from './check.ts';
import { cutsCommand } from './cuts.ts';
import { deviceCommand } from './device.ts';
import { emulateCommand } from './emulate.ts';
import { EXIT_FAILED, EXIT_USAGE, UsageError } from './exit-code.ts';
import { exploreCommand } from './explore.ts';
import { importCommand } from './import.ts';
import { metricsCommand } from './metrics.ts';
import { pathsCommand } from './paths.ts';
import { planCommand } from './plan.ts';
import { replayCommand } from './replay.ts';
import { runCommand } from './run.ts';
import { transferCommand } from './transfer.ts';
import { lightbedVersion } from './version.ts';

// Who reads our output may leave, as `head` does; what was asked for is done all the same.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

/** Arguments that are lists; the first two are yargs's own. */
const LISTS = ['_', '--', 'scenarios', 'files', 'labels'];

const cli = yargs(hideBin(process.argv))
  .scriptName('lightbed')
  .usage('$0 <command>\n\nA testbed for on-demand light paths and the data transfers that ride on them.')
  .command(runCommand)
  .command(checkCommand)
  .command(replayCommand)
  .command(exploreCommand)
  .command(metricsCommand)
  .command(importCommand)
  .command(pathsCommand)
  .command(cutsCommand)
  .command(transferCommand)
  .command(emulateCommand)
  .command(deviceCommand)
  .command(planCommand)
  .command(applyCommand)
  .command(auditCommand)
  .demandCommand(1, 'give a command')
  .strict()
  .middleware(takeLast, true)
  .version(lightbedVersion())
  .wrap(Math.min(110, process.stdout.columns ?? 110))
  .fail((message, error) => {
    throw error ?? new UsageError(message);
  });

try {
  await cli.parseAsync();
} catch (error) {
  process.exitCode = complain(error);
}
// Programs of a run in the machine's own time keep their sockets; the command ends all the same.
process.stdout.write('', () => process.exit());

/** An option given twice counts as given last; yargs would make a list of it. */
function takeLast(given: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(given)) {
    if (Array.isArray(value) && !LISTS.includes(name)) given[name] = value.at(-1);
  }
}

function complain(error: unknown): number {
  if (error instanceof UsageError) {
    console.error(`lightbed: ${error.message}\nlightbed --help lists the commands`);
    return EXIT_USAGE;
  }
  if (error instanceof ScenarioError) {
    console.error(error.message);
    return EXIT_USAGE;
  }
  console.error(error instanceof RunError ? error.message : error);
  return EXIT_FAILED;
}
