// A schedule: a timeline that is played on a scenario in place of the scenario's own, in an order of equal-time
// events and with latencies that its seed decides. The search for faults makes them; a file of one, given to
// `lightbed run --faults`, plays exactly what the search played.

import type { Duration } from '../../core/time.ts';
import { checkNames } from '../check-names.ts';
import { checkTimeline } from '../check-timeline.ts';
import { settleAgents } from '../entry-switch.ts';
import type { WrittenScenario } from '../grammar.ts';
import { timelineEntry } from '../grammar-timeline.ts';
import { record, required } from '../record.ts';
import type { Scenario } from '../schema.ts';
import type { TimelineEntry } from '../schema-timeline.ts';
import { seed } from '../seed.ts';
import { list, name, Place, quantity, show } from '../shape.ts';
import { ScenarioSource } from '../source.ts';

export interface Schedule {
  /** The scenario it is for, by name. */
  readonly scenario: string;
  readonly seed: string;
  readonly duration: Duration;
  /** Long after the last fault: by then every path is up or has ended, and what is asked for later is granted. */
  readonly settledBy: Duration;
  readonly timeline: readonly TimelineEntry[];
}

const time = quantity<Duration>('time', { isAboveZero: true });

const grammar = record<Schedule>({
  scenario: required(name, 'the scenario that it is for'),
  seed: required(seed, 'of the order of events, of latencies, and of every random stream'),
  duration: required(time, 'how long the run is'),
  settledBy: required(time, 'when all that the faults upset must have settled'),
  timeline: required(list(timelineEntry), 'what happens, and when'),
});

/** The scenario with the timeline of the schedule in `text`. Throws a `ScenarioError` with all that is wrong with it. */
export function loadSchedule(file: string, text: string, scenario: Scenario): Schedule {
  const source = new ScenarioSource(file, text);
  source.throwIfBad();
  const written = grammar.read(source.value, new Place(source));
  if (written.scenario !== scenario.name)
    source.complain(['scenario'], { found: show(written.scenario), expected: show(scenario.name) });
  if (written.settledBy > written.duration)
    source.complain(['settled-by'], {
      found: 'a time after the end of the run',
      expected: 'at most the duration',
    });
  const { duration, timeline } = written;
  const whole: WrittenScenario = { ...scenario, scenario: scenario.name, duration, timeline, expect: [] };
  checkNames(whole, source, null);
  checkTimeline(whole, source);
  const settled = settleAgents(whole, source).toSorted((a, b) => a.at - b.at);
  source.throwIfBad();
  return { ...written, timeline: settled };
}
