// Who waits for what: each pending promise of a simulated machine stands here while it is pending. When the
// engine runs out of events, the table is the answer to "why does nothing happen any more?".

import { type Address, formatAddress } from '../platform/platform.ts';

/** Put into words only when somebody asks. */
interface Wait {
  readonly machine: string;
  readonly what: string;
  readonly peer: Address | null;
}

export class WaitTable {
  readonly #pending = new Map<number, Wait>();
  #next = 0;

  /** Notes that `machine` waits for `what`, of `peer` if one is given; returns the token to remove the note with. */
  add(machine: string, what: string, peer: Address | null = null): number {
    const token = this.#next++;
    this.#pending.set(token, { machine, what, peer });
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
      ({ machine, what, peer }) =>
        `${machine} waits for ${what}${peer === null ? '' : ` ${formatAddress(peer)}`}`,
    );
  }
}
