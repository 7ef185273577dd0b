// The records of a run by path and by terminal, in the order of time: who asks for those of one path, from one record
// on, need not read the others. A run of thousands of paths has millions of records.

import type { TraceRecord } from '../engine/trace.ts';

export class RecordIndex {
  readonly records: readonly TraceRecord[];
  readonly #paths = new Map<string, number[]>();
  readonly #terminals = new Map<string, number[]>();
  readonly #links = new Map<string, number[]>();

  constructor(records: readonly TraceRecord[]) {
    this.records = records;
    for (const [i, { fields }] of records.entries()) {
      note(this.#paths, fields['path'], i);
      note(this.#terminals, fields['terminal'], i);
      note(this.#links, fields['link'], i);
    }
  }

  /** Of the path, from the record number `from` to before `until`. */
  ofPath(path: string, from = 0, until = this.records.length): TraceRecord[] {
    return this.#within(this.#paths.get(path) ?? [], from, until);
  }

  /** Of the data links, together in the order of time. */
  ofLinks(links: readonly string[], from: number, until: number): TraceRecord[] {
    return this.#ofAll(this.#links, links, from, until);
  }

  /** Of the terminals, together in the order of time. */
  ofTerminals(terminals: readonly string[], from: number, until: number): TraceRecord[] {
    return this.#ofAll(this.#terminals, terminals, from, until);
  }

  #ofAll(
    index: ReadonlyMap<string, number[]>,
    names: readonly string[],
    from: number,
    until: number,
  ): TraceRecord[] {
    const numbers = names.flatMap((name) => this.#slice(index.get(name) ?? [], from, until));
    numbers.sort((x, y) => x - y);
    return numbers.map((i) => this.records[i] as TraceRecord);
  }

  #within(numbers: readonly number[], from: number, until: number): TraceRecord[] {
    return this.#slice(numbers, from, until).map((i) => this.records[i] as TraceRecord);
  }

  #slice(numbers: readonly number[], from: number, until: number): readonly number[] {
    return numbers.slice(firstAtLeast(numbers, from), firstAtLeast(numbers, until));
  }
}

function note(index: Map<string, number[]>, name: unknown, i: number): void {
  if (typeof name !== 'string') return;
  const known = index.get(name);
  if (known === undefined) index.set(name, [i]);
  else known.push(i);
}

function firstAtLeast(numbers: readonly number[], value: number): number {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((numbers[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
