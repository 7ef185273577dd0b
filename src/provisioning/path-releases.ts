// How a participant lets go of what paths hold: the switch is told to free it, and whoever asked for that hears when it is
// gone. What a transaction of the path may still change waits until that has ended.

import { type ParticipantOutput, released } from './participant-output.ts';
import type { ParticipantTransactions } from './participant-transactions.ts';
import type { PortBook, ReleaseDebt } from './port-book.ts';
import type { PortPair } from './port-pair.ts';

export class PathReleases {
  readonly #book: PortBook;
  readonly #transactions: ParticipantTransactions;
  /** By path: asked for while a transaction was under way. */
  readonly #waiting = new Map<string, ReleaseDebt>();

  constructor(book: PortBook, transactions: ParticipantTransactions) {
    this.#book = book;
    this.#transactions = transactions;
  }

  /** Of what is held up to the revision. A prepared transaction keeps its locks, but the cross-connect goes. */
  release(path: string, debt: ReleaseDebt): ParticipantOutput[] {
    const underWay = this.#transactions.underWay(path);
    if (underWay.length > 0) this.#waiting.set(path, debt);
    if (underWay.some((t) => t.state !== 'prepared')) return [];
    const holding = this.#book.holding(path);
    if (holding !== null && holding.revision <= debt.revision && holding.coordinator === debt.to) {
      this.#book.drop(path);
      const owed = underWay.length > 0 ? null : debt;
      return [{ kind: 'unheld', holding }, this.free(path, holding.pair, owed)];
    }
    return underWay.length > 0 || this.#book.owe(path, debt) ? [] : [released(path, debt)];
  }

  /** A transaction of the path has ended. */
  resume(path: string): ParticipantOutput[] {
    const debt = this.#waiting.get(path);
    if (debt === undefined || this.#transactions.underWay(path).length > 0) return [];
    this.#waiting.delete(path);
    return this.release(path, debt);
  }

  free(path: string, pair: PortPair, debt: ReleaseDebt | null): ParticipantOutput {
    this.#book.startFreeing(path, pair, debt);
    return { kind: 'free', path, pair };
  }

  freed(path: string, pair: PortPair): ParticipantOutput[] {
    const debt = this.#book.freed(path, pair);
    return debt === null ? [] : [released(path, debt)];
  }
}
