// Commands that wait to be sent, first come first served, each within its own time limit.

import { between, type Duration, type Instant, ZERO } from '../core/time.ts';
import type { Clock, Timer } from '../platform/platform.ts';
import type { Tl1Request } from './link.ts';
import { type Tl1Outcome, unanswered } from './outcome.ts';

export interface WaitingCommand {
  readonly request: Tl1Request;
  /** For waiting and answer together, and when it has passed. */
  readonly limit: Duration;
  readonly deadline: Instant;
  readonly resolve: (outcome: Tl1Outcome) => void;
}

/** Commands that wait to be sent; more are unanswered at once. */
const WAITING_MAX = 4096;

export class WaitingLine {
  readonly #clock: Pick<Clock, 'now' | 'timer'>;
  readonly #onUnsent: (request: Tl1Request) => string;
  readonly #line: { readonly command: WaitingCommand; readonly timer: Timer }[] = [];

  /** `onUnsent` is told of each command that was not sent in time, and says why. */
  constructor(clock: Pick<Clock, 'now' | 'timer'>, onUnsent: (request: Tl1Request) => string) {
    this.#clock = clock;
    this.#onUnsent = onUnsent;
  }

  get length(): number {
    return this.#line.length;
  }

  add(command: WaitingCommand): void {
    if (this.#line.length >= WAITING_MAX) return command.resolve(unanswered('too many commands wait', false));
    const timer = this.#clock.timer(this.left(command), () => {
      this.#line.splice(
        this.#line.findIndex((entry) => entry.command === command),
        1,
      );
      this.#abandon(command);
    });
    this.#line.push({ command, timer });
  }

  /** The first in line, which is then the caller's to resolve. */
  take(): WaitingCommand | undefined {
    const first = this.#line.shift();
    first?.timer.cancel();
    return first?.command;
  }

  /** Leaves every command unanswered. */
  clear(): void {
    for (let command = this.take(); command !== undefined; command = this.take()) this.#abandon(command);
  }

  /** What is left of a command's time limit. */
  left({ deadline }: WaitingCommand): Duration {
    const now = this.#clock.now();
    return deadline > now ? between(now, deadline) : ZERO;
  }

  #abandon(command: WaitingCommand): void {
    command.resolve(unanswered(`not sent: ${this.#onUnsent(command.request)}`, false));
  }
}
