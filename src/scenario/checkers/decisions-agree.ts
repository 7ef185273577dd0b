// All participants of a transaction end alike: none commits what another aborts. A refusal is no end while nobody can have
// heard it: an agent that crashes has forgotten it, and may well prepare when it is asked again. And what was decided by an
// agent that loses its disk nobody can know: who has committed lets go with the lease, and who asks hears an abort.

import { agentMachine } from '../schema.ts';
import { type Checker, textOf } from './checker.ts';

export function decisionsAgree(): Checker {
  /** By transaction: by switch, how it ended there. */
  const ends = new Map<string, Map<string, string>>();
  const prepared = new Set<string>();
  const forgotten = new Set<string>();
  return {
    name: 'decisions-agree',
    invariant: 'all participants of a decision end alike',
    observe(record) {
      const { kind, where } = record;
      if (kind === 'machine.crashed') forgetRefusals(ends, prepared, where);
      if (kind === 'machine.crashed' && record.fields['disk'] === 'lost')
        for (const name of [...ends.keys(), ...[...prepared].map(transactionOf)])
          if (agentMachine(coordinatorOf(name)) === where) forgotten.add(name);
      if (!kind.startsWith('participant.')) return [];
      const transaction = textOf(record, 'transaction');
      const by = textOf(record, 'switch');
      if (kind === 'participant.prepared') prepared.add(`${transaction} ${by}`);
      if (kind !== 'participant.committed' && kind !== 'participant.aborted') return [];
      const end = kind.slice('participant.'.length);
      const known = ends.get(transaction) ?? new Map<string, string>();
      const other = [...known].find(([, each]) => each !== end);
      if (!known.has(by)) known.set(by, end);
      ends.set(transaction, known);
      return other === undefined || forgotten.has(transaction)
        ? []
        : [`transaction ${transaction} was ${other[1]} by ${other[0]} and ${end} by ${by}`];
    },
    settle: () => [],
  };
}

const transactionOf = (preparedBy: string): string => preparedBy.split(' ')[0] ?? '';

/** Transactions are named after the switch of their coordinator. */
const coordinatorOf = (transaction: string): string => transaction.split('#')[0] ?? '';

/** What was never prepared was refused. */
function forgetRefusals(
  ends: ReadonlyMap<string, Map<string, string>>,
  prepared: ReadonlySet<string>,
  machine: string,
): void {
  for (const [transaction, known] of ends)
    for (const by of known.keys())
      if (agentMachine(by) === machine && !prepared.has(`${transaction} ${by}`)) known.delete(by);
}
