// The mistakes that are found in a scenario file, for the tests of what finds them.

import { assert } from '../../scripts/testing/suite.ts';
import { ScenarioError } from './errors.ts';

/** What stops `read`, or null where nothing does. */
export function mistakes(read: () => unknown): ScenarioError | null {
  try {
    read();
  } catch (error) {
    if (error instanceof ScenarioError) return error;
    throw error;
  }
  return null;
}

/** As the user reads it; there must be one, and no other. */
export function onlyMistake(read: () => unknown): string {
  const found = mistakes(read);
  if (found === null) throw new Error('it loads');
  assert.is(found.problems.length, 1, found.message);
  return found.message;
}
