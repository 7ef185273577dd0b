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
  visit,
  type YAMLError,
} from 'yaml';
import { ScenarioError, type ScenarioProblem } from './errors.ts';

/** In the scenario file, counted from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

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

/** Ten times the scenario of a map of 10,000 nodes; beyond it the parser takes minutes. */
const charactersMax = 32_000_000;

const tooLong = (length: number): Complaint => ({
  found: `${length} characters`,
  expected: `at most ${charactersMax}`,
});

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
    const isTooLong = text.length > charactersMax;
    this.#document = parseDocument(isTooLong ? '' : text, {
      lineCounter: this.#counter,
      prettyErrors: false,
      // The parser compares each key with all before it; a map of 20,000 fibres takes a minute so.
      uniqueKeys: false,
    });
    if (isTooLong) this.#add([], [0, 0], tooLong(text.length));
    for (const error of faultsOf(this.#document)) this.#add([], error.pos, notYaml(error.message));
    this.#lookThrough();
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
      this.#add([], [0, 0], notYaml(error instanceof Error ? error.message : String(error)));
      return undefined;
    }
  }

  #lookThrough(): void {
    const isSound = this.#document.errors.length === 0;
    visit(this.#document, {
      Map: (_key, { items }) => {
        if (isSound) this.#complainOfRepetition(items.map(({ key }) => key));
      },
      Alias: (_key, alias) => {
        if (alias.resolve(this.#document) !== undefined) return;
        const expected = `an anchor "&${alias.source}" before it`;
        this.#add([], rangeOf(alias) ?? [0, 0], { found: `the alias "*${alias.source}"`, expected });
      },
    });
  }

  #complainOfRepetition(keys: readonly unknown[]): void {
    const seen = new Set<unknown>();
    for (const key of keys) {
      const { value } = isScalar(key) ? key : { value: key };
      if (seen.has(value)) this.#add([], rangeOf(key) ?? [0, 0], notYaml('Map keys must be unique'));
      seen.add(value);
    }
  }

  #add(path: Path, [start, end]: Range, complaint: Complaint): void {
    const { line, col: column } = this.#counter.linePos(start);
    const excerpt = excerptOf(this.#lines[line - 1] ?? '', line, column, end - start);
    const { expected, suggestion = null } = complaint;
    const found = printable(complaint.found);
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

/** After a fault of syntax the rest of the file means little: only the first is told. */
function faultsOf({ errors, warnings }: Document): readonly YAMLError[] {
  const [syntax] = errors;
  return syntax === undefined ? warnings : [syntax];
}

const messageCharactersMax = 120;

const notYaml = (message: string): Complaint => ({
  found: /call stack/.test(message)
    ? 'lists or maps nested too deep'
    : (message.split('\n')[0] ?? '').slice(0, messageCharactersMax),
  expected: 'well-formed YAML',
});

/** Longer lines are shown in part, around the place that is meant. */
const excerptCharactersMax = 140;

/** The line, and below it a mark under `length` characters from `column` on. */
function excerptOf(text: string, line: number, column: number, length: number): string {
  const from = text.length <= excerptCharactersMax ? 0 : Math.max(0, column - 1 - excerptCharactersMax / 2);
  const shown = printable(text.slice(from, from + excerptCharactersMax));
  const at = column - 1 - from;
  const width = Math.max(1, Math.min(length, shown.length - at));
  const gutter = `  ${line} | `;
  return `${gutter}${shown}\n${' '.repeat(gutter.length + at)}${'^'.repeat(width)}`;
}

/** A file may hold anything; a terminal must not be told to do it. A tab becomes one blank, so that the mark stands right. */
const printable = (text: string): string => text.replaceAll('\t', ' ').replaceAll(/\p{Cc}/gu, '\uFFFD');

/** Null for a value that is not written, as after `key:` at the end of a line. */
function rangeOf(node: unknown): Range | null {
  if (!isNode(node) || node.range === undefined || node.range === null) return null;
  const [start, end] = node.range;
  return end > start ? [start, end] : null;
}
