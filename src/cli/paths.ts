// `lightbed paths`: the shortest ways between two nodes of a map, or the disjoint ones of least total, for one
// pair or for many. That there is no path is an answer too, and ends with code 0.

import type { CommandModule } from 'yargs';
import type { Graph } from '../net/graph.ts';
import { graphOf, type Measure, type NetworkMap } from '../net/maps/network-map.ts';
import { left, right, textTable } from '../report/text-table.ts';
import { EXIT_OK, UsageError } from './exit-code.ts';
import { longWork, type Stage } from './long-work.ts';
import { readMapFile, withGroups } from './map-file.ts';
import { endsOf, readPairs } from './pairs-file.ts';
import { type PathOptions, PathQuery } from './path-query.ts';
import { readBudget } from './power-budget.ts';

interface PathsArguments extends Omit<PathOptions, 'budget' | 'fibreLoss' | 'switchLoss'> {
  map: string;
  from: string | undefined;
  to: string | undefined;
  pairs: string | undefined;
  weight: Measure;
  budget: string | undefined;
  srlg: string | undefined;
  'fibre-loss': number;
  'switch-loss': number;
  json: boolean;
}

interface Answer {
  readonly from: string;
  readonly to: string;
  /** `length` is the sum of the map's weights, whatever the paths were chosen by. */
  readonly paths: readonly {
    readonly links: readonly string[];
    readonly length: number;
    readonly hops: number;
  }[];
}

/** Paths per question. */
const pathsMax = 10_000;

export const pathsCommand: CommandModule<object, PathsArguments> = {
  command: 'paths <map>',
  describe: 'shortest or disjoint paths in a map or a scenario',
  builder: (yargs) =>
    yargs
      .positional('map', { type: 'string', demandOption: true, describe: 'map file, or scenario' })
      .option('from', { type: 'string', describe: 'node, by id or name' })
      .option('to', { type: 'string', describe: 'node, by id or name' })
      .option('pairs', { type: 'string', describe: 'JSON file of many: [{"from": "A", "to": "B"}]' })
      .option('weight', {
        choices: ['length', 'hops', 'cost'] as const,
        default: 'length' as const,
        describe: 'what is to be least',
      })
      .option('k', { type: 'number', describe: 'how many shortest paths, as -k 3 or --k 3 (default 1)' })
      .option('disjoint', {
        choices: ['edge', 'node', 'srlg'] as const,
        describe: 'what the paths must not share',
      })
      .option('count', { type: 'number', describe: 'how many disjoint paths (default 2)' })
      .option('include', { type: 'string', describe: 'nodes and links to pass, separated by commas' })
      .option('exclude', { type: 'string', describe: 'nodes, links and SRLGs to leave out' })
      .option('route', {
        type: 'string',
        describe: 'the way itself: its nodes and links one after the other',
      })
      .option('budget', {
        type: 'string',
        describe: 'what light may lose: "20 dB", or "receiver" for what the hosts of a scenario allow',
      })
      .option('fibre-loss', {
        type: 'number',
        default: 0.25,
        describe: 'dB/km, where the map does not say and weights are metres',
      })
      .option('switch-loss', { type: 'number', default: 1.5, describe: 'dB, where the map does not say' })
      .option('srlg', { type: 'string', describe: 'JSON file of links that fail together: {"duct": ["l1"]}' })
      .option('json', { type: 'boolean', default: false, describe: 'as JSON, for other programs' }),
  handler: (given) => {
    process.exitCode = paths(given);
  },
};

function paths(given: PathsArguments): number {
  checkOptions(given);
  const answers = longWork(given.map, (stage) => answersTo(given, stage));
  if (given.json) console.log(JSON.stringify(given.pairs === undefined ? answers[0] : answers));
  else console.log(answers.map(answerText).join('\n\n'));
  return EXIT_OK;
}

function answersTo(given: PathsArguments, stage: Stage): Answer[] {
  const own = readMapFile(given.map);
  const map = given.srlg === undefined ? own : withGroups(own, given.srlg);
  const wanted = { ...given, disjoint: kindOf(given.disjoint, map) };
  const graph = graphOf(map, given.weight);
  const lengths = new Map(map.links.map(({ id, weight }) => [id, weight]));
  const queries = new Map<number | undefined, PathQuery>();
  const asked = questions(given, map);
  stage(asked.length === 1 ? 'finding paths' : `finding the paths of ${asked.length} pairs`);
  return asked.map(({ from, to }): Answer => {
    const budget = given.budget === undefined ? undefined : readBudget(given.budget, given.map, from, to);
    const query = queries.get(budget) ?? openQuery(map, graph, wanted, budget);
    queries.set(budget, query);
    const found = query.paths(graph.nodeIndex(from), graph.nodeIndex(to));
    const links = found.map(({ edges }) => edges.map((edge) => graph.edgeId(edge)));
    return {
      from,
      to,
      paths: links.map((ids) => ({
        links: ids,
        length: ids.reduce((sum, id) => sum + (lengths.get(id) ?? 0), 0),
        hops: ids.length,
      })),
    };
  });
}

/** Where no links fail together, SRLG-disjoint is edge-disjoint. Whoever forgot --srlg should hear of it. */
function kindOf(disjoint: PathsArguments['disjoint'], map: NetworkMap): PathsArguments['disjoint'] {
  if (disjoint !== 'srlg' || map.links.some(({ srlg = [] }) => srlg.length > 0)) return disjoint;
  console.error(
    'lightbed: no link of the map has an SRLG, so each fails by itself; --srlg can say otherwise',
  );
  return 'edge';
}

const openQuery = (
  map: NetworkMap,
  graph: Graph,
  given: PathsArguments,
  budget: number | undefined,
): PathQuery =>
  new PathQuery(map, graph, {
    ...given,
    budget,
    fibreLoss: given['fibre-loss'],
    switchLoss: given['switch-loss'],
  });

function checkOptions(given: PathsArguments): void {
  const { from, to, pairs, k, disjoint, count, include, route, budget } = given;
  if (pairs === undefined && (from === undefined || to === undefined))
    throw new UsageError('give --from and --to, or --pairs');
  if (pairs !== undefined && (from !== undefined || to !== undefined))
    throw new UsageError('--pairs has its own ends: leave out --from and --to');
  if (disjoint === undefined && count !== undefined)
    throw new UsageError('--count goes with --disjoint; for more shortest paths give --k');
  if (disjoint !== undefined && k !== undefined)
    throw new UsageError('--k is for shortest paths; for more disjoint ones give --count');
  if (disjoint !== undefined && include !== undefined)
    throw new UsageError('--include is for shortest paths: which of several disjoint ones should pass it?');
  if (route !== undefined && (disjoint ?? k ?? include ?? pairs) !== undefined)
    throw new UsageError('--route is one path: leave out --disjoint, --k, --include and --pairs');
  if ((disjoint === 'srlg' || budget !== undefined) && (count ?? 2) !== 2)
    throw new UsageError(
      'SRLG-disjoint paths, and disjoint ones within a budget, are found in pairs: leave out --count',
    );
  for (const [name, value] of [
    ['fibre-loss', given['fibre-loss']],
    ['switch-loss', given['switch-loss']],
  ] as const)
    if (!(Number.isFinite(value) && value >= 0)) throw new UsageError(`--${name} is a number of 0 or more`);
  for (const [name, value] of [
    ['k', k],
    ['count', count],
  ] as const) {
    if (value !== undefined && !(Number.isInteger(value) && value >= 1 && value <= pathsMax))
      throw new UsageError(`--${name} is a whole number from 1 to ${pathsMax}`);
  }
}

function questions({ from, to, pairs }: PathsArguments, map: NetworkMap): { from: string; to: string }[] {
  return pairs === undefined ? [endsOf(map, from ?? '', to ?? '')] : readPairs(pairs, map);
}

function answerText({ from, to, paths }: Answer): string {
  if (paths.length === 0) return `${from} to ${to}: none`;
  const table = textTable(
    [right('length'), right('hops'), left('links')],
    paths.map(({ links, length, hops }) => [String(length), String(hops), links.join(' ')]),
  );
  return `${from} to ${to}\n${table}`;
}
