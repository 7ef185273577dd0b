// A scenario file as text with positions: YAML in, plain values out, and for every path into those values
// the place where it is written. Problems are gathered here and thrown together.

import {
  type Document,
  isAlias,
  isCollection,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
} from 'yaml';
import { ScenarioError, type ScenarioProblem } from './errors.ts';
import type { Position } from './schema.ts';

export type Path = readonly (string | number)[];

export interface Complaint {
  readonly found: string;
  readonly expected: string;
  readonly suggestion?: string | null;
  /** Whether the key at the end of the path is meant, not its value. */
  readonly isAboutKey?: boolean;
}

/** Offsets into the text: start, end (exclusive). */
type Range = readonly [number, number];

export class ScenarioSource {
  readonly #file: string;
  readonly #lines: readonly string[];
  readonly #counter = new LineCounter();
  readonly #document: Document;
  readonly #problems: ScenarioProblem[] = [];
  readonly #suspects: Path[] = [];
  /** What the file says, with maps as `Map`, so that keys that look like numbers keep their places. */
  readonly value: unknown;

  constructor(file: string, text: string) {
    this.#file = file;
    this.#lines = text.split(/\r?\n/);
    this.#document = parseDocument(text, { lineCounter: this.#counter, prettyErrors: false });
    for (const error of [...this.#document.errors, ...this.#document.warnings])
      this.#add([], error.pos, notYaml(error.message));
    this.value = this.#problems.length === 0 ? this.#plain() : undefined;
  }

  /** Records a problem with what is at `path`. */
  complain(path: Path, complaint: Complaint): void {
    this.#add(path, this.#range(path, complaint.isAboutKey === true), complaint);
  }

  /** Marks a path as not to be trusted, without a complaint: what it should say is written elsewhere by mistake. */
  suspect(path: Path): void {
    this.#suspects.push(path);
  }

  /** Whether something at, below or above `path` was complained about: what follows from that is not news. */
  isSuspect(path: Path): boolean {
    return this.#suspects.some((suspect) => startsWith(suspect, path) || startsWith(path, suspect));
  }

  /** Whether `path` as a whole could not be read, so that nobody knows what is in it. */
  isUnread(path: Path): boolean {
    return this.#suspects.some((suspect) => startsWith(path, suspect));
  }

  position(path: Path): Position {
    const { line, col } = this.#counter.linePos(this.#range(path, false)[0]);
    return { line, column: col };
  }

  /** Throws a `ScenarioError` with everything that was complained about, in the order of the file. */
  throwIfBad(): void {
    if (this.#problems.length === 0) return;
    const sorted = [...this.#problems].sort((a, b) => a.line - b.line || a.column - b.column);
    throw new ScenarioError(sorted);
  }

  #plain(): unknown {
    try {
      return this.#document.toJS({ mapAsMap: true });
    } catch (error) {
      // Aliases that multiply beyond the parser's bound.
      this.#add([], [0, 0], notYaml(String(error)));
      return undefined;
    }
  }

  #add(path: Path, [start, end]: Range, complaint: Complaint): void {
    const { line, col: column } = this.#counter.linePos(start);
    const text = this.#lines[line - 1] ?? '';
    const width = Math.max(1, Math.min(end - start, text.length - column + 1));
    const gutter = `  ${line} | `;
    const excerpt = `${gutter}${text}\n${' '.repeat(gutter.length + column - 1)}${'^'.repeat(width)}`;
    const { found, expected, suggestion = null } = complaint;
    this.#suspects.push(path);
    // What an alias repeats is still one mistake.
    if (this.#problems.some((p) => p.line === line && p.column === column && p.found === found)) return;
    this.#problems.push({ file: this.#file, line, column, found, expected, suggestion, excerpt });
  }

  /** Where `path` is written, or the nearest thing on the way to it. A block of several lines is shown by its key. */
  #range(path: Path, isAboutKey: boolean): Range {
    let node: unknown = this.#document.contents;
    let range: Range = [0, 0];
    for (const [depth, step] of path.entries()) {
      if (isAlias(node)) node = node.resolve(this.#document);
      if (isMap(node)) {
        const pair = node.items.find((p) => isScalar(p.key) && String(p.key.value) === String(step));
        if (pair === undefined) return range;
        range = rangeOf(pair.key) ?? range;
        if (isAboutKey && depth === path.length - 1) return range;
        node = pair.value;
        if (!isCollection(node) || node.flow === true) range = rangeOf(node) ?? range;
      } else if (isSeq(node)) {
        node = node.items[Number(step)];
        range = rangeOf(node) ?? range;
      } else return range;
    }
    return range;
  }
}

/** The empty path is the whole file and starts nothing: a complaint about the file as such makes no part of it suspect. */
const startsWith = (path: Path, start: Path): boolean =>
  start.length > 0 && start.length <= path.length && start.every((step, i) => step === path[i]);

const notYaml = (message: string): Complaint => ({
  found: message.split('\n')[0] ?? '',
  expected: 'well-formed YAML',
});

/** Null for a value that is not written, as after `key:` at the end of a line. */
function rangeOf(node: unknown): Range | null {
  if (!isNode(node) || node.range === undefined || node.range === null) return null;
  const [start, end] = node.range;
  return end > start ? [start, end] : null;
}
