// So many at a time, the others in a queue: first by priority, then by arrival. One cut can make many paths dark, and
// moving all of them in one instant would leave none of them an answer in time. Those that come within a moment of each
// other, as what one cut has hit does, go by priority even where there are turns for all: there may not be fibres for all.
// Whoever will come for a turn soon is waited for by those behind him.

export class TurnQueue {
  readonly #limit: number;
  readonly #gather: ((over: () => void) => void) | null;
  readonly #waiting: { readonly priority: number; readonly start: () => void }[] = [];
  /** Priorities of those that are about to come. */
  readonly #expected: { readonly priority: number }[] = [];
  #taken = 0;
  #isGathering = false;

  /** `gather` calls back when the moment is over in which others may still come; by default there is none. */
  constructor(limit: number, gather: ((over: () => void) => void) | null = null) {
    this.#limit = limit;
    this.#gather = gather;
  }

  /** Resolves when it is the caller's turn, with what ends it. A lower number goes first. */
  async take(priority: number): Promise<() => void> {
    const turn = this.#wait(priority);
    if (this.#gather === null) this.#startNext();
    else if (!this.#isGathering && this.#taken < this.#limit) {
      this.#isGathering = true;
      this.#gather(() => {
        this.#isGathering = false;
        this.#startNext();
      });
    }
    await turn;
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      this.#taken--;
      if (!this.#isGathering) this.#startNext();
    };
  }

  /** Nobody of lower priority has a turn before this one has come, or what is returned is called. */
  expect(priority: number): () => void {
    const expected = { priority };
    this.#expected.push(expected);
    return () => {
      const place = this.#expected.indexOf(expected);
      if (place === -1) return;
      this.#expected.splice(place, 1);
      if (!this.#isGathering) this.#startNext();
    };
  }

  #wait(priority: number): Promise<void> {
    return new Promise((start) => {
      const place = this.#waiting.findIndex((other) => other.priority > priority);
      this.#waiting.splice(place === -1 ? this.#waiting.length : place, 0, { priority, start });
    });
  }

  /** As many as there are turns for. */
  #startNext(): void {
    const first = Math.min(...this.#expected.map(({ priority }) => priority));
    const count = this.#waiting.findLastIndex(({ priority }) => priority <= first) + 1;
    for (const { start } of this.#waiting.splice(0, Math.min(count, this.#limit - this.#taken))) {
      this.#taken++;
      start();
    }
  }
}
