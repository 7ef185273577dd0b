// The machine's clock. Node's timers have whole milliseconds, may fire early and order equal times by
// duration, so a heap by (due time, order of setting) stands over one Node timer, and nothing fires before
// its nanosecond. One timer fires per turn of the event loop, so that promises woken by it go on before the next.

import { type Duration, type Instant, instant, type WallTime } from '../core/time.ts';
import { CancelledError } from '../platform/errors.ts';
import type { Clock, Timer } from '../platform/platform.ts';

// Captured at import: a guard over the globals must not stop the machine's own clock.
const { setTimeout, clearTimeout, setImmediate, clearImmediate } = globalThis;
const monotonic = process.hrtime.bigint.bind(process.hrtime);
const calendarMs = Date.now.bind(Date);

/** Node's longest delay (2^31 - 1 ms); a longer wait is taken in several. */
const NODE_DELAY_MS_MAX = 2 ** 31 - 1;

interface Entry {
  readonly due: number;
  readonly order: number;
  readonly fire: () => void;
  isCancelled: boolean;
}

export class HostClock implements Clock {
  readonly #origin = monotonic();
  readonly #heap: Entry[] = [];
  #order = 0;
  #disarm: () => void = () => {};

  now(): Instant {
    return instant(Number(monotonic() - this.#origin));
  }

  wall(): WallTime {
    return (BigInt(calendarMs()) * 1_000_000n) as WallTime;
  }

  sleep(d: Duration, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(new CancelledError('sleep', signal.reason));
      const cancelled = (): void => {
        timer.cancel();
        reject(new CancelledError('sleep', signal?.reason));
      };
      const timer = this.timer(d, () => {
        signal?.removeEventListener('abort', cancelled);
        resolve();
      });
      signal?.addEventListener('abort', cancelled, { once: true });
    });
  }

  timer(d: Duration, fire: () => void): Timer {
    const entry: Entry = { due: this.now() + d, order: this.#order++, fire, isCancelled: false };
    siftUp(this.#heap, entry);
    if (this.#heap[0] === entry) this.#arm();
    return {
      cancel: () => {
        entry.isCancelled = true;
        this.#dropCancelled();
      },
    };
  }

  /** Cancelled timers leave once they reach the top: they keep the process alive no longer than that. */
  #dropCancelled(): void {
    let top = this.#heap[0];
    if (!top?.isCancelled) return;
    for (; top?.isCancelled; top = this.#heap[0]) removeTop(this.#heap);
    this.#arm();
  }

  #arm(): void {
    this.#disarm();
    const top = this.#heap[0];
    this.#disarm = top === undefined ? () => {} : wakeAfter(top.due - this.now(), () => this.#wake());
  }

  #wake(): void {
    const top = this.#heap[0];
    const isDue = top !== undefined && top.due <= this.now();
    if (isDue) removeTop(this.#heap);
    try {
      if (isDue && !top.isCancelled) top.fire();
    } finally {
      this.#arm();
    }
  }
}

/** One for the process: instants of two machines that share a process compare, those of others do not. */
export const hostClock: Clock = new HostClock();

function wakeAfter(ns: number, wake: () => void): () => void {
  if (ns <= 0) {
    const handle = setImmediate(wake);
    return () => clearImmediate(handle);
  }
  const handle = setTimeout(wake, Math.min(Math.ceil(ns / 1e6), NODE_DELAY_MS_MAX));
  return () => clearTimeout(handle);
}

const isBefore = (a: Entry, b: Entry): boolean => a.due < b.due || (a.due === b.due && a.order < b.order);

function siftUp(heap: Entry[], entry: Entry): void {
  let at = heap.push(entry) - 1;
  while (at > 0) {
    const above = (at - 1) >> 1;
    const parent = heap[above];
    if (parent === undefined || !isBefore(entry, parent)) break;
    heap[at] = parent;
    at = above;
  }
  heap[at] = entry;
}

function removeTop(heap: Entry[]): void {
  const last = heap.pop();
  if (last === undefined || heap.length === 0) return;
  let at = 0;
  for (;;) {
    const left = heap[2 * at + 1];
    const right = heap[2 * at + 2];
    if (left === undefined) break;
    const isRight = right !== undefined && isBefore(right, left);
    const child = isRight ? right : left;
    if (!isBefore(child, last)) break;
    heap[at] = child;
    at = 2 * at + (isRight ? 2 : 1);
  }
  heap[at] = last;
}
