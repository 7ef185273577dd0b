// The machine's clock. Node's timers have whole milliseconds, may fire early and order equal times by
// duration, so a heap by (due time, order of setting) stands over one Node timer, and nothing fires before
// its nanosecond. One timer fires per turn of the event loop, so that promises woken by it go on before the next, and
// only after what has come in was heard: a process that the machine held up would else take its own sleep for others' silence.

import { type Duration, type Instant, instant, type WallTime } from '../core/time.ts';
import { cancellableSleep } from '../platform/cancellable-sleep.ts';
import type { Clock, Timer } from '../platform/platform.ts';
import { type TimerEntry, TimerHeap } from './timer-heap.ts';

// Captured at import: a guard over the globals must not stop the machine's own clock.
const { setTimeout, clearTimeout, setImmediate, clearImmediate } = globalThis;
const monotonic = process.hrtime.bigint.bind(process.hrtime);
const calendarMs = Date.now.bind(Date);

/** Node's longest delay (2^31 - 1 ms); a longer wait is taken in several. */
const NODE_DELAY_MS_MAX = 2 ** 31 - 1;

export class HostClock implements Clock {
  readonly #origin = monotonic();
  readonly #timers = new TimerHeap();
  #order = 0;
  #disarm: () => void = () => {};

  now(): Instant {
    return instant(Number(monotonic() - this.#origin));
  }

  wall(): WallTime {
    return (BigInt(calendarMs()) * 1_000_000n) as WallTime;
  }

  sleep(d: Duration, signal?: AbortSignal): Promise<void> {
    return cancellableSleep(this, d, signal);
  }

  timer(d: Duration, fire: () => void): Timer {
    const entry: TimerEntry = { due: this.now() + d, order: this.#order++, fire, at: -1 };
    this.#timers.add(entry);
    if (this.#timers.first === entry) this.#arm();
    return {
      cancel: () => {
        const isFirst = this.#timers.first === entry;
        this.#timers.remove(entry);
        if (isFirst) this.#arm();
      },
    };
  }

  #arm(): void {
    this.#disarm();
    const first = this.#timers.first;
    this.#disarm = first === undefined ? () => {} : wakeAfter(first.due - this.now(), () => this.#wake());
  }

  #wake(): void {
    const first = this.#timers.first;
    const isDue = first !== undefined && first.due <= this.now();
    if (isDue) this.#timers.remove(first);
    try {
      if (isDue) first.fire();
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
  let stop = (): void => clearTimeout(handle);
  // Node fires what is due before it reads sockets; an immediate comes after.
  const heard = (): void => {
    stop = wakeAfter(0, wake);
  };
  const handle = setTimeout(heard, Math.min(Math.ceil(ns / 1e6), NODE_DELAY_MS_MAX));
  return () => stop();
}
