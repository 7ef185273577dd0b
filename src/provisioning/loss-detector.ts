// Decides from power readings and alarms whether a port that should have light has lost it: a threshold, a
// hysteresis above it for the return, and a hold-off before loss counts. A port that comes into use is
// given some time for its first light before its darkness counts as loss; one found in use after a restart is not.

import { assert } from '../core/assert.ts';
import { type Db, type Dbm, db, dbm } from '../core/quantity.ts';
import { after, type Duration, type Instant, ZERO } from '../core/time.ts';

/** -20 dBm: MonALISA MLCopyAgent; exactly that does nothing. The hysteresis of 1 dB is ours. */
export const DEFAULT_THRESHOLD = dbm(-20);
export const DEFAULT_HYSTERESIS = db(1);

export type LightState = 'awaiting' | 'lit' | 'fading' | 'dark';
const TRANSITIONS: Readonly<Record<LightState, readonly LightState[]>> = {
  awaiting: ['lit', 'dark'],
  lit: ['fading', 'dark'],
  fading: ['lit', 'dark'],
  dark: ['lit'],
};

export type LightChange = 'lost' | 'returned' | null;

interface Watched {
  state: LightState;
  since: Instant;
  /** Since when it has had light, while it has. */
  litSince: Instant | null;
  readonly watchedFrom: Instant;
  /** The most that came in while the port came up. */
  nominal: Dbm | null;
}

export class LossDetector {
  readonly #threshold: Dbm;
  readonly #hysteresis: Db;
  readonly #drop: Db | null;
  readonly #holdOff: Duration;
  readonly #firstLight: Duration;
  readonly #ports = new Map<string, Watched>();

  /** `drop`: what a port may lose of the power that it had when it came up; null: down to the threshold. */
  constructor(o: {
    threshold: Dbm;
    hysteresis: Db;
    holdOff: Duration;
    firstLight: Duration;
    drop?: Db | null;
  }) {
    this.#threshold = o.threshold;
    this.#hysteresis = o.hysteresis;
    this.#drop = o.drop ?? null;
    this.#holdOff = o.holdOff;
    this.#firstLight = o.firstLight;
  }

  /** `lit`: it had light when it was last watched, by an earlier life of the agent. */
  watch(port: string, now: Instant, state: 'awaiting' | 'lit' = 'awaiting'): void {
    const litSince = state === 'lit' ? now : null;
    this.#ports.set(port, { state, since: now, litSince, watchedFrom: now, nominal: null });
  }

  forget(port: string): void {
    this.#ports.delete(port);
  }

  state(port: string): LightState | null {
    return this.#ports.get(port)?.state ?? null;
  }

  /** Null while there is no light, or none has been seen yet. */
  litSince(port: string): Instant | null {
    return this.#ports.get(port)?.litSince ?? null;
  }

  get ports(): string[] {
    return [...this.#ports.keys()];
  }

  reading(port: string, power: Dbm, now: Instant): LightChange {
    const threshold = this.thresholdOf(port);
    if (power < threshold) return this.#below(port, now, false);
    const watched = this.#ports.get(port);
    if (power >= threshold + this.#hysteresis) {
      if (watched !== undefined) this.#measure(watched, power, now);
      return this.#lit(port, now);
    }
    // Between the two levels a fading port has not lost its light, and a dark one has not got it back.
    return watched?.state === 'fading' ? this.#lit(port, now) : null;
  }

  /** A device's own word: raised is loss of light at this input, cleared its return. */
  alarm(port: string, isRaised: boolean, now: Instant): LightChange {
    return isRaised ? this.#below(port, now, true) : this.#lit(port, now);
  }

  /** Below it the port counts as dark. */
  thresholdOf(port: string): Dbm {
    const nominal = this.#ports.get(port)?.nominal ?? null;
    if (this.#drop === null || nominal === null) return this.#threshold;
    return dbm(Math.max(this.#threshold, nominal - this.#drop));
  }

  /** Power settles after mirrors have moved: the nominal power is the most of the time that first light is given. */
  #measure(watched: Watched, power: Dbm, now: Instant): void {
    const isComingUp = now <= after(watched.watchedFrom, this.#firstLight);
    if (watched.nominal === null || (isComingUp && power > watched.nominal)) watched.nominal = power;
  }

  #below(port: string, now: Instant, isAlarm: boolean): LightChange {
    const watched = this.#ports.get(port);
    if (watched === undefined || watched.state === 'dark') return null;
    if (watched.state === 'lit') {
      watched.since = now;
      watched.litSince = null;
      this.#advance(watched, 'fading');
    }
    // A device that raises an alarm has applied its own hold-off already.
    const wait = watched.state === 'awaiting' ? this.#firstLight : isAlarm ? ZERO : this.#holdOff;
    if (now < after(watched.since, wait)) return null;
    this.#advance(watched, 'dark');
    return 'lost';
  }

  #lit(port: string, now: Instant): LightChange {
    const watched = this.#ports.get(port);
    if (watched === undefined || watched.state === 'lit') return null;
    watched.litSince = now;
    const wasFading = watched.state === 'fading';
    this.#advance(watched, 'lit');
    return wasFading ? null : 'returned';
  }

  #advance(watched: Watched, to: LightState): void {
    assert(TRANSITIONS[watched.state].includes(to), `light at a port: ${watched.state} to ${to}`);
    watched.state = to;
  }
}
