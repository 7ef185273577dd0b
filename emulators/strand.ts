// One direction of a fibre: a delay line with at most one cut. What leaves the far end is what entered one
// propagation delay ago, unless a cut stood in its way; light beyond a cut still arrives, light before it does
// not, and after a repair the light that stands before the cut goes on from there.
//
//      launch ──► history ──────── cut at d1 ──────── pending ──► deliver
//                 (entered within the last delay)     (on its way to the far end)

import { assert } from '../src/core/assert.ts';
import { type Db, type Metres, propagationDelay } from '../src/core/quantity.ts';
import { after, type Duration, type Instant, ns } from '../src/core/time.ts';
import type { Clock, Timer } from '../src/platform/platform.ts';
import { attenuated, DARK, isSameLight, type Light } from './light.ts';

/** Changes of light inside one strand at a time. Mirrors need milliseconds to move: thousands are a runaway. */
const changesInFlightMax = 10_000;

interface Arrival {
  readonly at: Instant;
  readonly light: Light;
  readonly timer: Timer;
}

export class Strand {
  readonly #clock: Pick<Clock, 'now' | 'timer'>;
  readonly #length: Metres;
  readonly #loss: Db;
  readonly #delay: Duration;
  readonly #deliver: (light: Light) => void;
  /** Launches of the last propagation delay, oldest first, and the one before them. */
  #history: { at: Instant; light: Light }[] = [];
  #pending: Arrival[] = [];
  /** Propagation delay from the near end to the cut, or null where the strand is whole. */
  #cutAfter: Duration | null = null;

  constructor(o: {
    clock: Pick<Clock, 'now' | 'timer'>;
    length: Metres;
    loss: Db;
    deliver: (light: Light) => void;
  }) {
    this.#clock = o.clock;
    this.#length = o.length;
    this.#loss = o.loss;
    this.#delay = propagationDelay(o.length);
    this.#deliver = o.deliver;
  }

  get isCut(): boolean {
    return this.#cutAfter !== null;
  }

  /** What enters the near end from now on. */
  launch(light: Light): void {
    const now = this.#clock.now();
    this.#forgetBefore(now - this.#delay);
    if (isSameLight(this.#history.at(-1)?.light ?? DARK, light)) return;
    assert(
      this.#history.length < changesInFlightMax,
      `more than ${changesInFlightMax} changes of light in one fibre`,
    );
    this.#history.push({ at: now, light });
    if (!this.isCut) this.#arrive(after(now, this.#delay), light);
  }

  /** Cuts at a share of the length from the near end. False when it is cut already. */
  cut(share: number): boolean {
    if (this.isCut) return false;
    const now = this.#clock.now();
    this.#cutAfter = ns(Math.round(this.#delay * share));
    const darkAt = after(now, this.#beyondCut());
    for (const arrival of this.#pending) if (arrival.at > darkAt) arrival.timer.cancel();
    this.#pending = this.#pending.filter((arrival) => arrival.at <= darkAt);
    this.#arrive(darkAt, DARK);
    return true;
  }

  /** False when it was whole. */
  repair(): boolean {
    if (this.#cutAfter === null) return false;
    const now = this.#clock.now();
    const atCutSince = now - this.#cutAfter;
    this.#forgetBefore(atCutSince);
    const beyond = this.#beyondCut();
    this.#cutAfter = null;
    for (const { at, light } of this.#history)
      this.#arrive(at <= atCutSince ? after(now, beyond) : after(at, this.#delay), light);
    return true;
  }

  #beyondCut(): Duration {
    return ns(this.#delay - (this.#cutAfter ?? 0));
  }

  #arrive(at: Instant, light: Light): void {
    const wait = ns(Math.max(0, at - this.#clock.now()));
    const arrival: Arrival = { at, light, timer: this.#clock.timer(wait, () => this.#arrived(arrival)) };
    this.#pending.push(arrival);
  }

  /** Delivers everything up to `last`, so that a coarse timer cannot let a later change overtake an earlier one. */
  #arrived(last: Arrival): void {
    const due = this.#pending.splice(0, this.#pending.indexOf(last) + 1);
    for (const arrival of due) {
      arrival.timer.cancel();
      this.#deliver(attenuated(arrival.light, this.#loss, this.#length));
    }
  }

  #forgetBefore(time: number): void {
    let first = 0;
    while ((this.#history[first + 1]?.at ?? Infinity) <= time) first++;
    if (first > 0) this.#history = this.#history.slice(first);
  }
}
