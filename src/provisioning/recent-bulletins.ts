// Which bulletins about fibres were said of late, by whomever, in the order in which they were said: for a neighbour to whom
// a way has opened, as what went out on the one before may be lost. Told again, a bulletin has its age, so that it counts
// for no longer than it did elsewhere, and not against what was said after it.

import type { Duration, Instant } from '../core/time.ts';
import type { Bulletin, Said } from './news-messages.ts';
import { LIMITS } from './timings.ts';

interface Kept {
  readonly bulletin: Bulletin;
  /** On this agent's clock, ns; negative for what was said before that began. */
  readonly saidAt: number;
}

export class RecentBulletins {
  readonly #life: Duration;
  #kept: Kept[] = [];

  /** Nobody acts on a bulletin after `life`. */
  constructor(life: Duration) {
    this.#life = life;
  }

  add(bulletin: Bulletin, now: Instant): void {
    const names = fibresOf(bulletin.said).length;
    if (names === 0 || names > LIMITS.namesToldMax) return;
    const saidAt = now - (bulletin.age ?? 0);
    const before = this.#kept.findLastIndex((kept) => kept.saidAt <= saidAt);
    this.#kept.splice(before + 1, 0, { bulletin, saidAt });
    this.#forget(now);
  }

  /** All that still count, with their ages. */
  toTell(now: Instant): Bulletin[] {
    this.#forget(now);
    return this.#kept.map(({ bulletin, saidAt }) => ({ ...bulletin, age: now - saidAt }));
  }

  /** What a bulletin still says: not about fibres of which something was said after it. Null when that is nothing. */
  stillSaid({ said, age = 0 }: Bulletin, now: Instant): Said | null {
    if (said.type === 'free-path' || age === 0) return said;
    if (age >= this.#life) return null;
    const later = this.#kept.filter(({ saidAt }) => saidAt > now - age);
    const spokenOf = new Set(later.flatMap(({ bulletin }) => fibresOf(bulletin.said)));
    const fibres = said.fibres.filter((fibre) => !spokenOf.has(fibre));
    return fibres.length === 0 ? null : { ...said, fibres };
  }

  /** The old ones, and the oldest of more than a line holds. */
  #forget(now: Instant): void {
    let room: number = LIMITS.namesToldMax;
    const isKept = ({ bulletin, saidAt }: Kept): boolean => {
      room -= fibresOf(bulletin.said).length + 1;
      return now - saidAt < this.#life && room >= 0;
    };
    const forgotten = this.#kept.findLastIndex((kept) => !isKept(kept));
    this.#kept.splice(0, forgotten + 1);
  }
}

const fibresOf = (said: Said): readonly string[] => (said.type === 'free-path' ? [] : said.fibres);
