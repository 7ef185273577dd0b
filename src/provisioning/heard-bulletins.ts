// Which bulletins have been heard before: of each agent's life a window of the last ones, as they may overtake each other.

import type { Bulletin } from './news-messages.ts';
import { LIMITS } from './timings.ts';

interface Heard {
  readonly boot: number;
  last: number;
  readonly numbers: Set<number>;
}

export class HeardBulletins {
  readonly #heard = new Map<string, Heard>();

  forget(switchName: string): void {
    this.#heard.delete(switchName);
  }

  /** True for one that is new. */
  add({ switchName, boot, number }: Bulletin): boolean {
    let heard = this.#heard.get(switchName);
    if (heard === undefined && this.#heard.size >= LIMITS.peersMax) return false;
    if (heard === undefined || heard.boot < boot) {
      heard = { boot, last: number, numbers: new Set() };
      this.#heard.set(switchName, heard);
    }
    const isOld = heard.boot > boot || number <= heard.last - LIMITS.bulletinsRemembered;
    if (isOld || heard.numbers.has(number)) return false;
    heard.numbers.add(number);
    heard.last = Math.max(heard.last, number);
    if (heard.numbers.size > 2 * LIMITS.bulletinsRemembered)
      for (const known of heard.numbers)
        if (known <= heard.last - LIMITS.bulletinsRemembered) heard.numbers.delete(known);
    return true;
  }
}
