// One run of the search: a schedule played on its scenario, and what was wrong with it, if anything.

import type { Violation } from '../checkers/checker.ts';
import { run } from '../run.ts';
import { RunError } from '../run-error.ts';
import type { Scenario } from '../schema.ts';
import type { Tamper } from '../tamper.ts';
import { loadSchedule } from './schedule.ts';

export interface Failure {
  /** The checker that objected, or `stopped` when the run could not go on. Shrinking keeps it. */
  readonly checker: string;
  readonly message: string;
}

export interface Trial {
  readonly failure: Failure | null;
  /** Of the trace; '' for a run that stopped. */
  readonly hash: string;
}

/** `text` is the schedule. A schedule that does not fit the scenario throws `ScenarioError`. */
export async function tryOut(
  scenario: Scenario,
  text: string,
  version: string,
  tamper?: Tamper,
): Promise<Trial> {
  const schedule = loadSchedule('faults.yaml', text, scenario);
  try {
    const result = await run(scenario, {
      world: 'virtual',
      folder: '',
      version,
      file: scenario.name,
      faults: { file: 'faults.yaml', schedule },
      ...(tamper === undefined ? {} : { tamper }),
    });
    const [first] = result.violations;
    return { failure: first === undefined ? null : failureOf(first), hash: result.hash };
  } catch (error) {
    if (!(error instanceof RunError)) throw error;
    return { failure: { checker: 'stopped', message: error.message }, hash: '' };
  }
}

const failureOf = ({ checker, at, message }: Violation): Failure => ({
  checker,
  message: `${message} (at ${at / 1e9} s)`,
});
