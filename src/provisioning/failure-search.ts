// Asks the switches of a dark path what they see and listens to what they report, until the failure locator
// knows enough or the limit has passed.

import { after, type Duration, type Instant } from '../core/time.ts';
import type { Clock } from '../platform/platform.ts';
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
  readonly clock: Pick<Clock, 'now'>;
  /** For the evidence to come in, from the start and again from when a way to a switch has opened. */
  readonly limit: Duration;
  readonly isStopped: () => boolean;
  /** Asks one switch of the path, or every one. */
  readonly ask: (round: number, of: string | null) => void;
}

export async function searchFailure(s: FailureSearch): Promise<LocatorVerdict> {
  const again = new Set<string>();
  let deadline: Instant = after(s.clock.now(), s.limit);
  let round = 0;
  let rounds = 0;
  let mustAsk = true;
  for (;;) {
    const verdict = s.locator.verdict(false);
    if (verdict.kind !== 'waiting' || s.isStopped()) return verdict;
    if (mustAsk && rounds++ < LIMITS.probeRoundsMax) {
      round = s.locator.ask();
      s.ask(round, null);
    }
    mustAsk = false;
    const event = await s.events.next(deadline);
    if (event === null) return s.locator.verdict(true);
    if (event.kind === 'loss' && event.message.revision === s.revision)
      mustAsk = s.locator.reportDark(event.from, event.message.port);
    // What it was asked may have gone to its last life, or nowhere. Once each: a link that flaps must not prolong this.
    if (event.kind === 'in-touch' && !again.has(event.from)) {
      again.add(event.from);
      s.ask(round, event.from);
      deadline = after(s.clock.now(), s.limit);
    }
    if (event.kind === 'readings' && noteReadings(s.locator, event.from, event.message)) {
      mustAsk = true;
      deadline = after(s.clock.now(), s.limit);
    }
  }
}

/** True when darkness is news, and so all must be asked afresh. */
function noteReadings(locator: FailureLocator, from: string, message: MessageOf<'readings'>): boolean {
  let isNews = false;
  for (const { port, power, threshold } of message.readings)
    if (power !== null && locator.answer(from, port, power < threshold, message.round)) isNews = true;
  for (const { fibre, isLit } of message.receivers ?? [])
    if (locator.answerHost(fibre, !isLit, message.round)) isNews = true;
  return isNews;
}
