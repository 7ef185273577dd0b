// The search itself: a seed gives the incidents of a run, the run is judged, and a failing one is made small.

import { seededRandom } from '../../platform/seeded-random.ts';
import type { Tamper } from '../tamper.ts';
import { drawIncidents } from './draw-incidents.ts';
import { formatSchedule } from './format-schedule.ts';
import { shrink } from './shrink.ts';
import type { Subject } from './subject.ts';
import { type Failure, tryOut } from './trial.ts';

export interface Finding {
  readonly seed: string;
  readonly failure: Failure;
  /** How many incidents the seed drew. */
  readonly drawn: number;
  readonly left: number;
  /** The smallest schedule found that fails in the same way, as its file. */
  readonly schedule: string;
}

/** Null when everything held. */
export async function search(
  subject: Subject,
  seed: string,
  version: string,
  tamper?: Tamper,
): Promise<Finding | null> {
  const { scenario } = subject;
  const incidents = drawIncidents(subject, seededRandom(seed).fork('incidents'));
  const { failure } = await tryOut(scenario, formatSchedule(subject, seed, incidents), version, tamper);
  if (failure === null) return null;
  let last = failure;
  const few = await shrink(incidents, async (list) => {
    const again = await tryOut(scenario, formatSchedule(subject, seed, list), version, tamper);
    if (again.failure?.checker !== failure.checker) return false;
    last = again.failure;
    return true;
  });
  const schedule = formatSchedule(subject, seed, few);
  return { seed, failure: last, drawn: incidents.length, left: few.length, schedule };
}
