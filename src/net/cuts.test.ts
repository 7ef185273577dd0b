import fc from 'fast-check';
import { assert, suite } from '../../scripts/testing/suite.ts';
import { doubleCuts, singleCuts } from './cuts.ts';
import type { Graph } from './graph.ts';
import { ShortestPaths } from './shortest-path.ts';
import { buildGraph, multigraph } from './small-multigraph.fixture.ts';

const test = suite('cuts');

test('a chain loses most in its middle, and a parallel edge protects', () => {
  const graph = buildGraph(4, [
    [0, 1, 1],
    [1, 2, 1],
    [2, 3, 1],
    [2, 3, 1],
  ]);
  const report = singleCuts(graph);
  assert.equal([...report.pairsLost], [3, 4, 0, 0]);
  assert.is(report.cutsThatDisconnect, 2);
  assert.is(report.totalPairsLost, 7);
  assert.equal(report.worst, { edges: [1], pairsLost: 4 });
});

test('a ring survives every single cut and no double cut', () => {
  const ring = buildGraph(4, [
    [0, 1, 1],
    [1, 2, 1],
    [2, 3, 1],
    [3, 0, 1],
  ]);
  assert.is(singleCuts(ring).worst, null);
  const report = doubleCuts(ring);
  assert.is(report.cuts, 6);
  assert.is(report.cutsThatDisconnect, 6);
  assert.is(report.totalPairsLost, 4 * 3 + 2 * 4);
  assert.equal(report.worst, { edges: [0, 2], pairsLost: 4 });
});

test('on small multigraphs every count is that of cutting and counting', () => {
  fc.assert(
    fc.property(multigraph, (graph) => {
      const edges = Array.from({ length: graph.edgeCount }, (_, edge) => edge);
      assert.equal(
        summary(singleCuts(graph)),
        byForce(
          graph,
          edges.map((edge) => [edge]),
        ),
      );
      const two = edges.flatMap((one) => edges.slice(one + 1).map((other) => [one, other]));
      assert.equal(summary(doubleCuts(graph)), byForce(graph, two));
    }),
    { numRuns: 400 },
  );
});

test('all double cuts of a graph of 750 nodes and 900 edges take a processor less than 2 s', () => {
  const ring = Array.from({ length: 750 }, (_, i) => [i, (i + 1) % 750, 1] as const);
  const chords = Array.from({ length: 150 }, (_, i) => [i * 5, (i * 35 + 7) % 750, 1] as const);
  const started = process.cpuUsage();
  const report = doubleCuts(buildGraph(750, [...ring, ...chords]));
  assert.is(report.cuts, 404_550);
  const { user } = process.cpuUsage(started);
  assert.ok(user < 2e6, `${user} us`);
});

test.run();

const summary = ({ cuts, cutsThatDisconnect, totalPairsLost, worst }: ReturnType<typeof singleCuts>) => ({
  cuts,
  cutsThatDisconnect,
  totalPairsLost,
  worst,
});

function byForce(graph: Graph, cuts: readonly number[][]): ReturnType<typeof summary> {
  const before = connectedPairs(graph, []);
  const lost = cuts.map((edges) => ({ edges, pairsLost: before - connectedPairs(graph, edges) }));
  const disconnecting = lost.filter(({ pairsLost }) => pairsLost > 0);
  return {
    cuts: cuts.length,
    cutsThatDisconnect: disconnecting.length,
    totalPairsLost: lost.reduce((sum, { pairsLost }) => sum + pairsLost, 0),
    worst: disconnecting.toSorted((a, b) => b.pairsLost - a.pairsLost)[0] ?? null,
  };
}

function connectedPairs(graph: Graph, cut: readonly number[]): number {
  const search = new ShortestPaths(graph);
  let pairs = 0;
  for (let node = 0; node < graph.nodeCount; node++) {
    const { distance } = search.from(node, (edge) => !cut.includes(edge));
    pairs += distance.filter((d, other) => other > node && d !== Infinity).length;
  }
  return pairs;
}
