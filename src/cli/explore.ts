// `lightbed explore`: searches a scenario for faults by seeded random schedules, on all cores, and makes what fails small.

import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { CommandModule } from 'yargs';
import type { Finding } from '../scenario/explore/search.ts';
import { subjectOf } from '../scenario/explore/subject.ts';
import { replayCommandOf } from '../scenario/replay-command.ts';
import { CountProgress } from './count-progress.ts';
import { jobsMost, work } from './crew.ts';
import { EXIT_FAILED, EXIT_INTERRUPTED, EXIT_OK, UsageError } from './exit-code.ts';
import type { Tried } from './explore-worker.ts';
import { type Explored, readExplored, writeExplored, writeFaults } from './explored.ts';
import { makeResultsFolder } from './results-folder.ts';
import { type ReadScenario, readScenario } from './scenario-file.ts';
import { lightbedVersion } from './version.ts';

interface ExploreArguments {
  scenario: string;
  runs: number;
  seed: number | undefined;
  jobs: number;
  out: string | undefined;
  resume: boolean;
  failures: number;
}

const wholeFromOne = (name: string, n: number): void => {
  if (!Number.isSafeInteger(n) || n < 1) throw new UsageError(`--${name} is a whole number from 1 on`);
};

export const exploreCommand: CommandModule<object, ExploreArguments> = {
  command: 'explore <scenario>',
  describe: 'search for faults: seeded random schedules of cuts, crashes and mishaps, every checker on',
  builder: (yargs) =>
    yargs
      .positional('scenario', {
        type: 'string',
        demandOption: true,
        describe: 'folder, file, or name under scenarios/; its requests are kept',
      })
      .option('runs', { type: 'number', default: 1000, describe: 'how many seeds to try' })
      .option('seed', { type: 'number', describe: 'the first of them (default: 1)' })
      .option('jobs', { type: 'number', default: availableParallelism(), describe: 'how many at a time' })
      .option('failures', { type: 'number', default: 1, describe: 'end after so many failing seeds' })
      .option('resume', { type: 'boolean', default: false, describe: 'go on where the results folder ends' })
      .option('out', { type: 'string', describe: 'results folder (default: results/explore/<scenario>)' }),
  handler: async (args) => {
    for (const name of ['runs', 'jobs', 'failures'] as const) wholeFromOne(name, args[name]);
    if (args.jobs > jobsMost) throw new UsageError(`--jobs is at most ${jobsMost}`);
    if (args.seed !== undefined) wholeFromOne('seed', args.seed);
    const read = readScenario(args.scenario);
    if (subjectOf(read.scenario, read.text) === null)
      throw new UsageError(`${read.file} asks for no light path: there is nothing to search`);
    process.exitCode = await explore(read, args);
  },
};

async function explore(read: ReadScenario, args: ExploreArguments): Promise<number> {
  const folder = args.out ?? join('results', 'explore', read.scenario.name);
  const explored = begin(read, folder, args);
  const end = explored.next + args.runs;
  if (!Number.isSafeInteger(end))
    throw new UsageError('seeds are numbers below 2^53: begin lower, or run fewer');
  makeResultsFolder(folder);
  const first = explored.next;
  console.log(`${read.scenario.title} (${read.file}), seeds ${first} to ${end - 1}, ${args.jobs} at a time`);
  const before = explored.failures.length;
  const isInterrupted = await tryAll(read, args, { folder, explored, end });
  const again = `npx lightbed explore ${read.file} --resume --out ${folder}`;
  if (explored.next < end) console.log(`seeds from ${explored.next} on are untried: ${again}`);
  if (isInterrupted) return EXIT_INTERRUPTED;
  return explored.failures.length === before ? EXIT_OK : EXIT_FAILED;
}

interface Search {
  readonly folder: string;
  readonly explored: Explored;
  /** Behind the last seed. */
  readonly end: number;
}

/** Whether it was interrupted. */
async function tryAll(read: ReadScenario, args: ExploreArguments, search: Search): Promise<boolean> {
  const { folder, explored, end } = search;
  const seeds = new Seeds(explored, end);
  const progress = new CountProgress(args.runs, process.stdout);
  const before = explored.failures.length;
  const found = (): number => explored.failures.length - before;
  const note = (): string => `${found()} failing`;
  let isInterrupted = false;
  const interrupt = (): void => {
    isInterrupted = true;
    seeds.stop();
  };
  process.once('SIGINT', interrupt);
  await work<number, Tried>({
    worker: './explore-worker',
    jobs: Math.min(args.jobs, args.runs),
    assignment: { file: read.file, text: read.text },
    next: () => (found() >= args.failures ? null : seeds.take()),
    done: (tried) => {
      seeds.done(tried.seed);
      if (tried.finding !== null) {
        progress.pause();
        tell(folder, read, explored, tried.finding);
      }
      if (tried.finding !== null || seeds.count % writeEvery === 0) writeExplored(folder, explored);
      progress.update(seeds.count, note());
    },
  });
  process.removeListener('SIGINT', interrupt);
  writeExplored(folder, explored);
  progress.pause();
  console.log(progress.format(seeds.count, note()));
  return isInterrupted;
}

/** Runs between two writings of the state. */
const writeEvery = 50;

function begin(read: ReadScenario, folder: string, { resume, seed }: ExploreArguments): Explored {
  const version = lightbedVersion();
  const before = resume ? readExplored(folder) : null;
  if (before !== null && before.scenario !== read.scenario.name)
    throw new UsageError(`${folder} is of ${before.scenario}, not of ${read.scenario.name}`);
  if (before !== null && seed === undefined) return { ...before, version };
  const from = seed ?? 1;
  return { scenario: read.scenario.name, version, from, next: from, failures: [] };
}

/** Gives out seeds; those before `next` have all been tried. */
class Seeds {
  readonly #explored: Explored;
  readonly #end: number;
  readonly #tried = new Set<number>();
  #given: number;
  #count = 0;
  #isStopped = false;

  constructor(explored: Explored, end: number) {
    this.#explored = explored;
    this.#end = end;
    this.#given = explored.next;
  }

  get count(): number {
    return this.#count;
  }

  take(): number | null {
    return this.#isStopped || this.#given >= this.#end ? null : this.#given++;
  }

  stop(): void {
    this.#isStopped = true;
  }

  done(seed: Tried['seed']): void {
    this.#count++;
    this.#tried.add(seed);
    while (this.#tried.delete(this.#explored.next)) this.#explored.next++;
  }
}

function tell(folder: string, read: ReadScenario, explored: Explored, finding: Finding): void {
  const { seed, failure, drawn, left, schedule } = finding;
  const again = (file: string): string => replayCommandOf(read.file, 'virtual', seed, file);
  const faults = writeFaults(folder, finding, again);
  explored.failures.push({ seed, checker: failure.checker, message: failure.message, faults });
  console.log(`\nseed ${seed} fails: ${failure.checker}: ${failure.message}`);
  console.log(`of ${drawn} faults ${left} are needed:\n\n${schedule}\nagain: ${again(faults)}\n`);
}
