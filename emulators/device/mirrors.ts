// A switch's mirrors as its controller sees them. Taking a cross-connect away darkens it at once; a new one
// carries light only after the mirrors have moved and settled. Ports of mirrors in motion are in use.

import type { Duration } from '../../src/core/time.ts';
import type { Clock, Timer } from '../../src/platform/platform.ts';
import type { PlantSwitch } from '../plant-switch.ts';

export class Mirrors {
  readonly #clock: Pick<Clock, 'timer'>;
  readonly #optics: PlantSwitch;
  readonly #switchingTime: () => Duration;
  /** By input. */
  readonly #moving = new Map<string, { output: string; timer: Timer; settled: () => void }>();

  /** `switchingTime` is asked for each move. */
  constructor(clock: Pick<Clock, 'timer'>, optics: PlantSwitch, switchingTime: () => Duration) {
    this.#clock = clock;
    this.#optics = optics;
    this.#switchingTime = switchingTime;
  }

  /** The output that the input goes to or is about to. */
  outputOf(input: string): string | null {
    return this.#moving.get(input)?.output ?? this.#optics.outputOf(input);
  }

  inputOf(output: string): string | null {
    for (const [input, move] of this.#moving) if (move.output === output) return input;
    return this.#optics.inputOf(output);
  }

  /** Both must be free. Resolves when the mirrors have settled, or when the cross-connect was taken away before that. */
  connect(input: string, output: string): Promise<void> {
    return new Promise((settled) => {
      const timer = this.#clock.timer(this.#switchingTime(), () => {
        this.#moving.delete(input);
        this.#optics.connect(input, output);
        settled();
      });
      this.#moving.set(input, { output, timer, settled });
    });
  }

  /** The cross-connect must be there. */
  disconnect(input: string, output: string): void {
    const move = this.#moving.get(input);
    if (move === undefined) return this.#optics.disconnect(input, output);
    move.timer.cancel();
    this.#moving.delete(input);
    move.settled();
  }
}
