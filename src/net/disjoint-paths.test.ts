import fc from 'fast-check';
import { assert, suite } from '../../scripts/testing/suite.ts';
import { type Disjoint, disjointPaths } from './disjoint-paths.ts';
import type { Graph } from './graph.ts';
import { type ShortestPath, shortestPath } from './shortest-path.ts';
import { allPaths, buildGraph, multigraph } from './small-multigraph.fixture.ts';

const test = suite('disjoint paths');

const edgesOf = (paths: ShortestPath[] | null): number[][] | undefined => paths?.map(({ edges }) => edges);

test('the trap: the shortest path blocks every other, and the pair is found all the same', () => {
  const graph = buildGraph(4, [
    [0, 1, 1],
    [1, 2, 1],
    [2, 3, 1],
    [0, 2, 3],
    [1, 3, 3],
  ]);
  const shortest = shortestPath(graph, 0, 3)?.edges ?? [];
  assert.equal(shortest, [0, 1, 2]);
  assert.is(
    shortestPath(graph, 0, 3, (edge) => !shortest.includes(edge)),
    null,
  );
  assert.equal(edgesOf(disjointPaths(graph, 0, 3, 'edge')), [
    [0, 4],
    [3, 2],
  ]);
  assert.equal(edgesOf(disjointPaths(graph, 0, 3, 'node')), [
    [0, 4],
    [3, 2],
  ]);
});

test('paths that cross at a node are edge-disjoint and not node-disjoint; parallel edges are both', () => {
  const bowTie = buildGraph(3, [
    [0, 1, 1],
    [0, 1, 2],
    [1, 2, 1],
    [1, 2, 2],
  ]);
  assert.equal(
    edgesOf(disjointPaths(bowTie, 0, 2, 'edge'))
      ?.flat()
      .sort(),
    [0, 1, 2, 3],
  );
  assert.is(disjointPaths(bowTie, 0, 2, 'node'), null);
  assert.equal(edgesOf(disjointPaths(bowTie, 0, 1, 'node')), [[0], [1]]);
});

test('on small multigraphs there are as many as can be, for the least total, and none shares what it must not', () => {
  const kind = fc.constantFrom<Disjoint>('edge', 'node');
  fc.assert(
    fc.property(multigraph, kind, fc.integer({ min: 1, max: 3 }), (graph, disjoint, count) => {
      const paths = disjointPaths(graph, 0, 1, disjoint, count);
      assert.is(paths === null ? null : total(paths), leastTotal(graph, disjoint, count));
      if (paths === null) return;
      assert.is(paths.length, count);
      assert.ok(areDisjoint(paths, disjoint));
      const all = allPaths(graph, 0, 1);
      for (const { edges, cost } of paths)
        assert.ok(all.some((path) => `${path.edges}` === `${edges}` && path.cost === cost));
    }),
    { numRuns: 500 },
  );
});

test.run();

const total = (paths: readonly ShortestPath[]): number => paths.reduce((sum, { cost }) => sum + cost, 0);

function areDisjoint(paths: readonly ShortestPath[], disjoint: Disjoint): boolean {
  const used = paths.flatMap(({ edges, nodes }) =>
    disjoint === 'edge' ? edges : [...nodes.slice(1, -1), ...edges.map((edge) => `e${edge}`)],
  );
  return new Set(used).size === used.length;
}

/** By trying every set of paths. */
function leastTotal(graph: Graph, disjoint: Disjoint, count: number): number | null {
  const all = allPaths(graph, 0, 1);
  let least: number | null = null;
  const go = (chosen: ShortestPath[], start: number): void => {
    if (!areDisjoint(chosen, disjoint)) return;
    if (chosen.length === count) {
      const cost = total(chosen);
      if (least === null || cost < least) least = cost;
      return;
    }
    for (let i = start; i < all.length; i++) go([...chosen, all[i] as ShortestPath], i + 1);
  };
  go([], 0);
  return least;
}
