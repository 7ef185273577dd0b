// A scenario with a schedule in place of its own timeline. The latencies of the control network vary by the seed,
// so that no order of messages rests on the very figures of the scenario.

import { ns } from '../../core/time.ts';
import { seededRandom } from '../../platform/seeded-random.ts';
import type { ControlLink, Expectation, Scenario } from '../schema.ts';
import type { Schedule } from './schedule.ts';

const invariantsHold: Expectation = {
  metric: 'invariants.violations',
  bound: { kind: 'equals', value: 0, text: '0' },
  where: { line: 1, column: 1 },
};

export function rescheduled(scenario: Scenario, { timeline, duration }: Schedule, seed: string): Scenario {
  const random = seededRandom(seed).fork('latencies');
  /** Between half of what it is and one and a half. */
  const varied = (link: ControlLink): ControlLink => ({
    ...link,
    delay: ns(Math.round(link.delay * (0.5 + random.next()))),
  });
  const controlLinks = scenario.controlLinks.map(varied);
  return { ...scenario, timeline, duration, controlLinks, expectations: [invariantsHold] };
}
