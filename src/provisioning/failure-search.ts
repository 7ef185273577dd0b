// Asks the switches of a dark path what they see and listens to what they report, until the failure locator
// knows enough or the limit has passed.

import type { Instant } from '../core/time.ts';
import type { EventBox } from './event-box.ts';
import type { FailureLocator, LocatorVerdict } from './failure-locator.ts';
import type { MessageOf } from './messages.ts';
import type { PathEvent } from './path-event.ts';
import { LIMITS } from './timings.ts';

export interface FailureSearch {
  readonly locator: FailureLocator;
  readonly events: EventBox<PathEvent>;
  /** Reports of other revisions are of other routes. */
  readonly revision: number;
  readonly deadline: Instant;
  readonly isStopped: () => boolean;
  /** Asks every switch of the path. */
  readonly ask: (round: number) => void;
}

export async function searchFailure(s: FailureSearch): Promise<LocatorVerdict> {
  let rounds = 0;
  let mustAsk = true;
  for (;;) {
    const verdict = s.locator.verdict(false);
    if (verdict.kind !== 'waiting' || s.isStopped()) return verdict;
    if (mustAsk && rounds++ < LIMITS.probeRoundsMax) s.ask(s.locator.ask());
    mustAsk = false;
    const event = await s.events.next(s.deadline);
    if (event === null) return s.locator.verdict(true);
    if (event.kind === 'loss' && event.message.revision === s.revision)
      mustAsk = s.locator.reportDark(event.from, event.message.port);
    if (event.kind === 'readings') noteReadings(s.locator, event.from, event.message);
  }
}

function noteReadings(locator: FailureLocator, from: string, message: MessageOf<'readings'>): void {
  for (const { port, power } of message.readings)
    if (power !== null) locator.answer(from, port, power < message.threshold, message.round);
}
