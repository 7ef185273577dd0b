// What a device can be asked, and what it may answer.

import type { Tl1Command } from '../../src/tl1/command.ts';

export type Answer =
  | { readonly kind: 'completed'; readonly lines: readonly string[]; readonly comments: readonly string[] }
  | { readonly kind: 'denied'; readonly errorCode: string; readonly reason: string };

/** Acts, and answers; a promise where acting takes the device time beyond its `commandTime`. */
export type Verb = (command: Required<Tl1Command>) => Answer | Promise<Answer>;

/** By command code in upper case. */
export type Verbs = ReadonlyMap<string, Verb>;

export const completed = (lines: readonly string[] = [], comments: readonly string[] = []): Answer => ({
  kind: 'completed',
  lines,
  comments,
});

export const denied = (errorCode: string, reason: string): Answer => ({ kind: 'denied', errorCode, reason });
