// Which light paths have light where it should arrive: at both their terminals, of one that goes one way at the last,
// of one with two legs at those of a leg. A host may have several terminals: those count at which the path's fibres end.

import type { TraceRecord } from '../../engine/trace.ts';
import { textOf, textsOf } from './checker.ts';

/** By fibre, the terminals of hosts that it ends at. */
export type FibreLines = ReadonlyMap<string, readonly string[]>;

interface Ends {
  /** The hosts' first terminals until the path's fibres are known. */
  terminals: readonly string[];
  readonly isSimplex: boolean;
  /** Of a protected path. */
  legs: readonly string[];
}

export class PathLight {
  readonly #lines: FibreLines;
  readonly #lit = new Set<string>();
  readonly #paths = new Map<string, Ends>();

  constructor(lines: FibreLines) {
    this.#lines = lines;
  }

  observe(record: TraceRecord): void {
    const { kind } = record;
    if (kind === 'light.restored') this.#lit.add(textOf(record, 'terminal'));
    else if (kind === 'light.lost') this.#lit.delete(textOf(record, 'terminal'));
    else if (kind === 'path.requested') this.#paths.set(textOf(record, 'path'), endsOf(record));
    else if (kind === 'path.released') this.#paths.delete(textOf(record, 'path'));
    else if (/^path\.(up|resumed|protected|unprotected)$/.test(kind)) this.#follow(record);
  }

  /** The terminals that should have light and have none; empty for a path that is not known. */
  darkOf(path: string): readonly string[] {
    const ends = this.#paths.get(path);
    if (ends === undefined) return [];
    if (ends.legs.length === 0) return ends.terminals.filter((terminal) => !this.#lit.has(terminal));
    const dark = ends.legs.map((leg) => (this.#paths.has(leg) ? this.darkOf(leg) : ends.terminals));
    return dark.some((terminals) => terminals.length === 0) ? [] : dark.flat();
  }

  #follow(record: TraceRecord): void {
    const ends = this.#paths.get(textOf(record, 'path'));
    if (ends === undefined) return;
    if (record.fields['legs'] !== undefined) ends.legs = textsOf(record, 'legs');
    if (record.fields['fibres'] === undefined) return;
    const fibres = textsOf(record, 'fibres').slice(ends.isSimplex ? -1 : 0);
    const terminals = fibres.flatMap((fibre) => this.#lines.get(fibre) ?? []);
    if (terminals.length > 0) ends.terminals = terminals;
  }
}

function endsOf(record: TraceRecord): Ends {
  const isSimplex = record.fields['simplex'] === true;
  const [from, to] = [textOf(record, 'from'), textOf(record, 'to')];
  return { terminals: isSimplex ? [to] : [from, to], isSimplex, legs: [] };
}
