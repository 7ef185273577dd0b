// Ways in which a run fails that are nobody's outcome: a bug in a program, in a model, or in the scenario.

import type { Instant } from '../core/time.ts';

const WAITS_SHOWN_MAX = 40;

/** Nothing is left to happen, and the run is not finished: everybody waits for somebody else. */
export class DeadlockError extends Error {
  override readonly name = 'DeadlockError';
  readonly at: Instant;
  /** Who waits for what, one line each; all of them, where the message shows the first few. */
  readonly waits: readonly string[];

  constructor(at: Instant, waits: readonly string[]) {
    super(`deadlock at ${at} ns: no event is pending and the run is not finished${describeWaits(waits)}`);
    this.at = at;
    this.waits = waits;
  }
}

/** Events without end at one instant: time stands still. */
export class RunawayError extends Error {
  override readonly name = 'RunawayError';
  readonly at: Instant;
  readonly eventsPerInstantMax: number;

  constructor(at: Instant, eventsPerInstantMax: number) {
    super(`run-away: more than ${eventsPerInstantMax} events at the one instant ${at} ns`);
    this.at = at;
    this.eventsPerInstantMax = eventsPerInstantMax;
  }
}

/** Something asked the ambient clock, timers or randomness of the machine while these were guarded. */
export class AmbientError extends Error {
  override readonly name = 'AmbientError';
  readonly call: string;

  constructor(call: string) {
    super(
      `${call} was called while a run is under way: take the clock and the randomness of the platform instead`,
    );
    this.call = call;
  }
}

/** The trace is longer than its bound: the run would go on for ever, or the bound is too small for it. */
export class TraceOverflowError extends Error {
  override readonly name = 'TraceOverflowError';
  readonly recordsMax: number;

  constructor(recordsMax: number) {
    super(`the trace reached its bound of ${recordsMax} records`);
    this.recordsMax = recordsMax;
  }
}

function describeWaits(waits: readonly string[]): string {
  if (waits.length === 0) return '; nobody waits';
  const shown = waits.slice(0, WAITS_SHOWN_MAX).map((wait) => `\n  ${wait}`);
  const rest = waits.length - shown.length;
  return `; waiting:${shown.join('')}${rest > 0 ? `\n  … and ${rest} more` : ''}`;
}
