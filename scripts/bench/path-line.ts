// Path computation on real networks against Boost Graph (C++ -O2) in the same run: shortest paths from one source, and
// the edge-disjoint pair of least total; and all cuts of the largest, against a limit. The ends go round all nodes.

import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { doubleCuts, singleCuts } from '../../src/net/cuts.ts';
import { disjointPaths } from '../../src/net/disjoint-paths.ts';
import type { Graph } from '../../src/net/graph.ts';
import { ShortestPaths } from '../../src/net/shortest-path.ts';
import type { BenchFigure, BenchLine } from './line.ts';
import { repositoryPath } from './repository.ts';
import { compare, secondsPerCall } from './timing.ts';
import { loadTopology, topologyFile } from './topology-file.ts';

const NETWORKS = ['kdl', 'cogentco', 'esnet6'];
const REPETITIONS = 5;
const RATIO_MOST = 1.5;
const CUTS_SECONDS_MOST = 2;

/** `peer` is the peer's word for it. */
const SEARCHES = [
  { peer: 'dijkstra', name: 'shortest paths from one source', open: shortest },
  { peer: 'pair', name: 'edge-disjoint pair', open: pairs },
] as const;

export const pathLines: readonly BenchLine[] = [
  { name: 'paths-boost', measure: async () => withBoost((program) => measureAll(program)) },
  { name: 'cuts', measure: async () => [measureCuts()] },
];

type OpenSearch = (graph: Graph) => (from: number, to: number) => void;

function shortest(graph: Graph): ReturnType<OpenSearch> {
  const search = new ShortestPaths(graph);
  return (from) => void search.from(from);
}

function pairs(graph: Graph): ReturnType<OpenSearch> {
  return (from, to) => void disjointPaths(graph, from, to, 'edge');
}

async function measureAll(program: string): Promise<BenchFigure[]> {
  const figures: BenchFigure[] = [];
  for (const network of NETWORKS) {
    const graph = loadTopology(network);
    for (const { peer, name, open } of SEARCHES) {
      const title = `${name}, ${network}`;
      if (graph === null)
        figures.push({ kind: 'skipped', name: title, reason: `${topologyFile(network)} is not there` });
      else figures.push(await measure(title, graph, open(graph), program, peer));
    }
  }
  return figures;
}

async function measure(
  name: string,
  graph: Graph,
  search: (from: number, to: number) => void,
  program: string,
  peer: string,
): Promise<BenchFigure> {
  const input = graphText(graph);
  let from = 0;
  const next = (): void => {
    search(from, (from + (graph.nodeCount >> 1)) % graph.nodeCount);
    from = (from + 1) % graph.nodeCount;
  };
  const { value, reference, ratio } = await compare(
    REPETITIONS,
    async () => (await secondsPerCall(next)) * 1e6,
    async () => Number(execFileSync(program, [peer], { input })),
  );
  return {
    kind: 'measured',
    name,
    value,
    unit: 'us',
    target: { of: 'ratio', atMost: RATIO_MOST },
    reference: { kind: 'peer', name: 'Boost Graph, C++ -O2', value: reference, ratio },
  };
}

const graphText = ({ nodeCount, edgeCount, edgeA, edgeB, edgeWeight }: Graph): string =>
  [
    `${nodeCount} ${edgeCount}`,
    ...Array.from(edgeWeight, (weight, i) => `${edgeA[i]} ${edgeB[i]} ${weight}`),
  ].join('\n');

function measureCuts(): BenchFigure {
  const name = 'all single and double cuts, kdl';
  const graph = loadTopology('kdl');
  if (graph === null) return { kind: 'skipped', name, reason: `${topologyFile('kdl')} is not there` };
  const started = performance.now();
  const cuts = singleCuts(graph).cuts + doubleCuts(graph).cuts;
  const seconds = (performance.now() - started) / 1e3;
  if (cuts !== 899 + 403_651) throw new Error(`kdl has ${cuts} cuts`);
  return {
    kind: 'measured',
    name,
    value: seconds,
    unit: 's',
    target: { of: 'value', atMost: CUTS_SECONDS_MOST },
    reference: {
      kind: 'limit',
      name: 'allowed',
      value: CUTS_SECONDS_MOST,
      ratio: seconds / CUTS_SECONDS_MOST,
    },
  };
}

const HEADER = '/usr/include/boost/graph/dijkstra_shortest_paths.hpp';

/** Installs Debian's package where it is missing and that can be done, and compiles the peer for as long as `use` takes. */
async function withBoost(use: (program: string) => Promise<BenchFigure[]>): Promise<BenchFigure[]> {
  const skipped = (reason: string): BenchFigure[] => [
    { kind: 'skipped', name: 'path computation against Boost Graph', reason },
  ];
  if (!existsSync(HEADER) && !installBoost())
    return skipped('the headers are missing: apt-get install libboost-graph-dev, as root');
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  try {
    const program = join(folder, 'boost-paths');
    const source = repositoryPath('scripts/bench/boost-paths.cpp');
    try {
      execFileSync('g++', ['-O2', '-std=c++17', '-o', program, source], { stdio: 'inherit' });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT')
        return skipped('g++ is not there to compile the peer');
      throw error;
    }
    return await use(program);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function installBoost(): boolean {
  if (process.getuid?.() !== 0) return false;
  console.log('installing libboost-graph-dev');
  try {
    execFileSync('apt-get', ['install', '-y', '-q', '--no-install-recommends', 'libboost-graph-dev'], {
      stdio: 'ignore',
    });
  } catch {
    return false;
  }
  return existsSync(HEADER);
}
