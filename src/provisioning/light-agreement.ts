// What the two ends of a light path agree about its light, as in BFD (RFC 5880, 6.2): an end says what it receives, and
// counts the path as verified when the other end receives, too, and has said so. Here the words go over
// another network than the light, so hearing them says nothing of the path.
//
//   dark <--light goes, comes--> lit <--the peer is dark or silent, is lit--> agreed --light goes--> dark

import { assert } from '../core/assert.ts';

export type LightState = 'dark' | 'lit' | 'agreed';

const TRANSITIONS: Readonly<Record<LightState, readonly LightState[]>> = {
  dark: ['lit'],
  lit: ['dark', 'agreed'],
  agreed: ['dark', 'lit'],
};

export interface LightView {
  /** Whether the path is to have light, and this end receives some. */
  readonly isLit: boolean;
  /** What the other end said last; null when that is too long ago. */
  readonly peer: LightState | null;
}

export class LightAgreement {
  #state: LightState = 'dark';

  get state(): LightState {
    return this.#state;
  }

  /** Whether the state is another now. */
  see({ isLit, peer }: LightView): boolean {
    const before = this.#state;
    if (!isLit) this.#enter('dark');
    else {
      if (this.#state === 'dark') this.#enter('lit');
      this.#enter(peer === 'lit' || peer === 'agreed' ? 'agreed' : 'lit');
    }
    return this.#state !== before;
  }

  #enter(state: LightState): void {
    if (state === this.#state) return;
    assert(TRANSITIONS[this.#state].includes(state), `light went from ${this.#state} to ${state}`);
    this.#state = state;
  }
}
