// Reads the scenario that an argument names: a file, a folder with a scenario.yaml, or a name under scenarios/.

import { existsSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { loadSchedule, type Schedule } from '../scenario/explore/schedule.ts';
import { loadScenario, scenarioFile } from '../scenario/load.ts';
import type { Scenario } from '../scenario/schema.ts';
import { UsageError } from './exit-code.ts';

export interface ReadScenario {
  readonly scenario: Scenario;
  /** As it can be given on the command line again, relative to the current folder. */
  readonly file: string;
  readonly text: string;
  /** A schedule to be played on it in place of its own timeline, and its file. */
  readonly faults?: { readonly file: string; readonly text: string; readonly schedule: Schedule };
}

/** Throws `ScenarioError` with all that is wrong in the file, `UsageError` where there is none. */
export function readScenario(argument: string): ReadScenario {
  const candidates = [scenarioFile(argument), scenarioFile(`scenarios/${argument}`)];
  const found = candidates.find((file) => existsSync(file));
  if (found === undefined) {
    throw new UsageError(`there is no scenario ${argument}: looked for ${candidates.join(' and ')}`);
  }
  const file = relative('.', found);
  const text = read(found);
  return { scenario: loadScenario(file, text), file, text };
}

/** The same with the schedule of that file. Throws as `readScenario` does. */
export function withFaults(scenario: ReadScenario, file: string): ReadScenario {
  if (!existsSync(file)) throw new UsageError(`there is no file ${file} with faults`);
  const text = read(file);
  const schedule = loadSchedule(file, text, scenario.scenario);
  return { ...scenario, faults: { file: relative('.', file), text, schedule } };
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}
