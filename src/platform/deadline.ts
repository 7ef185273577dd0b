// Every wait has a time limit. This puts one around an operation that takes a signal, by the caller's clock.

import { type Duration, formatDuration } from '../core/time.ts';
import { TimeoutError } from './errors.ts';
import type { Clock } from './platform.ts';

/**
 * Runs `operation` with a signal that is aborted after `limit`. Settles at once then, with a `TimeoutError` that names
 * `what`, whether or not the operation heeds the signal; an operation that settles later is ignored. One that declares no
 * parameter is given no signal: making one costs more than a timer, and polls do it many times a second.
 */
export function withDeadline<T>(
  clock: Pick<Clock, 'timer'>,
  limit: Duration,
  what: string,
  operation: ((signal: AbortSignal) => Promise<T>) | (() => Promise<T>),
): Promise<T> {
  const controller = operation.length > 0 ? new AbortController() : null;
  const started = (): Promise<T> =>
    controller === null ? (operation as () => Promise<T>)() : operation(controller.signal);
  return new Promise<T>((resolve, reject) => {
    const timer = clock.timer(limit, () => {
      const timeout = new TimeoutError(what, formatDuration(limit));
      reject(timeout);
      controller?.abort(timeout);
    });
    started().then(
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
