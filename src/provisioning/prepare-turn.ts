// Wait-die: two transactions that want one port never wait for each other. The one that goes first, by the path's priority
// (the set-up priority of RFC 3209) and then by rank, may wait, the other is refused at once, so there is no deadlock and
// somebody always wins.

import { compareRanks, type MessageOf } from './messages.ts';
import { LOWEST_PRIORITY } from './path-terms.ts';

type Prepare = MessageOf<'prepare'>;

/** Negative when `x` goes before `y`. */
export const compareTurns = (x: Prepare, y: Prepare): number =>
  (x.priority ?? LOWEST_PRIORITY) - (y.priority ?? LOWEST_PRIORITY) || compareRanks(x.rank, y.rank);

/** Whether it may wait for a port that the other has locked. */
export const mayWaitFor = (prepare: Prepare, other: Prepare): boolean =>
  // An earlier one of the same path has been decided already, or it would not be followed by this one.
  isEarlier(other, prepare) || compareTurns(prepare, other) <= 0;

const isEarlier = (x: Prepare, y: Prepare): boolean =>
  x.path === y.path && x.coordinator === y.coordinator && x.revision < y.revision;
