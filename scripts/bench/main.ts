// `npm run bench [line …]`: runs every line that does not take hours, or those named, each in a fresh process so that none
// inherits another's compiled code and heap; prints a line per figure and writes all of them to results/bench/figures.json.
// Run from compiled output only: a loader that wraps functions is several times slower in these loops.

import { fork } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { crowdLines } from './crowd-line.ts';
import { farmLine } from './farm-line.ts';
import { holdLines } from './hold-line.ts';
import { type BenchFigure, type BenchLine, chosenLines, formatFigure, meetsTarget } from './line.ts';
import { listingLine } from './listing-line.ts';
import { pathFigureLines } from './path-figures.ts';
import { pathLines } from './path-line.ts';
import { protectionLine } from './protection-line.ts';
import { repositoryPath } from './repository.ts';
import { scenarioLine } from './scenario-line.ts';
import { shortestPathLine } from './shortest-path-line.ts';
import { tl1Line } from './tl1-line.ts';
import { tl1ListingLine } from './tl1-listing-line.ts';
import { wakeLines } from './wake-line.ts';

/** A further line is a file beside this one and an entry here. */
const lines: readonly BenchLine[] = [
  ...holdLines,
  ...wakeLines,
  tl1Line,
  tl1ListingLine,
  listingLine,
  farmLine,
  shortestPathLine,
  ...pathLines,
  scenarioLine,
  ...pathFigureLines,
  protectionLine,
  ...crowdLines,
];

const IN_CHILD = '--in-child';
/**
 * MiB of new space. Thousands of sleeping processes are more than the default of 16 holds, so that each scavenge copies
 * them all; four times the room makes that rare. And MiB of old space: 75 agents that each know 40,000 fibres have more than
 * the default of 4 GB.
 */
const RUNTIME_OPTIONS = ['--max-semi-space-size=64', '--max-old-space-size=16000'];

const parameters = process.argv.slice(2);
if (parameters[0] === IN_CHILD) await runHere(parameters[1] ?? '');
else await runAll(parameters);

async function runHere(name: string): Promise<void> {
  const line = lines.find((l) => l.name === name);
  if (line === undefined) throw new Error(`no line is named ${name}`);
  process.send?.(await line.measure());
  process.disconnect?.();
}

async function runAll(names: readonly string[]): Promise<void> {
  const known = lines.map((line) => line.name);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    console.error(`no line is named ${unknown.join(', ')}; there are ${known.join(', ')}`);
    process.exitCode = 2;
    return;
  }
  const figures: BenchFigure[] = [];
  const chosen = chosenLines(lines, names).map((line) => line.name);
  for (const name of chosen) {
    for (const figure of await runInChild(name)) {
      figures.push(figure);
      console.log(formatFigure(figure));
    }
  }
  write(names.length > 0 ? names.join('+') : 'figures', figures);
  const left = known.filter((name) => !chosen.includes(name));
  if (names.length === 0) console.log(`only by name, as they take hours: ${left.join(', ')}`);
}

/** The figures of one line; a line that fails is reported as skipped with its exit code, and fails the bench. */
function runInChild(name: string): Promise<readonly BenchFigure[]> {
  return new Promise((resolve) => {
    let figures: readonly BenchFigure[] | null = null;
    const child = fork(fileURLToPath(import.meta.url), [IN_CHILD, name], { execArgv: RUNTIME_OPTIONS });
    child.on('message', (message) => {
      figures = message as readonly BenchFigure[];
    });
    child.on('close', (code) => {
      if (figures === null) process.exitCode = 1;
      resolve(figures ?? [{ kind: 'skipped', name, reason: `it failed with exit code ${code}` }]);
    });
  });
}

function write(name: string, figures: readonly BenchFigure[]): void {
  const machine = { cpu: cpus()[0]?.model ?? 'unknown', cpus: cpus().length, platform: process.platform };
  const marked = figures.map((figure) =>
    figure.kind === 'skipped' ? figure : { ...figure, meetsTarget: meetsTarget(figure) },
  );
  mkdirSync(repositoryPath('results/bench'), { recursive: true });
  const file = repositoryPath(`results/bench/${name}.json`);
  writeFileSync(file, `${JSON.stringify({ machine, node: process.version, figures: marked }, null, 2)}\n`);
  console.log(`written: results/bench/${name}.json`);
}
