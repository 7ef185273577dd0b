// An end host's transceiver: a transmitter, and a receiver that believes in light only after enough of it has
// been steady for its power-on delay, and in darkness at once. Light of another transmitter, or over another
// length, always comes after darkness: a mirror that moves guides no light, if only for an instant.

import { assert } from '../src/core/assert.ts';
import type { Dbm, Metres } from '../src/core/quantity.ts';
import type { Duration } from '../src/core/time.ts';
import type { Clock, Timer } from '../src/platform/platform.ts';
import { DARK, DARK_POWER, isSameLight, type Light, transmitted } from './light.ts';

export interface TerminalOptions {
  readonly launchPower: Dbm;
  /** The least power that the receiver can use. */
  readonly sensitivity: Dbm;
  /** From enough light to a usable signal. */
  readonly powerOnDelay: Duration;
}

export type ReceiverState = 'dark' | 'settling' | 'lit';

const RECEIVER_TRANSITIONS: Record<ReceiverState, readonly ReceiverState[]> = {
  dark: ['settling'],
  settling: ['dark', 'lit'],
  lit: ['dark'],
};

export class Terminal {
  readonly name: string;
  readonly #options: TerminalOptions;
  readonly #clock: Pick<Clock, 'timer'>;
  readonly #changed: { lost: () => void; restored: (from: string, length: Metres) => void };
  #launch: (light: Light) => void = () => {};
  #launchPower: Dbm;
  #isTransmitting = true;
  #received: Light = DARK;
  #state: ReceiverState = 'dark';
  #settled: Timer | null = null;

  constructor(
    name: string,
    options: TerminalOptions,
    clock: Pick<Clock, 'timer'>,
    changed: { lost: () => void; restored: (from: string, length: Metres) => void },
  ) {
    this.name = name;
    this.#options = options;
    this.#clock = clock;
    this.#changed = changed;
    this.#launchPower = options.launchPower;
  }

  /** Power at the receiver. */
  get power(): Dbm {
    return this.#received.power;
  }

  get receiver(): ReceiverState {
    return this.#state;
  }

  get isTransmitting(): boolean {
    return this.#isTransmitting;
  }

  /** Whose light it receives, over what length of fibre; null unless lit. For observers: no host can tell. */
  get light(): { readonly from: string; readonly length: Metres } | null {
    if (this.#state !== 'lit' || this.#received.source === null) return null;
    return { from: this.#received.source, length: this.#received.length };
  }

  /** Plugs the fibre's near end in. */
  attach(launch: (light: Light) => void): void {
    this.#launch = launch;
    this.#transmit();
  }

  setTransmitter(isOn: boolean, launchPower: Dbm = this.#launchPower): void {
    this.#isTransmitting = isOn;
    this.#launchPower = launchPower;
    this.#transmit();
  }

  /** Light at the receiver from now on. */
  receive(light: Light): void {
    if (isSameLight(light, this.#received)) return;
    this.#received = light;
    const isEnough = light.power > DARK_POWER && light.power >= this.#options.sensitivity;
    if (this.#state !== 'dark' && !isEnough) this.#advance('dark');
    if (this.#state === 'dark' && isEnough) this.#advance('settling');
  }

  #transmit(): void {
    this.#launch(this.#isTransmitting ? transmitted(this.name, this.#launchPower) : DARK);
  }

  #advance(next: ReceiverState): void {
    const from = this.#state;
    assert(RECEIVER_TRANSITIONS[from].includes(next), `a receiver cannot go from ${from} to ${next}`);
    this.#state = next;
    this.#settled?.cancel();
    this.#settled = null;
    if (next === 'settling')
      this.#settled = this.#clock.timer(this.#options.powerOnDelay, () => this.#advance('lit'));
    if (from === 'lit') this.#changed.lost();
    if (next === 'lit' && this.light !== null) this.#changed.restored(this.light.from, this.light.length);
  }
}
