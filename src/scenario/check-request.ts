// What a request names beside its hosts: fibres and switches to pass, to leave out, to take.

import type { WrittenScenario } from './grammar.ts';
import { checkReference, namesOf, type Target } from './reference.ts';
import type { RequestAction } from './schema-timeline.ts';
import type { Path, ScenarioSource } from './source.ts';

export function checkRequest(
  s: WrittenScenario,
  action: RequestAction,
  path: Path,
  source: ScenarioSource,
): void {
  // Of thousands of requests most name nothing here.
  const check = (key: 'via' | 'avoid' | 'along', targetOf: (s: WrittenScenario) => Target): void => {
    const names = action[key] ?? [];
    const target = names.length === 0 ? null : targetOf(s);
    for (const [i, name] of names.entries())
      if (target !== null) checkReference(name, [...path, key, i], target, source);
  };
  check('via', either);
  check('avoid', either);
  check('along', fibre);
  checkTimes(action, path, source);
  if (action.along !== undefined && action.via !== undefined && !source.isSuspect(path))
    source.complain([...path, 'via'], {
      found: 'a way to pass beside all the fibres to take',
      expected: 'either "along" or "via"',
    });
}

const fibre = (s: WrittenScenario): Target => ({
  what: 'a fibre',
  names: namesOf(s.fibres),
  sections: ['fibres'],
});

const either = (s: WrittenScenario): Target => ({
  what: 'a fibre or a switch',
  names: [...namesOf(s.fibres), ...namesOf(s.switches)],
  sections: ['fibres', 'switches'],
});

function checkTimes(
  { start, end, hold, protection }: RequestAction,
  path: Path,
  source: ScenarioSource,
): void {
  if (source.isSuspect(path)) return;
  const complain = (key: string, found: string, expected: string): void =>
    source.complain([...path, key], { found, expected });
  if (start !== undefined && end !== undefined && end <= start)
    complain('end', 'an end that is not after the start', 'a later time');
  if (start !== undefined && end === undefined)
    complain('start', 'a start without an end', 'an "end": what begins later is reserved for a time');
  if (hold !== undefined && (start !== undefined || end !== undefined))
    complain('hold', 'a hold beside a time', 'either "hold", or "start" and "end"');
  if (protection !== undefined && (end !== undefined || hold !== undefined))
    complain('protection', 'protection of a reserved path', 'one of the two');
}
