// Pending timers in order of (due time, order of setting): a binary heap whose entries know their place, so that
// a cancelled timer leaves at once. Most timers are time limits that never run out.

export interface TimerEntry {
  readonly due: number;
  readonly order: number;
  readonly fire: () => void;
  /** Its place in the heap; -1 outside. */
  at: number;
}

export class TimerHeap {
  readonly #entries: TimerEntry[] = [];

  get first(): TimerEntry | undefined {
    return this.#entries[0];
  }

  add(entry: TimerEntry): void {
    this.#entries.push(entry);
    this.#rise(entry, this.#entries.length - 1);
  }

  /** Does nothing when it is not in. */
  remove(entry: TimerEntry): void {
    const at = entry.at;
    if (at < 0) return;
    entry.at = -1;
    const last = this.#entries.pop();
    if (last === undefined || last === entry) return;
    this.#rise(last, at);
    this.#sink(last, last.at);
  }

  #rise(entry: TimerEntry, from: number): void {
    let at = from;
    while (at > 0) {
      const above = (at - 1) >> 1;
      const parent = this.#entries[above] as TimerEntry;
      if (!isBefore(entry, parent)) break;
      this.#put(parent, at);
      at = above;
    }
    this.#put(entry, at);
  }

  #sink(entry: TimerEntry, from: number): void {
    let at = from;
    for (;;) {
      const below = this.#earlierChild(at);
      const child = this.#entries[below];
      if (child === undefined || !isBefore(child, entry)) break;
      this.#put(child, at);
      at = below;
    }
    this.#put(entry, at);
  }

  #earlierChild(at: number): number {
    const left = this.#entries[2 * at + 1];
    const right = this.#entries[2 * at + 2];
    const isRight = left !== undefined && right !== undefined && isBefore(right, left);
    return 2 * at + (isRight ? 2 : 1);
  }

  #put(entry: TimerEntry, at: number): void {
    this.#entries[at] = entry;
    entry.at = at;
  }
}

const isBefore = (a: TimerEntry, b: TimerEntry): boolean =>
  a.due < b.due || (a.due === b.due && a.order < b.order);
