// Clocks of the virtual world. A machine's monotonic clock is the engine's plus a constant of its own, so that
// comparing instants of two machines gives nonsense here as it would outside; its calendar may be off and drift.

import { after, type Duration, type Instant, type WallTime } from '../core/time.ts';
import type { Engine } from '../engine/engine.ts';
import { CancelledError } from '../platform/errors.ts';
import type { Clock, Timer } from '../platform/platform.ts';
import { type Boot, never } from './boot.ts';
import type { WaitTable } from './wait-table.ts';

/** What a right calendar shows when the run begins: 2026-01-01T00:00:00Z. */
const CALENDAR_AT_START_NS = 1_767_225_600_000_000_000n;

/** How a machine's clocks stand to the engine's. It outlives the machine's crashes. */
export interface ClockError {
  /** The engine's zero on the machine's monotonic clock. */
  readonly origin: Duration;
  /** Calendar: ns ahead of the right one, but for the drift; negative for behind. It jumps. */
  offsetNs: number;
  /** Calendar: ns gained per ns, such as 20e-6 for 20 ppm fast. */
  readonly drift: number;
}

export class VirtualClock implements Clock {
  readonly #engine: Engine;
  readonly #waits: WaitTable;
  readonly #boot: Boot;
  readonly #error: ClockError;

  constructor(engine: Engine, waits: WaitTable, boot: Boot, error: ClockError) {
    this.#engine = engine;
    this.#waits = waits;
    this.#boot = boot;
    this.#error = error;
  }

  now(): Instant {
    return after(this.#engine.now(), this.#error.origin);
  }

  wall(): WallTime {
    const elapsed = this.#engine.now();
    const gained = Math.round(this.#error.offsetNs + elapsed * this.#error.drift);
    return (CALENDAR_AT_START_NS + BigInt(elapsed) + BigInt(gained)) as WallTime;
  }

  sleep(d: Duration, signal?: AbortSignal): Promise<void> {
    if (!this.#boot.isAlive) return never();
    if (signal?.aborted) return Promise.reject(new CancelledError('sleep', signal.reason));
    return new Promise((resolve, reject) => {
      const wait = this.#waits.add(this.#boot.machine, 'a sleep to end');
      const cancelled = (): void => {
        timer.cancel();
        if (!this.#boot.isAlive) return;
        this.#waits.remove(wait);
        this.#engine.woke();
        reject(new CancelledError('sleep', signal?.reason));
      };
      const timer = this.timer(d, () => {
        this.#waits.remove(wait);
        signal?.removeEventListener('abort', cancelled);
        resolve();
      });
      signal?.addEventListener('abort', cancelled, { once: true });
    });
  }

  timer(d: Duration, fire: () => void): Timer {
    if (!this.#boot.isAlive) return { cancel: () => {} };
    const handle = this.#engine.schedule(after(this.#engine.now(), d), () => {
      if (!this.#boot.isAlive) return;
      this.#engine.woke();
      fire();
    });
    return { cancel: () => this.#engine.cancel(handle) };
  }
}

/** The world's own time, for the plant, the links and the timeline: it belongs to no machine and survives all crashes. */
export const worldClock = (engine: Engine): Pick<Clock, 'now' | 'timer'> => ({
  now: () => engine.now(),
  timer: (d, fire) => {
    const handle = engine.schedule(after(engine.now(), d), () => {
      // What happens in the world may wake a program that listens to it.
      engine.woke();
      fire();
    });
    return { cancel: () => engine.cancel(handle) };
  },
});
