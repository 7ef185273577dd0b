// `lightbed whatif`: the real agents in virtual time under every cut of one cable, of two, or of a shared-risk group, a
// run for each, on all cores; and what that says of the network. It writes nothing outside its results folder.

import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { CommandModule } from 'yargs';
import { type ParsedQuantity, parseQuantity } from '../core/quantity.ts';
import { type Duration, seconds, toMs } from '../core/time.ts';
import { seededRandom } from '../platform/seeded-random.ts';
import { plural } from '../report/format.ts';
import { studyText } from '../report/study-table.ts';
import { DEFAULT_RATES } from '../scenario/whatif/availability.ts';
import { type CutKind, cutClasses, type StudyCut } from '../scenario/whatif/cut-list.ts';
import type { Outcome } from '../scenario/whatif/outcome.ts';
import { type StudyFacts, studyReport } from '../scenario/whatif/study.ts';
import { requestsOf } from '../scenario/whatif/subject.ts';
import { CountProgress } from './count-progress.ts';
import { jobsMost, work } from './crew.ts';
import { EXIT_FAILED, EXIT_INTERRUPTED, EXIT_OK, UsageError } from './exit-code.ts';
import { longWork } from './long-work.ts';
import { checkSeed } from './seed.ts';
import { lightbedVersion } from './version.ts';
import { type WhatifNetwork, whatifNetwork } from './whatif-network.ts';
import { writeStudy } from './whatif-results.ts';
import { WhatifRuns } from './whatif-runs.ts';
import type { WhatifAssignment, WhatifTask } from './whatif-worker.ts';

interface WhatifArguments {
  network: string;
  cuts: string;
  sample: number | undefined;
  apart: string;
  demands: string | undefined;
  fibres: number | undefined;
  srlg: string | undefined;
  metres: number | undefined;
  rate: number;
  repair: string;
  seed: string | undefined;
  jobs: number;
  out: string | undefined;
  resume: boolean;
}

export const whatifCommand: CommandModule<object, WhatifArguments> = {
  command: 'whatif <network>',
  describe:
    'what every cut does to the light paths of a map or a scenario: the agents, run once for each cut',
  builder: (yargs) =>
    yargs
      .positional('network', { type: 'string', demandOption: true, describe: 'map file, or scenario' })
      .option('cuts', {
        choices: ['1', '2', 'srlg'],
        coerce: String,
        default: '1',
        describe: 'each cable; each and every two; each shared-risk group',
      })
      .option('sample', {
        type: 'number',
        describe: 'only so many of the cuts (with 2: of each kind), by seed',
      })
      .option('apart', {
        type: 'string',
        default: '0 s',
        describe: 'with two cuts: from the first to the second',
      })
      .option('demands', {
        type: 'string',
        describe: 'for a map: how many random pairs ask for a path, or a JSON file of them (default: 10)',
      })
      .option('fibres', { type: 'number', describe: 'for a map: fibres in each link’s cable (default: 1)' })
      .option('srlg', {
        type: 'string',
        describe: 'JSON file of shared-risk groups, {"duct": ["link", …]}',
      })
      .option('metres', {
        type: 'number',
        describe: 'for a map: of fibre for each unit of weight (default: 1)',
      })
      .option('rate', {
        type: 'number',
        default: Number(DEFAULT_RATES.cutsPer1000KmYear.toFixed(3)),
        describe: 'cuts a year in 1,000 km of cable, for the availability; the default is hearsay',
      })
      .option('repair', {
        type: 'string',
        default: '12 h',
        describe: 'mean time to repair a cable; the default is hearsay',
      })
      .option('seed', {
        type: 'string',
        describe: 'of demands, samples and runs (default: the scenario’s; 1)',
      })
      .option('jobs', { type: 'number', default: availableParallelism(), describe: 'how many at a time' })
      .option('resume', { type: 'boolean', default: false, describe: 'go on where the results folder ends' })
      .option('out', { type: 'string', describe: 'results folder (default: results/whatif/<name>)' }),
  handler: async (args) => {
    checkNumbers(args);
    process.exitCode = await whatif(args);
  },
};

/** Beyond it nearly all the time more is cut than was tried. */
const repairMostHours = 8760;
const apartMost = seconds(3600);

function checkNumbers(args: WhatifArguments): void {
  for (const name of ['sample', 'fibres', 'jobs'] as const) {
    const value = args[name];
    if (value !== undefined && !(Number.isSafeInteger(value) && value >= 1))
      throw new UsageError(`--${name} is a whole number from 1 on`);
  }
  if (args.jobs > jobsMost) throw new UsageError(`--jobs is at most ${jobsMost}`);
  checkSeed(args.seed);
  for (const name of ['rate', 'metres'] as const) {
    const value = args[name];
    if (value !== undefined && !(Number.isFinite(value) && value > 0))
      throw new UsageError(`--${name} is a number above 0`);
  }
}

/** ns. */
function time(option: string, text: string): Duration {
  const parsed: ParsedQuantity = parseQuantity(text, 'time');
  if (parsed.kind === 'bad') throw new UsageError(`--${option} is ${text}, expected ${parsed.expected}`);
  if (parsed.value < 0) throw new UsageError(`--${option} is not below 0`);
  return parsed.value as Duration;
}

async function whatif(args: WhatifArguments): Promise<number> {
  const apart = time('apart', args.apart);
  const hoursToRepair = time('repair', args.repair) / 3.6e12;
  if (hoursToRepair <= 0) throw new UsageError('--repair is above 0');
  if (hoursToRepair > repairMostHours)
    throw new UsageError(`--repair is at most ${repairMostHours} h, a year`);
  if (apart > 0 && args.cuts !== '2') throw new UsageError('--apart is for --cuts 2');
  if (apart > apartMost) throw new UsageError('--apart is at most 1 h: all has settled long before');
  const network = longWork(args.network, () =>
    whatifNetwork(args.network, { ...args, seed: args.seed ?? '1' }),
  );
  const { scenario, cables } = network;
  if (requestsOf(scenario).length === 0)
    throw new UsageError(`${network.file} asks for no light path: there is nothing to lose`);
  const seed = args.seed ?? scenario.seed;
  const cutsKind = args.cuts as CutKind;
  const classes = cutClasses(
    cables,
    { cuts: cutsKind, isApart: apart > 0, ...(args.sample === undefined ? {} : { sample: args.sample }) },
    seededRandom(seed).fork('whatif'),
  );
  if (classes.every(({ population }) => population === 0))
    throw new UsageError(
      cutsKind === 'srlg'
        ? `${network.file} has no shared-risk groups: give them with --srlg`
        : `${network.file} has no cables between switches`,
    );
  const facts: StudyFacts = {
    ...{ scenario, cables, classes, cutsKind, seed, nodes: network.nodes, version: lightbedVersion() },
    ...{ apartMs: toMs(apart), rates: { cutsPer1000KmYear: args.rate, hoursToRepair } },
  };
  return study(network, facts, apart, args);
}

async function study(
  { file, text }: WhatifNetwork,
  facts: StudyFacts,
  apart: Duration,
  args: WhatifArguments,
): Promise<number> {
  const { scenario, classes, seed, version } = facts;
  const folder = args.out ?? join('results', 'whatif', scenario.name);
  const cuts = classes.flatMap((each) => each.cuts);
  const runs = new WhatifRuns(folder, { text, seed, version, apart, cuts });
  if (args.resume) runs.resume();
  else runs.begin();
  console.log(
    `${scenario.title} (${file}), ${plural(cuts.length, 'cut')}, seed ${seed}, ${args.jobs} at a time`,
  );
  const isWhole = await runAll(runs, cuts, args.jobs, { file, text, options: { seed, version, apart } });
  if (!isWhole || runs.baseline === null) {
    console.log(`${runs.cuts.size} of ${cuts.length} cuts are done; the same command with --resume goes on`);
    return EXIT_INTERRUPTED;
  }
  runs.finish(cuts.map(({ id }) => id));
  const report = studyReport(facts, runs.baseline, runs.cuts);
  console.log(`\n${studyText(report)}\n`);
  const files = await writeStudy(folder, report);
  console.log(`${folder}/: ${[...files, 'runs.jsonl'].join(', ')}`);
  const broken = [...runs.baseline.violations, ...report.cuts.flatMap((cut) => cut.violations)];
  for (const text of broken.slice(0, 10)) console.log(`BROKEN: ${text}`);
  return broken.length === 0 ? EXIT_OK : EXIT_FAILED;
}

/** True when none is left. */
async function runAll(
  runs: WhatifRuns,
  cuts: readonly StudyCut[],
  jobs: number,
  assignment: WhatifAssignment,
): Promise<boolean> {
  const tasks: WhatifTask[] = cuts.filter(({ id }) => !runs.cuts.has(id));
  if (runs.baseline === null) tasks.unshift('baseline');
  const total = tasks.length;
  if (total === 0) return true;
  const progress = new CountProgress(total, process.stdout);
  let done = 0;
  let lost = 0;
  let isInterrupted = false;
  const note = (): string => `${plural(lost, 'demand')} lost so far`;
  const interrupt = (): void => {
    isInterrupted = true;
  };
  process.once('SIGINT', interrupt);
  await work<WhatifTask, Outcome>({
    worker: './whatif-worker',
    jobs: Math.min(jobs, total),
    assignment,
    next: () => (isInterrupted ? null : (tasks.shift() ?? null)),
    done: (outcome) => {
      runs.add(outcome);
      if (outcome.kind === 'cut') lost += outcome.affected.filter(({ isLost }) => isLost).length;
      progress.update(++done, note());
    },
  });
  process.removeListener('SIGINT', interrupt);
  progress.pause();
  console.log(progress.format(done, note()));
  return done === total;
}
