// An operator's orders name paths, fibres and switches that there are.

import type { WrittenScenario } from './grammar.ts';
import { checkReference, namesOf, type Target } from './reference.ts';
import type { OperatorAction } from './schema-operator.ts';
import type { Action } from './schema-timeline.ts';
import type { Path, ScenarioSource } from './source.ts';

const KINDS: ReadonlySet<string> = new Set<OperatorAction['kind']>([
  'move',
  'freeze',
  'thaw',
  'maintain',
  'end-maintenance',
  'free',
]);

export const isOperatorAction = (action: Action): action is OperatorAction => KINDS.has(action.kind);

export function checkOperatorAction(
  action: OperatorAction,
  path: Path,
  s: WrittenScenario,
  source: ScenarioSource,
): void {
  const fibre: Target = { what: 'a fibre', names: namesOf(s.fibres), sections: ['fibres'] };
  const agent: Target = { what: 'a switch', names: namesOf(s.switches), sections: ['switches'] };
  if (action.kind === 'maintain' || action.kind === 'end-maintenance') {
    if (action.fibre !== undefined) checkReference(action.fibre, [...path, 'fibre'], fibre, source);
    if (action.switch !== undefined) checkReference(action.switch, [...path, 'switch'], agent, source);
    return;
  }
  const requested: Target = {
    what: 'a path requested in the timeline',
    names: s.timeline.flatMap((entry) => (entry.action.kind === 'request' ? [entry.action.path] : [])),
    sections: ['timeline'],
    isWithin: true,
  };
  checkReference(action.path, [...path, 'path'], requested, source);
  if (action.kind === 'free' && action.agent !== undefined)
    checkReference(action.agent, [...path, 'agent'], agent, source);
  if (action.kind !== 'move') return;
  for (const [i, name] of (action.along ?? []).entries())
    checkReference(name, [...path, 'along', i], fibre, source);
}
