// The transactions that a participant knows, in the order in which they came to it. Ended ones are remembered for a
// while, so that late and repeated messages about them are recognised, but looked through no more.

import type { ParticipantTransaction } from './participant-transaction.ts';
import { LIMITS } from './timings.ts';

export class ParticipantTransactions {
  readonly #known = new Map<string, ParticipantTransaction>();
  /** Without an end when they were last looked through. */
  readonly #open = new Set<ParticipantTransaction>();

  get(id: string): ParticipantTransaction | undefined {
    return this.#known.get(id);
  }

  add(t: ParticipantTransaction): void {
    this.#known.set(t.prepare.transaction, t);
    this.#open.add(t);
  }

  get open(): readonly ParticipantTransaction[] {
    for (const t of this.#open) if (t.isEnded) this.#open.delete(t);
    return [...this.#open];
  }

  get waiting(): ParticipantTransaction[] {
    return this.open.filter((t) => t.state === 'waiting');
  }

  /** Those by which what the path holds may still change. */
  underWay(path: string): readonly ParticipantTransaction[] {
    return this.open.filter((t) => t.prepare.path === path && t.isUnderWay);
  }

  /** Of the ended ones the oldest go first. */
  forgetOldest(): void {
    for (const [id, t] of this.#known) {
      if (this.#known.size <= LIMITS.rememberedMax) return;
      if (t.isEnded) this.#known.delete(id);
    }
  }
}
