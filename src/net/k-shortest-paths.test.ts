import fc from 'fast-check';
import { assert, suite } from '../../scripts/testing/suite.ts';
import { lossOf } from './constrained-path.ts';
import { comparePaths, kConstrainedPaths, kShortestPaths } from './k-shortest-paths.ts';
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

test('under constraints they are the cheapest of those that keep them', () => {
  const losses = fc.array(fc.nat(4), { minLength: 15, maxLength: 15 });
  fc.assert(
    fc.property(multigraph, losses, fc.nat(12), fc.nat(5), fc.nat(8), (graph, lost, most, by, barred) => {
      const loss = {
        ofEdge: Float64Array.from(lost.slice(0, graph.edgeCount)),
        ofNode: Float64Array.from(lost.slice(9, 9 + graph.nodeCount)),
        most,
      };
      const nodes = by < graph.nodeCount ? [by] : [];
      const isUsable = (edge: number) => edge !== barred;
      const found = kConstrainedPaths(graph, 0, 1, 5, { isUsable, nodes, loss });
      const allowed = allPaths(graph, 0, 1)
        .filter((path) => path.edges.every(isUsable) && nodes.every((node) => path.nodes.includes(node)))
        .filter((path) => lossOf(path, loss) <= most)
        .sort(comparePaths);
      assert.is(found.kind, 'found');
      if (found.kind !== 'found') return;
      assert.equal(
        found.paths.map(({ cost }) => cost),
        allowed.slice(0, 5).map(({ cost }) => cost),
      );
      assert.is(new Set(found.paths.map(({ edges }) => edges.join(' '))).size, found.paths.length);
    }),
    { numRuns: 500 },
  );
});

test.run();
