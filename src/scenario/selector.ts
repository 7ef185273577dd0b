// The selector of 1+1 protection at one end of a data link: the far host sends the same on all its lines, and the
// receiver takes one that is lit. When that goes dark it takes another after the selection time, without asking
// anybody; it does not go back by itself. A receiver that had nothing takes what comes at once.

import type { Metres } from '../core/quantity.ts';
import { type Duration, ms } from '../core/time.ts';
import type { Clock } from '../platform/platform.ts';

/**
 * From the loss of the light that was selected until the other line's bits are used. 10 ms is the time in which
 * a receiver must have detected a failure before the 50 ms of protection switching begin (ITU-T G.841, section 7);
 * that a selector needs no longer than that altogether is inferred.
 */
export const SELECTION_TIME: Duration = ms(10);

export interface SelectedLight {
  readonly terminal: string;
  /** Of the fibres that it came through. */
  readonly length: Metres;
}

export class Selector {
  readonly #clock: Pick<Clock, 'timer'>;
  /** In order of preference. */
  readonly #terminals: readonly string[];
  readonly #time: Duration;
  readonly #changed: () => void;
  readonly #lit = new Map<string, Metres>();
  #selected: string | null = null;
  #isSelecting = false;

  constructor(o: {
    readonly clock: Pick<Clock, 'timer'>;
    readonly terminals: readonly string[];
    readonly time: Duration;
    readonly changed: () => void;
  }) {
    this.#clock = o.clock;
    this.#terminals = o.terminals;
    this.#time = o.time;
    this.#changed = o.changed;
  }

  get selected(): SelectedLight | null {
    const length = this.#selected === null ? undefined : this.#lit.get(this.#selected);
    return this.#selected === null || length === undefined ? null : { terminal: this.#selected, length };
  }

  /** Light of the far host came to the terminal. */
  restored(terminal: string, length: Metres): void {
    if (!this.#terminals.includes(terminal)) return;
    this.#lit.set(terminal, length);
    if (this.#selected === null && !this.#isSelecting) this.#select();
  }

  lost(terminal: string): void {
    this.#lit.delete(terminal);
    if (this.#selected !== terminal) return;
    this.#selected = null;
    this.#changed();
    if (this.#lit.size === 0 || this.#isSelecting) return;
    this.#isSelecting = true;
    this.#clock.timer(this.#time, () => {
      this.#isSelecting = false;
      this.#select();
    });
  }

  #select(): void {
    this.#selected = this.#terminals.find((terminal) => this.#lit.has(terminal)) ?? null;
    if (this.#selected !== null) this.#changed();
  }
}
