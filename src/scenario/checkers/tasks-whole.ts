// No bug ends a light path: an agent that meets one in the task of a path ends that path alone and goes on, so
// that nothing else would show it.

import { type Checker, textOf } from './checker.ts';

export function tasksWhole(): Checker {
  return {
    name: 'tasks-whole',
    invariant: 'no bug of an agent ends a light path',
    observe(record) {
      if (record.kind !== 'path.failed') return [];
      return [`path ${textOf(record, 'path')} has ended by a bug: ${textOf(record, 'reason')}`];
    },
    settle: () => [],
  };
}
