// When a connection that nothing is heard on counts as dead: one side asks when it has heard nothing for a while, or said
// nothing, so that the other hears something, too.

import { after, between, type Duration, type Instant } from '../core/time.ts';
import type { Clock } from '../platform/platform.ts';
import type { MessageConnection } from './message-connection.ts';

type Watched = Pick<Clock, 'now' | 'timer'>;

export interface SilenceWatch {
  /** Something has come over it. */
  heard(): void;
  cancel(): void;
}

/** For the side that was dialled. */
export function dropWhenSilent(
  messages: Pick<MessageConnection, 'abort'>,
  clock: Watched,
  silenceMax: Duration,
): SilenceWatch {
  let heardAt = clock.now();
  const look = (): void => {
    const silence = between(heardAt, clock.now());
    if (silence >= silenceMax) messages.abort();
    else timer = clock.timer(between(clock.now(), after(heardAt, silenceMax)), look);
  };
  let timer = clock.timer(silenceMax, look);
  return {
    heard: () => {
      heardAt = clock.now();
    },
    cancel: () => timer.cancel(),
  };
}

/** For the side that dials: asks after each period in which nothing was heard or nothing said, and drops what does not answer. */
export function probeWhenSilent(
  messages: Pick<MessageConnection, 'abort' | 'send'>,
  clock: Watched,
  period: Duration,
): SilenceWatch & { said(): void } {
  let heardAt = clock.now();
  let saidAt = heardAt;
  /** When the question was asked that has no answer yet. */
  let askedAt: Instant | null = null;
  let number = 0;
  const look = (): void => {
    const now = clock.now();
    if (askedAt !== null && between(askedAt, now) >= period) return messages.abort();
    if (askedAt === null && between(Math.min(heardAt, saidAt) as Instant, now) >= period) {
      messages.send({ type: 'ping', number: ++number });
      askedAt = now;
      saidAt = now;
    }
    const since = askedAt ?? (Math.min(heardAt, saidAt) as Instant);
    timer = clock.timer(between(now, after(since, period)), look);
  };
  let timer = clock.timer(period, look);
  return {
    heard: () => {
      heardAt = clock.now();
      askedAt = null;
    },
    said: () => {
      saidAt = clock.now();
    },
    cancel: () => timer.cancel(),
  };
}
