// All participants of a transaction end alike: none commits what another aborts.

import { type Checker, textOf } from './checker.ts';

export function decisionsAgree(): Checker {
  const endOf = new Map<string, { end: string; by: string }>();
  return {
    name: 'decisions-agree',
    invariant: 'all participants of a decision end alike',
    observe(record) {
      if (record.kind !== 'participant.committed' && record.kind !== 'participant.aborted') return [];
      const transaction = textOf(record, 'transaction');
      const by = textOf(record, 'switch');
      const end = record.kind.slice('participant.'.length);
      const first = endOf.get(transaction);
      if (first === undefined) endOf.set(transaction, { end, by });
      if (first === undefined || first.end === end) return [];
      return [`transaction ${transaction} was ${first.end} by ${first.by} and ${end} by ${by}`];
    },
    settle: () => [],
  };
}
