// The loop: takes events in order of time and calls them. It knows no kinds of event, only callbacks. Those
// that wake nobody run back to back; after one that resolved a promise (`woke`), every promise chain of that
// instant finishes before the next event. A chain that never ends its microtasks cannot be stopped from here.

import { AssertionError, assert } from '../core/assert.ts';
import type { Instant } from '../core/time.ts';
import type { Random } from '../platform/platform.ts';
import { DeadlockError, RunawayError } from './errors.ts';
import { EventQueue } from './queue.ts';
import type { Turn } from './turn.ts';

export type EventHandle = number & { readonly __brand: 'EventHandle' };

export interface EngineOptions {
  readonly turn: Turn;
  /** Who waits for what, for the deadlock error. */
  readonly waits?: () => readonly string[];
  /** How many events one instant may have before the run is called a run-away. */
  readonly eventsPerInstantMax?: number;
  /** Puts events of equal time into a random order, to explore schedules. */
  readonly permute?: Random;
}

export interface RunUntil {
  /** Asked before every event. */
  readonly finished: () => boolean;
  /** No event later than this one is called; the run ends there. */
  readonly horizon: Instant;
}

const EVENTS_PER_INSTANT_MAX = 10_000_000;
/** Wakes, and events that wake nobody, between two looks at signals and I/O. */
const WAKES_PER_PULSE = 1_000;
const EVENTS_PER_PULSE = 16_384;

type Outcome = { readonly kind: 'done' } | { readonly kind: 'failed'; readonly error: unknown };
const DONE: Outcome = { kind: 'done' };

export class Engine {
  readonly #turn: Turn;
  readonly #queue: EventQueue;
  readonly #waits: () => readonly string[];
  readonly #eventsPerInstantMax: number;
  #now = 0 as Instant;
  #eventCount = 0;
  #eventsAtInstant = 0;
  #hasWoken = false;
  #isRunning = false;
  #stopped: Outcome | null = null;

  constructor(options: EngineOptions) {
    this.#turn = options.turn;
    this.#queue = new EventQueue(options.permute);
    this.#waits = options.waits ?? (() => []);
    this.#eventsPerInstantMax = options.eventsPerInstantMax ?? EVENTS_PER_INSTANT_MAX;
  }

  now(): Instant {
    return this.#now;
  }

  /** Events called so far. */
  get eventCount(): number {
    return this.#eventCount;
  }

  /** Events pending, without the cancelled ones. */
  get pendingCount(): number {
    return this.#queue.size;
  }

  /** Calls `fire` at `at`, behind all events that are scheduled for the same instant already. `at` is not in the past. */
  schedule(at: Instant, fire: () => void): EventHandle {
    if (!(at >= this.#now && at <= Number.MAX_SAFE_INTEGER)) this.#refuse(at);
    return this.#queue.push(at, fire) as EventHandle;
  }

  /** After this the event is never called. Repeating it, or calling it late, does nothing. */
  cancel(handle: EventHandle): void {
    this.#queue.cancel(handle);
  }

  /** Whoever resolves or rejects a promise from an event says so here, in that event. */
  woke(): void {
    this.#hasWoken = true;
  }

  /** Ends the run before the next event: well, or with `error`. A stopped engine never runs again; the first call counts. */
  stop(error?: Error): void {
    this.#stopped ??= error === undefined ? { kind: 'done' } : { kind: 'failed', error };
  }

  /**
   * Calls events until `finished`, `stop` or the horizon. Rejects with `DeadlockError`, `RunawayError`, the error given to
   * `stop`, or what an event threw. `onPulse` is called now and then, after signals and I/O had their turn.
   */
  run(until: RunUntil, onPulse?: (now: Instant) => void): Promise<void> {
    assert(!this.#isRunning, 'the engine is running already');
    this.#isRunning = true;
    // Programs started before the run may have microtasks to finish.
    this.#hasWoken = true;
    return new Promise((resolve, reject) => {
      const end = (outcome: Outcome): void => {
        this.#isRunning = false;
        if (outcome.kind === 'done') resolve();
        else reject(outcome.error);
      };
      this.#turns(until, onPulse ?? (() => {}), end);
    });
  }

  /** Takes turns with the runtime: a slice of events, then its microtasks or its I/O, until a slice has an outcome. */
  #turns(until: RunUntil, onPulse: (now: Instant) => void, end: (outcome: Outcome) => void): void {
    let wakesLeft = WAKES_PER_PULSE;
    let isPulseDue = false;
    const next = (): void => {
      const outcome = this.#attempt(until, isPulseDue ? onPulse : null);
      isPulseDue = false;
      if (outcome !== null) end(outcome);
      else if (this.#hasWoken && wakesLeft-- > 0) this.#turn.afterMicrotasks(next);
      else {
        wakesLeft = WAKES_PER_PULSE;
        isPulseDue = true;
        this.#turn.afterIo(next);
      }
    };
    this.#turn.afterMicrotasks(next);
  }

  #attempt(until: RunUntil, onPulse: ((now: Instant) => void) | null): Outcome | null {
    try {
      onPulse?.(this.#now);
      return this.#slice(until);
    } catch (error) {
      return { kind: 'failed', error };
    }
  }

  /** Calls events until one wakes somebody or the runtime is due a look; null when the run goes on after that. */
  #slice(until: RunUntil): Outcome | null {
    const queue = this.#queue;
    this.#hasWoken = false;
    for (let left = EVENTS_PER_PULSE; left > 0; left--) {
      if (this.#stopped !== null) return this.#stopped;
      if (until.finished()) return DONE;
      const time = queue.nextTime();
      if (time > until.horizon || time === Infinity)
        return this.#idle(time, until, left === EVENTS_PER_PULSE);
      this.#advance(time);
      this.#eventCount++;
      queue.take()();
      if (this.#hasWoken) return null;
    }
    return null;
  }

  #advance(time: number): void {
    if (time === this.#now) {
      if (++this.#eventsAtInstant > this.#eventsPerInstantMax) {
        throw new RunawayError(this.#now, this.#eventsPerInstantMax);
      }
      return;
    }
    assert(time > this.#now, 'time went back');
    this.#now = time as Instant;
    this.#eventsAtInstant = 1;
  }

  /** Nothing to call up to the horizon. An empty queue is a deadlock only once the microtasks have run. */
  #idle(time: number, until: RunUntil, isDrained: boolean): Outcome | null {
    if (time !== Infinity) {
      this.#now = Math.max(this.#now, until.horizon) as Instant;
      return DONE;
    }
    if (isDrained) throw new DeadlockError(this.#now, this.#waits());
    this.#hasWoken = true;
    return null;
  }

  #refuse(at: number): never {
    throw new AssertionError(
      `an event cannot be scheduled at ${at} ns: it is ${this.#now} ns now, the end is 2^53`,
    );
  }
}
