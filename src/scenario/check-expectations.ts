// Expectations: `of` names a path or a transfer of the timeline, as the metric asks.

import { circuitTarget } from './check-circuits.ts';
import { requestedPaths } from './check-timeline.ts';
import type { WrittenScenario } from './grammar.ts';
import { findMetric } from './metric-names.ts';
import { checkReference } from './reference.ts';
import { show } from './shape.ts';
import type { ScenarioSource } from './source.ts';

export function checkExpectations(s: WrittenScenario, source: ScenarioSource): void {
  for (const [i, { metric, of }] of s.expect.entries()) {
    const subject = findMetric(metric)?.of;
    const path = ['expect', i, 'of'];
    if (of === undefined || source.isSuspect(['expect', i])) continue;
    if (subject === null || subject === undefined)
      source.complain(path, { found: show(of), expected: `no "of": ${metric} belongs to the whole run` });
    else {
      const names = subjectNames[subject](s);
      const target = { what: `a ${subject} of the timeline`, names, sections: ['timeline'], isWithin: true };
      checkReference(of, path, target, source);
    }
  }
}

const subjectNames = {
  path: requestedPaths,
  transfer: (s: WrittenScenario) => transferNames(s),
  circuit: (s: WrittenScenario) => circuitTarget(s).names,
} as const;

const transferNames = (s: WrittenScenario): readonly string[] =>
  s.timeline.flatMap(({ action }) => (action.kind === 'transfer' && action.name !== '' ? [action.name] : []));
