import fc from 'fast-check';
import { assert, suite } from '../../scripts/testing/suite.ts';
import { comparePaths, kShortestPaths } from './k-shortest-paths.ts';
import { allPaths, buildGraph, multigraph } from './small-multigraph.fixture.ts';

const test = suite('k shortest paths');

test('parallel edges give paths of their own, and no path passes a node twice', () => {
  const graph = buildGraph(3, [
    [0, 1, 1],
    [0, 1, 1],
    [1, 2, 1],
    [0, 2, 5],
  ]);
  const edges = kShortestPaths(graph, 0, 2, 10).map((path) => path.edges);
  assert.equal(edges, [[0, 2], [1, 2], [3]]);
  assert.equal(kShortestPaths(graph, 0, 2, 2).length, 2);
});

test('where there is no path there are none, and from a node to itself there is one', () => {
  const graph = buildGraph(2, []);
  assert.equal(kShortestPaths(graph, 0, 1, 3), []);
  assert.equal(kShortestPaths(graph, 0, 0, 3), [{ nodes: [0], edges: [], cost: 0 }]);
});

test('on small multigraphs they cost what the cheapest of all paths cost, are all different, and do not depend on k', () => {
  fc.assert(
    fc.property(multigraph, fc.integer({ min: 1, max: 12 }), (graph, k) => {
      const paths = kShortestPaths(graph, 0, 1, k);
      const all = allPaths(graph, 0, 1).sort(comparePaths);
      assert.equal(
        paths.map(({ cost }) => cost),
        all.slice(0, k).map(({ cost }) => cost),
      );
      const keys = new Set(all.map(({ edges, nodes }) => `${edges}|${nodes}`));
      for (const { edges, nodes } of paths) assert.ok(keys.delete(`${edges}|${nodes}`));
      assert.equal(kShortestPaths(graph, 0, 1, k + 3).slice(0, k), paths);
    }),
    { numRuns: 400 },
  );
});

test.run();
