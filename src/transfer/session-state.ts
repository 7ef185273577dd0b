// The states of a session at either end and of a file at the receiver, each a table of what may follow what.

import { assert } from '../core/assert.ts';

export type SendState = 'connecting' | 'offering' | 'sending' | 'completed' | 'broken' | 'failed';

/** `broken` is worth another session, `failed` is not. */
export const SEND_TRANSITIONS: Transitions<SendState> = {
  connecting: ['offering', 'broken', 'failed'],
  offering: ['sending', 'broken', 'failed'],
  sending: ['completed', 'broken', 'failed'],
  completed: [],
  broken: [],
  failed: [],
};

export type ReceiveState = 'opening' | 'receiving' | 'completed' | 'broken' | 'failed';

export const RECEIVE_TRANSITIONS: Transitions<ReceiveState> = {
  opening: ['receiving', 'broken', 'failed'],
  receiving: ['completed', 'broken', 'failed'],
  completed: [],
  broken: [],
  failed: [],
};

/** `verified` may come first: a session that resumes finds files that an earlier one verified. */
export type FileState = 'partial' | 'verified' | 'corrupt';

export const FILE_TRANSITIONS: Transitions<FileState> = {
  partial: ['verified', 'corrupt'],
  verified: [],
  corrupt: [],
};

export type Transitions<S extends string> = Readonly<Record<S, readonly S[]>>;

/** The next state; asserts that the table allows it. */
export function advance<S extends string>(table: Transitions<S>, from: S, to: S): S {
  assert(table[from].includes(to), () => `no transition from ${from} to ${to}`);
  return to;
}

/** Whether nothing follows. */
export const isFinal = <S extends string>(table: Transitions<S>, state: S): boolean =>
  table[state].length === 0;
