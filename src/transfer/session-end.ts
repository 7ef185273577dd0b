// How a session at either end comes to its end: many tasks run at once, the first outcome counts, and every task ends by
// itself after it. What a task throws is an outcome, too; a bug is kept and thrown on at the end.

import { isBreak, isFailure } from './errors.ts';

export interface SessionEndOptions<Outcome> {
  readonly broken: (reason: string) => Outcome;
  readonly failed: (reason: string) => Outcome;
  /** Called once, at once, with the first outcome. */
  readonly ended: (outcome: Outcome) => void;
}

export class SessionEnd<Outcome> {
  readonly #options: SessionEndOptions<Outcome>;
  #outcome: Outcome | null = null;
  #bug: unknown = null;

  constructor(options: SessionEndOptions<Outcome>) {
    this.#options = options;
  }

  get outcome(): Outcome | null {
    return this.#outcome;
  }

  get isOver(): boolean {
    return this.#outcome !== null;
  }

  finish(outcome: Outcome): void {
    if (this.#outcome !== null) return;
    this.#outcome = outcome;
    this.#options.ended(outcome);
  }

  break(reason: string): void {
    this.finish(this.#options.broken(reason));
  }

  fail(reason: string): void {
    this.finish(this.#options.failed(reason));
  }

  /** Ends the session by what a task threw. */
  endBy(error: unknown): void {
    if (isBreak(error)) return this.break(error.message);
    if (!isFailure(error)) this.#bug ??= error;
    this.fail(error instanceof Error ? error.message : String(error));
  }

  /** Never rejects. */
  async guard(task: Promise<void>): Promise<void> {
    try {
      await task;
    } catch (error) {
      this.endBy(error);
    }
  }

  /** Once every task has ended. Throws what was a bug. */
  result(): Outcome {
    if (this.#bug !== null) throw this.#bug;
    return this.#outcome ?? this.#options.broken('the session ended without an outcome');
  }
}
