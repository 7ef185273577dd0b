// Shortest paths from one node to all others of a national backbone (kdl of the Internet Topology Zoo, 754
// nodes). The limit is one look at every arc, without any order among nodes.

import type { Graph } from '../../src/net/graph.ts';
import { ShortestPaths } from '../../src/net/shortest-path.ts';
import type { BenchFigure, BenchLine } from './line.ts';
import { compare, secondsPerCall } from './timing.ts';
import { loadTopology, topologyFile } from './topology-file.ts';

const NAME = 'shortest paths from one source, 754 nodes';
const REPETITIONS = 5;
const TARGET_MS = 0.1;

export const shortestPathLine: BenchLine = {
  name: 'shortest-path',
  measure: async () => {
    const graph = loadTopology('kdl');
    if (graph === null)
      return [{ kind: 'skipped', name: NAME, reason: `${topologyFile('kdl')} is not there` }];
    return [await measure(graph)];
  },
};

async function measure(graph: Graph): Promise<BenchFigure> {
  const paths = new ShortestPaths(graph);
  let source = 0;
  const next = (): void => {
    paths.from(source);
    source = (source + 1) % graph.nodeCount;
  };
  const { value, reference, ratio } = await compare(
    REPETITIONS,
    async () => (await secondsPerCall(next)) * 1e3,
    async () => (await secondsPerCall(() => lookAtEveryArc(graph))) * 1e3,
  );
  return {
    kind: 'measured',
    name: NAME,
    value,
    unit: 'ms',
    target: { of: 'value', atMost: TARGET_MS },
    reference: { kind: 'limit', name: 'one look at every arc', value: reference, ratio },
  };
}

function lookAtEveryArc(graph: Graph): void {
  const distance = new Float64Array(graph.nodeCount).fill(Infinity);
  distance[0] = 0;
  for (let node = 0; node < graph.nodeCount; node++) {
    const end = graph.firstArc[node + 1] as number;
    for (let arc = graph.firstArc[node] as number; arc < end; arc++) {
      const to = graph.arcTo[arc] as number;
      distance[to] = Math.min(
        distance[to] as number,
        (distance[node] as number) + (graph.arcWeight[arc] as number),
      );
    }
  }
}
