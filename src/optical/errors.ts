// A retrieve that failed: there is no answer to work with. Changes do not throw; they have outcomes.

import { describeFailure, type Tl1Outcome } from '../tl1/outcome.ts';

export class SwitchError extends Error {
  override readonly name = 'SwitchError';
  readonly switchName: string;
  /** The verb of the retrieve. */
  readonly verb: string;
  /** The device's code, empty when it did not answer. */
  readonly errorCode: string;

  constructor(switchName: string, verb: string, outcome: Exclude<Tl1Outcome, { kind: 'completed' }>) {
    super(`${switchName}: ${verb}: ${describeFailure(outcome)}`);
    this.switchName = switchName;
    this.verb = verb;
    this.errorCode = outcome.kind === 'denied' ? outcome.errorCode : '';
  }
}
