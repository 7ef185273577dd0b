// The outcomes of a study's runs in its results folder, one line each: appended as they come, so that a study that was
// interrupted can go on, and in the order of the cuts when all are there.

import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Baseline, CutOutcome, Outcome } from '../scenario/whatif/outcome.ts';
import { UsageError } from './exit-code.ts';
import { makeResultsFolder, writeWhole } from './results-folder.ts';

const FILE = 'runs.jsonl';

export class WhatifRuns {
  baseline: Baseline | null = null;
  readonly cuts = new Map<string, CutOutcome>();
  readonly #folder: string;
  readonly #head: string;

  /** `asked`: all that decides what the runs come to. */
  constructor(folder: string, asked: object) {
    this.#folder = folder;
    const study = createHash('sha256').update(JSON.stringify(asked)).digest('hex');
    this.#head = `${JSON.stringify({ study })}\n`;
  }

  /** Starts anew. */
  begin(): void {
    makeResultsFolder(this.#folder);
    writeWhole(join(this.#folder, FILE), this.#head);
  }

  /** Goes on where the folder ends. Throws `UsageError` where it is of something else. */
  resume(): void {
    const file = join(this.#folder, FILE);
    if (!existsSync(file)) return this.begin();
    const [head, ...lines] = readFileSync(file, 'utf8').split('\n');
    if (`${head}\n` !== this.#head)
      throw new UsageError(
        `${this.#folder} is of other cuts, another seed, scenario or version: leave --resume out, or give --out`,
      );
    for (const line of lines) this.#take(line);
    // The last line may be torn.
    this.#rewrite([...this.cuts.keys()]);
  }

  add(outcome: Outcome): void {
    this.#keep(outcome);
    appendFileSync(join(this.#folder, FILE), lineOf(outcome));
  }

  /** All are there. */
  finish(order: readonly string[]): void {
    this.#rewrite(order);
  }

  #take(line: string): void {
    try {
      this.#keep(JSON.parse(line) as Outcome);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
    }
  }

  #keep(outcome: Outcome): void {
    if (outcome.kind === 'baseline') this.baseline = outcome;
    else this.cuts.set(outcome.cut, outcome);
  }

  #rewrite(order: readonly string[]): void {
    const all = [this.baseline, ...order.map((id) => this.cuts.get(id))].filter((o) => o != null);
    writeWhole(join(this.#folder, FILE), this.#head + all.map(lineOf).join(''));
  }
}

const lineOf = (outcome: Outcome): string => `${JSON.stringify(outcome)}\n`;
