// Every wait has a time limit. This puts one around an operation that takes a signal, by the caller's clock.

import { type Duration, formatDuration } from '../core/time.ts';
import { TimeoutError } from './errors.ts';
import type { Clock } from './platform.ts';

/**
 * Runs `operation` with a signal that is aborted after `limit`. Settles at once then, with a `TimeoutError` that names
 * `what`, whether or not the operation heeds the signal; an operation that settles later is ignored.
 */
export function withDeadline<T>(
  clock: Pick<Clock, 'timer'>,
  limit: Duration,
  what: string,
  operation: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  return new Promise<T>((resolve, reject) => {
    const timer = clock.timer(limit, () => {
      const timeout = new TimeoutError(what, formatDuration(limit));
      reject(timeout);
      controller.abort(timeout);
    });
    operation(controller.signal).then(
      (value) => {
        timer.cancel();
        resolve(value);
      },
      (error: unknown) => {
        timer.cancel();
        reject(error);
      },
    );
  });
}
