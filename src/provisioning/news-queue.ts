// What waits to be passed on to one neighbour. Much that comes within a short while goes as one message; changes of one
// switch that follow each other go as one, or where that would be long, as an offer of all; and what the neighbour has shown
// to know meanwhile does not go.

import { fitting, namesIn } from './announcement-parts.ts';
import type { MessageOf } from './messages.ts';
import type { Bulletin } from './news-messages.ts';
import { LIMITS } from './timings.ts';
import type { PortChanges } from './topology-messages.ts';
import { isNewer, type Standing } from './topology-view.ts';

export class NewsQueue {
  readonly #bulletins = new Map<string, Bulletin>();
  /** By switch. */
  readonly #changes = new Map<string, PortChanges>();
  readonly #offers = new Map<string, Standing>();

  addBulletin(bulletin: Bulletin): void {
    this.#bulletins.set(keyOf(bulletin), bulletin);
  }

  addChanges(changes: PortChanges): void {
    const { switchName, boot, sequence } = changes;
    const waiting = this.#changes.get(switchName);
    const all = waiting === undefined ? changes : followed(waiting, changes);
    if (fitting(all.ports) === all.ports.length) this.#changes.set(switchName, all);
    else {
      this.#changes.delete(switchName);
      this.addOffer(switchName, { boot, sequence });
    }
  }

  addOffer(switchName: string, standing: Standing): void {
    this.#offers.set(switchName, standing);
  }

  /** The neighbour has said this itself. */
  hasBulletin(bulletin: Bulletin): void {
    this.#bulletins.delete(keyOf(bulletin));
  }

  /** The neighbour knows that switch as it stood then. */
  knows(switchName: string, standing: Standing): void {
    const changes = this.#changes.get(switchName);
    if (changes !== undefined && !isNewer(changes, standing)) this.#changes.delete(switchName);
    const offer = this.#offers.get(switchName);
    if (offer !== undefined && !isNewer(offer, standing)) this.#offers.delete(switchName);
  }

  /** All that waits, as messages. */
  take(): (MessageOf<'news'> | MessageOf<'offer'>)[] {
    const bulletins = [...this.#bulletins.values()];
    const [changes = [], ...more] = inMessages([...this.#changes.values()]);
    const known = [...this.#offers].map(([name, s]): Known => [name, s.boot, s.sequence]);
    for (const waiting of [this.#bulletins, this.#changes, this.#offers]) waiting.clear();
    const first: MessageOf<'news'> = {
      type: 'news',
      ...(bulletins.length > 0 && { bulletins }),
      ...(changes.length > 0 && { changes }),
    };
    return [
      ...(bulletins.length + changes.length > 0 ? [first] : []),
      ...more.map((part): MessageOf<'news'> => ({ type: 'news', changes: part })),
      ...(known.length > 0 ? [{ type: 'offer' as const, known }] : []),
    ];
  }
}

/** A line has a length that it must not exceed. */
function inMessages(changes: readonly PortChanges[]): PortChanges[][] {
  const messages: PortChanges[][] = [];
  let names = Number.POSITIVE_INFINITY;
  for (const one of changes) {
    const more = one.ports.reduce((sum, port) => sum + namesIn(port), 1);
    names += more;
    if (names > LIMITS.namesToldMax) {
      messages.push([]);
      names = more;
    }
    messages.at(-1)?.push(one);
  }
  return messages;
}

export type Known = MessageOf<'offer'>['known'][number];

const keyOf = ({ switchName, boot, number }: Bulletin): string => `${boot}.${number} ${switchName}`;

/** Both in one where they follow each other, else the newer: who misses what lies between asks for all. */
function followed(first: PortChanges, second: PortChanges): PortChanges {
  if (!isNewer(second, first)) return first;
  if (second.boot > first.boot || second.since > first.sequence) return second;
  const changed = new Set(second.ports.map(({ port }) => port));
  const ports = [...first.ports.filter(({ port }) => !changed.has(port)), ...second.ports];
  return { ...second, since: Math.min(first.since, second.since), ports };
}
