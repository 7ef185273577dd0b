// A program for tests: runs a scenario in the loopback world, step by step, and writes its results. Its arguments are the
// scenario, the folder for the results, and the steps as JSON. Its exit code is that of `lightbed run`.

import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defined } from '../core/assert.ts';
import { ms } from '../core/time.ts';
import type { TraceRecord } from '../engine/trace.ts';
import { run, type Stage } from '../scenario/run.ts';
import type { Step, Wish } from './conducted.fixture.ts';
import { EXIT_FAILED, EXIT_OK } from './exit-code.ts';
import { reportFor, writeResults } from './results.ts';
import { makeResultsFolder } from './results-folder.ts';
import { readScenario } from './scenario-file.ts';
import { lightbedVersion } from './version.ts';

const [, , name = '', out = '', script = '[]'] = process.argv;
const steps = JSON.parse(script) as Step[];
const read = readScenario(name);
const lines: string[] = [];
const folder = mkdtempSync(join(tmpdir(), 'lightbed-'));

const result = await run(read.scenario, {
  ...{ world: 'loopback', folder, file: read.file, version: lightbedVersion() },
  sink: (line) => void lines.push(line),
  conduct: (stage) => goOn(stage, 0),
});
makeResultsFolder(out);
writeFileSync(join(out, 'trace.jsonl'), lines.join(''));
await writeResults(out, reportFor(result, read), read);
for (const { expectation, ...verdict } of result.verdicts) console.log(JSON.stringify(verdict));
const waited = steps.findIndex(({ after }) => !after.every((wish) => isTrue(wish, result.records)));
if (waited >= 0) console.log(`step ${waited + 1} never came: ${JSON.stringify(steps[waited])}`);
process.exit(result.isMet && waited < 0 ? EXIT_OK : EXIT_FAILED);

function goOn(stage: Stage, done: number): void {
  const step = steps[done];
  if (step === undefined) return stage.end();
  const look = (): void => {
    if (!step.after.every((wish) => isTrue(wish, stage.trace.records))) {
      stage.clock.timer(ms(20), look);
      return;
    }
    for (const entry of step.acts) stage.act(defined(read.scenario.timeline[entry], 'an entry').action);
    goOn(stage, done + 1);
  };
  look();
}

function isTrue({ kind, times = 1, where, fields = {} }: Wish, records: readonly TraceRecord[]): boolean {
  const meant = records.filter(
    (record) =>
      record.kind === kind &&
      (where === undefined || record.where === where) &&
      Object.entries(fields).every(([key, value]) => record.fields[key] === value),
  );
  return meant.length >= times;
}
