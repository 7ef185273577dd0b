// Reads the scenario that an argument names: a file, a folder with a scenario.yaml, or a name under scenarios/.

import { existsSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { loadScenario, scenarioFile } from '../scenario/load.ts';
import type { Scenario } from '../scenario/schema.ts';
import { UsageError } from './exit-code.ts';

export interface ReadScenario {
  readonly scenario: Scenario;
  /** As it can be given on the command line again, relative to the current folder. */
  readonly file: string;
  readonly text: string;
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

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}
