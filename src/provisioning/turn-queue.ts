// So many at a time, the others in a queue: first by priority, then by arrival. One cut can make many paths dark,
// and moving all of them in one instant would leave none of them an answer in time.

export class TurnQueue {
  readonly #limit: number;
  readonly #waiting: { readonly priority: number; readonly start: () => void }[] = [];
  #taken = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Whether more than one has a turn, or wants one. */
  get isShared(): boolean {
    return this.#taken > 1 || this.#waiting.length > 0;
  }

  /** Resolves when it is the caller's turn, with what ends it. A lower number goes first. */
  async take(priority: number): Promise<() => void> {
    if (this.#taken >= this.#limit) await this.#wait(priority);
    else this.#taken++;
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      this.#next();
    };
  }

  #wait(priority: number): Promise<void> {
    return new Promise((start) => {
      const place = this.#waiting.findIndex((other) => other.priority > priority);
      this.#waiting.splice(place === -1 ? this.#waiting.length : place, 0, { priority, start });
    });
  }

  /** Whoever is next takes the turn over; it is never free in between. */
  #next(): void {
    const first = this.#waiting.shift();
    if (first === undefined) this.#taken--;
    else first.start();
  }
}
