// A retrieve that failed: there is no answer to work with. Changes do not throw; they have outcomes.

import { describeFailure, type Tl1Outcome } from '../tl1/outcome.ts';

export class CircuitError extends Error {
  override readonly name = 'CircuitError';
  readonly node: string;
  /** The verb of the retrieve. */
  readonly verb: string;
  /** The device's code, empty when it did not answer. */
  readonly errorCode: string;

  constructor(node: string, verb: string, outcome: Exclude<Tl1Outcome, { kind: 'completed' }>) {
    super(`${node}: ${verb}: ${describeFailure(outcome)}`);
    this.node = node;
    this.verb = verb;
    this.errorCode = outcome.kind === 'denied' ? outcome.errorCode : '';
  }
}
