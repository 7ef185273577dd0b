// Who waits for what: each pending promise of a simulated machine stands here while it is pending. When the
// engine runs out of events, the table is the answer to "why does nothing happen any more?".

export class WaitTable {
  readonly #pending = new Map<number, { machine: string; what: string | (() => string) }>();
  #next = 0;

  /** Notes that `machine` waits for `what`, put into words only when asked; returns the token to remove the note with. */
  add(machine: string, what: string | (() => string)): number {
    const token = this.#next++;
    this.#pending.set(token, { machine, what });
    return token;
  }

  /** Repeating it does nothing. */
  remove(token: number): void {
    this.#pending.delete(token);
  }

  /** Everything a machine waits for is over when it crashes: nothing of it will ever settle. */
  removeAll(machine: string): void {
    for (const [token, wait] of this.#pending) if (wait.machine === machine) this.#pending.delete(token);
  }

  /** In the order the waits began. */
  list(): string[] {
    return [...this.#pending.values()].map(
      ({ machine, what }) => `${machine} waits for ${typeof what === 'string' ? what : what()}`,
    );
  }
}
