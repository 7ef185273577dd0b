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
  /** By terminal, the paths that end there, and by leg, the path that it is of: so that a change costs what it touches. */
  readonly #pathsAt = new Map<string, Set<string>>();
  readonly #ownerOf = new Map<string, string>();

  constructor(lines: FibreLines) {
    this.#lines = lines;
  }

  /** Returns the paths that may have gone dark by it, or have light again. */
  observe(record: TraceRecord): readonly string[] {
    const { kind } = record;
    if (kind === 'light.restored' || kind === 'light.lost') {
      const terminal = textOf(record, 'terminal');
      if (kind === 'light.restored') this.#lit.add(terminal);
      else this.#lit.delete(terminal);
      return [...(this.#pathsAt.get(terminal) ?? [])].flatMap((path) => this.#withOwner(path));
    }
    if (kind === 'path.requested') this.#know(textOf(record, 'path'), endsOf(record));
    else if (kind === 'path.released') this.#forget(textOf(record, 'path'));
    else if (/^path\.(up|resumed|protected|unprotected)$/.test(kind)) this.#follow(record);
    else return [];
    return this.#withOwner(textOf(record, 'path'));
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
    for (const leg of ends.legs) this.#ownerOf.set(leg, textOf(record, 'path'));
    if (record.fields['fibres'] === undefined) return;
    const fibres = textsOf(record, 'fibres').slice(ends.isSimplex ? -1 : 0);
    const terminals = fibres.flatMap((fibre) => this.#lines.get(fibre) ?? []);
    if (terminals.length > 0) this.#know(textOf(record, 'path'), { ...ends, terminals });
  }

  #know(path: string, ends: Ends): void {
    this.#forget(path);
    this.#paths.set(path, ends);
    for (const terminal of ends.terminals) {
      const paths = this.#pathsAt.get(terminal) ?? new Set();
      this.#pathsAt.set(terminal, paths.add(path));
    }
  }

  #forget(path: string): void {
    for (const terminal of this.#paths.get(path)?.terminals ?? []) this.#pathsAt.get(terminal)?.delete(path);
    this.#paths.delete(path);
  }

  #withOwner(path: string): string[] {
    const owner = this.#ownerOf.get(path);
    return owner === undefined ? [path] : [path, owner];
  }
}

function endsOf(record: TraceRecord): Ends {
  const isSimplex = record.fields['simplex'] === true;
  const [from, to] = [textOf(record, 'from'), textOf(record, 'to')];
  return { terminals: isSimplex ? [to] : [from, to], isSimplex, legs: [] };
}
