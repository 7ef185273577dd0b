// A device whose controller can restart: its sessions are dropped, what it was doing is never finished, its ports
// refuse connections for a while, and then it comes up anew and finds its mirrors as they are. What it had only in its
// memory (connections entered and not activated, standing alarms) is gone [U].

import type { Duration, Instant, WallTime } from '../../src/core/time.ts';
import { cancellableSleep } from '../../src/platform/cancellable-sleep.ts';
import type { Address, Clock, Platform, Timer } from '../../src/platform/platform.ts';
import type { DeviceProfile } from './profile.ts';

/** The handle on one device, in its profile. */
export class Restarts {
  #down: ((for_: Duration) => void) | null = null;

  /** Goes down at once, and comes up after `down`. Does nothing while it is down. */
  restart(down: Duration): void {
    this.#down?.(down);
  }

  /** Resolves to how long it stays down when it is told to restart, or to null once `until` is aborted. */
  next(until: AbortSignal): Promise<Duration | null> {
    return new Promise((resolve) => {
      const end = (down: Duration | null): void => {
        this.#down = null;
        until.removeEventListener('abort', stop);
        resolve(down);
      };
      const stop = (): void => end(null);
      this.#down = end;
      if (until.aborted) stop();
      else until.addEventListener('abort', stop, { once: true });
    });
  }
}

/** Runs `serve` from each start of the device to its end, until the profile's `until` is aborted. */
export async function serveThroughRestarts<P extends DeviceProfile>(
  platform: Platform,
  profile: P,
  serve: (platform: Platform, profile: P) => Promise<void>,
): Promise<void> {
  let { listeners } = profile;
  const listening = (addresses: readonly Address[]): void => {
    const isFirst = listeners === profile.listeners;
    // A port that the system chose is kept.
    listeners = listeners.map((listener, i) => ({ ...listener, tcpPort: addresses[i]?.tcpPort ?? 0 }));
    if (isFirst) profile.listening(addresses);
  };
  for (;;) {
    const end = new AbortController();
    const clock = new BootClock(platform.clock);
    const ordered = profile.restarts.next(profile.until);
    const boot = { machine: platform.machine, network: platform.network, store: platform.store };
    const rest = { random: platform.random, log: platform.log, clock };
    const served = serve({ ...boot, ...rest }, { ...profile, listeners, listening, until: end.signal });
    const down = await Promise.race([ordered, served.then(() => null)]);
    clock.end();
    end.abort();
    await served;
    if (down === null) return;
    await platform.clock.sleep(down);
  }
}

/** The clock of one start: after its end no timer fires and no sleep ends. */
class BootClock implements Clock {
  readonly #clock: Clock;
  readonly #timers = new Set<Timer>();
  #isEnded = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  now(): Instant {
    return this.#clock.now();
  }

  wall(): WallTime {
    return this.#clock.wall();
  }

  timer(d: Duration, fire: () => void): Timer {
    if (this.#isEnded) return { cancel: () => {} };
    const timer = this.#clock.timer(d, () => {
      this.#timers.delete(timer);
      fire();
    });
    this.#timers.add(timer);
    return {
      cancel: () => {
        this.#timers.delete(timer);
        timer.cancel();
      },
    };
  }

  sleep(d: Duration, signal?: AbortSignal): Promise<void> {
    return cancellableSleep(this, d, signal);
  }

  end(): void {
    this.#isEnded = true;
    for (const timer of this.#timers) timer.cancel();
    this.#timers.clear();
  }
}
