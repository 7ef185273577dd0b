// Reads the scenario that an argument names: a file, with or without its .yaml, a folder with a scenario.yaml, or a name
// under scenarios/; and lists those of a folder that has several, a file each.

import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { isAbsolute, join, relative } from 'node:path';
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

/** `what` could be meant. Throws `ScenarioError` with all that is wrong in the file, `UsageError` where there is none. */
export function readScenario(argument: string, what = 'scenario'): ReadScenario {
  const isPlace = isAbsolute(argument) || argument.startsWith('.');
  const candidates = [argument, ...(isPlace ? [] : [`scenarios/${argument}`])].flatMap(filesMeant);
  const found = candidates.find((file) => existsSync(file));
  if (found === undefined) {
    if (existsSync(argument) && !isFolder(argument))
      throw new UsageError(
        `${argument} is no scenario, which is a .yaml file: if it is a map, lightbed import makes one of it`,
      );
    // A map is found by its own name alone.
    const looked = [...(what === 'scenario' || existsSync(argument) ? [] : [argument]), ...candidates];
    throw new UsageError(`there is no ${what} ${argument}: looked for ${looked.join(' and ')}`);
  }
  const file = relative('.', found);
  const text = read(found);
  return { scenario: loadScenario(file, text), file, text };
}

const YAML = /\.ya?ml$/;

function filesMeant(argument: string): string[] {
  if (YAML.test(argument)) return [argument];
  const bare = argument.replace(/[/\\]+$/, '');
  const isFolderOnly = /(^|[/\\])\.{0,2}$/.test(bare);
  return [scenarioFile(argument), ...(isFolderOnly ? [] : [`${bare}.yaml`])];
}

/** The files of a folder that is not one scenario's but has several, by name; null where the argument means something else. */
export function scenariosIn(argument: string): readonly string[] | null {
  const folder = [argument, `scenarios/${argument}`].find(isFolder);
  if (folder === undefined || existsSync(scenarioFile(folder))) return null;
  const files = readdirSync(folder).filter((name) => YAML.test(name));
  return files.length === 0 ? null : files.sort().map((name) => join(folder, name));
}

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;

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
