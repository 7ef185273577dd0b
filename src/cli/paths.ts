// `lightbed paths`: the shortest ways between two nodes of a map, or the disjoint ones of least total, for one
// pair or for many. That there is no path is an answer too, and ends with code 0.

import * as v from 'valibot';
import type { CommandModule } from 'yargs';
import { disjointPaths } from '../net/disjoint-paths.ts';
import type { Graph } from '../net/graph.ts';
import { kShortestPaths } from '../net/k-shortest-paths.ts';
import { graphOf, type Measure, type NetworkMap } from '../net/maps/network-map.ts';
import { textTable } from '../report/text-table.ts';
import { EXIT_OK, UsageError } from './exit-code.ts';
import { findNode, readMapFile, text } from './map-file.ts';

interface PathsArguments {
  map: string;
  from: string | undefined;
  to: string | undefined;
  pairs: string | undefined;
  weight: Measure;
  k: number | undefined;
  disjoint: 'edge' | 'node' | undefined;
  count: number | undefined;
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
        choices: ['length', 'hops'] as const,
        default: 'length' as const,
        describe: 'what is to be least',
      })
      .option('k', { type: 'number', describe: 'how many shortest paths (default 1)' })
      .option('disjoint', { choices: ['edge', 'node'] as const, describe: 'what the paths must not share' })
      .option('count', { type: 'number', describe: 'how many disjoint paths (default 2)' })
      .option('json', { type: 'boolean', default: false, describe: 'as JSON, for other programs' }),
  handler: (given) => {
    process.exitCode = paths(given);
  },
};

function paths(given: PathsArguments): number {
  checkOptions(given);
  const map = readMapFile(given.map);
  const graph = graphOf(map, given.weight);
  const lengths = new Map(map.links.map(({ id, weight }) => [id, weight]));
  const answers = questions(given, map).map(({ from, to }): Answer => {
    const found = search(graph, graph.nodeIndex(from), graph.nodeIndex(to), given);
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
  if (given.json) console.log(JSON.stringify(given.pairs === undefined ? answers[0] : answers));
  else console.log(answers.map(answerText).join('\n\n'));
  return EXIT_OK;
}

function checkOptions({ from, to, pairs, k, disjoint, count }: PathsArguments): void {
  if (pairs === undefined && (from === undefined || to === undefined))
    throw new UsageError('give --from and --to, or --pairs');
  if (pairs !== undefined && (from !== undefined || to !== undefined))
    throw new UsageError('--pairs has its own ends: leave out --from and --to');
  if (disjoint === undefined && count !== undefined)
    throw new UsageError('--count goes with --disjoint; for more shortest paths give --k');
  if (disjoint !== undefined && k !== undefined)
    throw new UsageError('--k is for shortest paths; for more disjoint ones give --count');
  for (const [name, value] of [
    ['k', k],
    ['count', count],
  ] as const) {
    if (value !== undefined && !(Number.isInteger(value) && value >= 1 && value <= pathsMax))
      throw new UsageError(`--${name} is a whole number from 1 to ${pathsMax}`);
  }
}

const pairsFile = v.array(v.strictObject({ from: v.string(), to: v.string() }));

function questions({ from, to, pairs }: PathsArguments, map: NetworkMap): { from: string; to: string }[] {
  const asked = pairs === undefined ? [{ from: from ?? '', to: to ?? '' }] : readPairs(pairs);
  return asked.map((pair) => {
    const ends = { from: findNode(map, pair.from), to: findNode(map, pair.to) };
    if (ends.from === ends.to) throw new UsageError(`a path from ${ends.from} to itself has no links`);
    return ends;
  });
}

function readPairs(file: string): { from: string; to: string }[] {
  const written = text(file);
  try {
    return v.parse(pairsFile, JSON.parse(written));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UsageError(`${file} is not a JSON list of {"from": "A", "to": "B"}: ${reason}`);
  }
}

function search(graph: Graph, from: number, to: number, { disjoint, count, k }: PathsArguments) {
  if (disjoint === undefined) return kShortestPaths(graph, from, to, k ?? 1);
  return disjointPaths(graph, from, to, disjoint, count ?? 2) ?? [];
}

function answerText({ from, to, paths }: Answer): string {
  if (paths.length === 0) return `${from} to ${to}: none`;
  const table = textTable(
    [
      { title: 'length', align: 'right' },
      { title: 'hops', align: 'right' },
      { title: 'links', align: 'left' },
    ],
    paths.map(({ links, length, hops }) => [String(length), String(hops), links.join(' ')]),
  );
  return `${from} to ${to}\n${table}`;
}
