// Makes a change of cross-connects certain, as far as the device lets us: a refusal or a lost reply is followed
// by a retrieve, so that "already so" is done and "no answer" is never taken for "not done". Knows no family.

import type { Tl1Outcome } from '../tl1/outcome.ts';
import { describeFailure } from '../tl1/outcome.ts';
import { SwitchError } from './errors.ts';
import type { CrossConnect, PortLabel, SwitchOutcome, Way } from './switch.ts';

/** One way through a switch. */
export interface Passage {
  readonly input: PortLabel;
  readonly output: PortLabel;
}

export type Goal = 'made' | 'removed';

export const DONE: SwitchOutcome = { kind: 'done' };

/** What a change comes to that has nothing to do. */
export const COMPLETED: Tl1Outcome = { kind: 'completed', code: 'COMPLD', lines: [], comments: [] };

/** A change is repeatable, so it is sent again when it turns out not to have been done; so often in all. */
const ATTEMPTS_MAX = 2;

/** The ways that a call names: one or two. */
export function passages(input: PortLabel, output: PortLabel, way: Way): Passage[] {
  const there = { input, output };
  return way === 'one' || input === output ? [there] : [there, { input: output, output: input }];
}

export const isSame = (a: Passage, b: Passage): boolean => a.input === b.input && a.output === b.output;

/** What a family contributes to a change. */
export interface Change {
  /** Whether it can be a port of the family: for labels that cannot, nothing is sent. */
  readonly isLabel: (label: PortLabel) => boolean;
  /** Sends the change for what is left. */
  readonly act: (left: readonly Passage[]) => Promise<Tl1Outcome>;
  /** Says what there is, or throws `SwitchError`. */
  readonly list: () => Promise<readonly CrossConnect[]>;
}

/** Acts until all of `wanted` is as the goal says or the device refuses. */
export async function bringAbout(
  goal: Goal,
  wanted: readonly Passage[],
  { isLabel, act, list }: Change,
): Promise<SwitchOutcome> {
  const stranger = wanted.find(({ input, output }) => !isLabel(input) || !isLabel(output));
  if (stranger !== undefined) return refusedLabel(stranger);
  let left = wanted;
  for (let attempt = 1; ; attempt++) {
    try {
      const outcome = await act(left);
      if (outcome.kind === 'completed' && outcome.code === 'COMPLD') return DONE;
      const before = left.length;
      left = missing(goal, wanted, await list());
      if (left.length === 0) return DONE;
      const isStuck = outcome.kind === 'denied' && left.length === before;
      if (isStuck || attempt === ATTEMPTS_MAX) return failure(outcome);
    } catch (error) {
      if (error instanceof SwitchError) return { kind: 'unknown', reason: error.message };
      throw error;
    }
  }
}

function missing(goal: Goal, wanted: readonly Passage[], present: readonly CrossConnect[]): Passage[] {
  return wanted.filter((passage) => present.some((other) => isSame(other, passage)) !== (goal === 'made'));
}

function failure(outcome: Tl1Outcome): SwitchOutcome {
  if (outcome.kind !== 'denied') return { kind: 'unknown', reason: describeFailure(outcome) };
  return { kind: 'refused', errorCode: outcome.errorCode, reason: describeFailure(outcome) };
}

const refusedLabel = ({ input, output }: Passage): SwitchOutcome => ({
  kind: 'refused',
  errorCode: 'IIAC',
  reason: `${input} or ${output} is no port of this family`,
});
