// `lightbed replay`: runs again what a results folder came from, and holds the new trace against the old one.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CommandModule } from 'yargs';
import { loadScenario } from '../scenario/load.ts';
import { execute } from './execute.ts';
import { EXIT_FAILED, EXIT_OK, UsageError } from './exit-code.ts';
import { type RunFacts, readFacts } from './run-facts.ts';
import { withFaults } from './scenario-file.ts';
import { lightbedVersion } from './version.ts';

export const replayCommand: CommandModule<object, { results: string }> = {
  command: 'replay <results>',
  describe: 'run again what a results folder came from, and compare the traces',
  builder: (yargs) =>
    yargs.positional('results', { type: 'string', demandOption: true, describe: 'folder that a run wrote' }),
  handler: async ({ results }) => {
    const facts = readFacts(results);
    if (facts.world !== 'virtual') {
      throw new UsageError(
        `${results} is a run in the ${facts.world} world, which takes its time from the machine: only virtual runs repeat`,
      );
    }
    const file = join(results, 'scenario.yaml');
    if (!existsSync(file))
      throw new UsageError(`there is no ${file}: replay needs the scenario as it was run`);
    const text = readFileSync(file, 'utf8');
    const plain = { file, text, scenario: loadScenario('scenario.yaml', text) };
    const faults = join(results, 'faults.yaml');
    const read = existsSync(faults) ? withFaults(plain, faults) : plain;
    const result = await execute(read, {
      world: 'virtual',
      seed: facts.seed,
      out: null,
      progress: process.stderr,
    });
    process.exitCode = compare(
      results,
      facts,
      result.hash,
      result.records.map((r) => JSON.stringify(r)),
    );
  },
};

function compare(results: string, facts: RunFacts, hash: string, lines: readonly string[]): number {
  if (hash === facts.trace_sha256) {
    console.log(`the same trace: ${lines.length} records, sha256 ${hash}`);
    return EXIT_OK;
  }
  console.log(`another trace: sha256 ${hash}, before it was ${facts.trace_sha256}`);
  const version = lightbedVersion();
  if (version !== facts.version)
    console.log(`the run was made by version ${facts.version}, this is ${version}`);
  const file = join(results, 'trace.jsonl');
  if (existsSync(file)) console.log(firstDifference(readFileSync(file, 'utf8').trimEnd().split('\n'), lines));
  return EXIT_FAILED;
}

function firstDifference(before: readonly string[], now: readonly string[]): string {
  const at = before.findIndex((line, i) => line !== now[i]);
  const line = at === -1 ? before.length : at;
  return `first difference at record ${line + 1}:\n  before: ${before[line] ?? 'no more records'}\n  now:    ${now[line] ?? 'no more records'}`;
}
