// From the text of a scenario file to a scenario that can be built. Reading the file is the caller's:
// this is a function of its text and name.

import { checkCircuits } from './check-circuits.ts';
import { checkDaemons } from './check-daemon.ts';
import { checkExpectations } from './check-expectations.ts';
import { checkFibres } from './check-fibres.ts';
import { checkNames } from './check-names.ts';
import { checkPlaces } from './check-places.ts';
import { checkProtection } from './check-protection.ts';
import { checkProvisioning } from './check-provisioning.ts';
import { checkTimeline } from './check-timeline.ts';
import { settleAgents } from './entry-switch.ts';
import { grammar } from './grammar.ts';
import { settleLines } from './host-line.ts';
import type { Scenario } from './schema.ts';
import { Place } from './shape.ts';
import { ScenarioSource } from './source.ts';

const SCENARIO_FILE = 'scenario.yaml';

/**
 * The scenario in `text`. Throws a `ScenarioError` with everything that is wrong with it. `file` names it in messages; if it is
 * `<folder>/scenario.yaml`, the scenario must have its folder's name.
 */
export function loadScenario(file: string, text: string): Scenario {
  const source = new ScenarioSource(file, text);
  source.throwIfBad();
  const written = settleLines(grammar.read(source.value, new Place(source)), source);
  checkNames(written, source, folderOf(file));
  checkPlaces(written, source);
  checkFibres(written, source);
  checkProvisioning(written, source);
  checkTimeline(written, source);
  checkProtection(written, source);
  checkCircuits(written, source);
  checkDaemons(written, source);
  checkExpectations(written, source);
  const { scenario: name, expect: expectations, ...rest } = written;
  const timeline = settleAgents(written, source).toSorted((a, b) => a.at - b.at);
  source.throwIfBad();
  return { name, ...rest, timeline, expectations };
}

/** The file that a command's argument means: itself, or `scenario.yaml` in the folder it names. */
export const scenarioFile = (argument: string): string =>
  /\.ya?ml$/.test(argument) ? argument : `${argument.replace(/[/\\]+$/, '')}/${SCENARIO_FILE}`;

/** The folder that gives the scenario its name, or null where the file is not in one of its own. */
function folderOf(file: string): string | null {
  const parts = file.split(/[/\\]/);
  const folder = parts.at(-2);
  const isUnnamed = folder === undefined || folder === '' || folder === '.' || folder === '..';
  return parts.at(-1) !== SCENARIO_FILE || isUnnamed ? null : folder;
}
