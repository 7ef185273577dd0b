// Commands that wait to be sent, first come first served. A long line at a device that answers is only a long line:
// one waits there until the device has answered nobody for as long as it may take to answer that one.

import { after, between, type Duration, EPOCH, type Instant, seconds } from '../core/time.ts';
import type { Clock, Timer } from '../platform/platform.ts';
import type { Tl1Request } from './link.ts';
import { type Tl1Outcome, unanswered } from './outcome.ts';

export interface WaitingCommand {
  readonly request: Tl1Request;
  /** For the answer, and in line since the last answer to anybody. */
  readonly limit: Duration;
  readonly resolve: (outcome: Tl1Outcome) => void;
}

interface Waiting {
  readonly command: WaitingCommand;
  readonly since: Instant;
  timer: Timer;
}

/** Commands that wait to be sent; more are unanswered at once. */
const WAITING_MAX = 4096;
/** Nobody waits longer, whatever the device answers to others: ours, some thousand commands. */
const longestWait: Duration = seconds(60);

export class WaitingLine {
  readonly #clock: Pick<Clock, 'now' | 'timer'>;
  readonly #onUnsent: (request: Tl1Request) => string;
  readonly #line: Waiting[] = [];
  #answeredAt: Instant = EPOCH;

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
    const since = this.#clock.now();
    const timer = this.#clock.timer(command.limit, () => this.#due(waiting));
    const waiting: Waiting = { command, since, timer };
    this.#line.push(waiting);
  }

  /** The device is at work. */
  answered(): void {
    this.#answeredAt = this.#clock.now();
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

  #due(waiting: Waiting): void {
    const { command, since } = waiting;
    const now = this.#clock.now();
    const counted = Math.max(this.#answeredAt, since) as Instant;
    const end = earlier(after(counted, command.limit), after(since, longestWait));
    if (end > now) {
      waiting.timer = this.#clock.timer(between(now, end), () => this.#due(waiting));
      return;
    }
    this.#line.splice(this.#line.indexOf(waiting), 1);
    this.#abandon(command);
  }

  #abandon(command: WaitingCommand): void {
    command.resolve(unanswered(`not sent: ${this.#onUnsent(command.request)}`, false));
  }
}

const earlier = (x: Instant, y: Instant): Instant => (x < y ? x : y);
