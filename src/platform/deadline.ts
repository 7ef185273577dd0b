// Every wait has a time limit. This puts one around an operation that takes a signal, by the caller's clock.

import { type Duration, formatDuration } from '../core/time.ts';
import { TimeoutError } from './errors.ts';
import type { Clock } from './platform.ts';

/**
 * Runs `operation` with a signal that is aborted after `limit`. Settles at once then, with a `TimeoutError` that names
 * `what`, whether or not the operation heeds the signal; an operation that settles later is ignored. One that declares no
 * parameter is given no signal: making one costs more than a timer, and polls do it many times a second. The signal is
 * aborted with `outer`, too. (Not by `AbortSignal.any`: Node 20 keeps what that makes for ever once somebody listens to it.)
 */
export function withDeadline<T>(
  clock: Pick<Clock, 'timer'>,
  limit: Duration,
  what: string,
  operation: ((signal: AbortSignal) => Promise<T>) | (() => Promise<T>),
  outer?: AbortSignal,
): Promise<T> {
  const controller = operation.length > 0 ? new AbortController() : null;
  const started = (): Promise<T> =>
    controller === null ? (operation as () => Promise<T>)() : operation(controller.signal);
  const pass = (): void => controller?.abort(outer?.reason);
  if (outer?.aborted === true) pass();
  outer?.addEventListener('abort', pass);
  return new Promise<T>((resolve, reject) => {
    const timer = clock.timer(limit, () => {
      const timeout = new TimeoutError(what, formatDuration(limit));
      outer?.removeEventListener('abort', pass);
      reject(timeout);
      controller?.abort(timeout);
    });
    const settled = (): void => {
      outer?.removeEventListener('abort', pass);
      timer.cancel();
    };
    started().then(
      (value) => {
        settled();
        resolve(value);
      },
      (error: unknown) => {
        settled();
        reject(error);
      },
    );
  });
}
