// A sleep made of a clock's timer, for clocks that have nothing quicker of their own.

import type { Duration } from '../core/time.ts';
import { CancelledError } from './errors.ts';
import type { Clock } from './platform.ts';

/** Resolves after `d`; rejects with `CancelledError` when `signal` is aborted before. */
export function cancellableSleep(
  clock: Pick<Clock, 'timer'>,
  d: Duration,
  signal?: AbortSignal,
): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(new CancelledError('sleep', signal.reason));
    const cancelled = (): void => {
      timer.cancel();
      reject(new CancelledError('sleep', signal?.reason));
    };
    const timer = clock.timer(d, () => {
      signal?.removeEventListener('abort', cancelled);
      resolve();
    });
    signal?.addEventListener('abort', cancelled, { once: true });
  });
}
