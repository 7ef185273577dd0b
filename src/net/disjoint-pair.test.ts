import fc from 'fast-check';
import { assert, suite } from '../../scripts/testing/suite.ts';
import { lossOf } from './constrained-path.ts';
import { disjointPair } from './disjoint-pair.ts';
import { disjointPaths } from './disjoint-paths.ts';
import type { Graph } from './graph.ts';
import { Risks } from './risks.ts';
import { type ShortestPath, shortestPath } from './shortest-path.ts';
import { allPaths, buildGraph, multigraph } from './small-multigraph.fixture.ts';

const test = suite('disjoint pair');

test('the trap: the pair that is cheapest by edges shares a duct, and so does every partner of the shortest path', () => {
  const graph = buildGraph(4, [
    [0, 1, 1],
    [1, 3, 1],
    [0, 2, 2],
    [2, 3, 2],
    [0, 3, 9],
    [1, 2, 1],
  ]);
  // The shortest path has ducts in common with each other way out of 0.
  const risks = Risks.ofGroups(graph, [['duct'], ['bridge'], ['duct'], [], ['bridge'], []]);
  assert.equal(shortestPath(graph, 0, 3)?.edges, [0, 1]);
  const pair = disjointPair(graph, 0, 3, risks);
  // By 1 and 2, avoiding the bridge, beside the long way over it.
  assert.equal(pair.kind === 'found' ? pair.paths.map(({ edges }) => edges) : pair.kind, [[2, 3], [4]]);
});

test('where every path goes through one duct there is no pair', () => {
  const graph = buildGraph(2, [
    [0, 1, 1],
    [0, 1, 1],
    [0, 1, 1],
  ]);
  assert.is(disjointPair(graph, 0, 1, Risks.ofGroups(graph, [['d'], ['d'], ['d']])).kind, 'none');
});

const groupNames = fc.array(fc.array(fc.constantFrom('p', 'q', 'r', 's'), { maxLength: 2 }), {
  minLength: 9,
  maxLength: 9,
});

test('on small multigraphs with SRLGs it is the least total of all pairs that share none', () => {
  fc.assert(
    fc.property(multigraph, groupNames, (graph, names) => {
      const risks = Risks.ofGroups(graph, names.slice(0, graph.edgeCount));
      const found = disjointPair(graph, 0, 1, risks);
      assert.is(
        totalOf(found),
        leastTotal(graph, risks, () => true),
      );
      if (found.kind === 'found') assert.ok(areApart(risks, ...found.paths));
    }),
    { numRuns: 1500 },
  );
});

test('it agrees with the flow on edge-disjoint and node-disjoint pairs', () => {
  fc.assert(
    fc.property(multigraph, fc.boolean(), (graph, isByNode) => {
      const risks = isByNode ? Risks.ofNodes(graph, [0, 1]) : Risks.ofEdges(graph);
      const flow = disjointPaths(graph, 0, 1, isByNode ? 'node' : 'edge');
      const total = flow === null ? null : flow.reduce((sum, { cost }) => sum + cost, 0);
      assert.is(totalOf(disjointPair(graph, 0, 1, risks)), total);
    }),
    { numRuns: 500 },
  );
});

test('with a loss budget both paths keep it, and the total is the least of those that do', () => {
  const losses = fc.array(fc.nat(4), { minLength: 15, maxLength: 15 });
  fc.assert(
    fc.property(multigraph, groupNames, losses, fc.nat(10), (graph, names, lost, most) => {
      const risks = Risks.ofGroups(graph, names.slice(0, graph.edgeCount));
      const loss = {
        ofEdge: Float64Array.from(lost.slice(0, graph.edgeCount)),
        ofNode: Float64Array.from(lost.slice(9, 9 + graph.nodeCount)),
        most,
      };
      const found = disjointPair(graph, 0, 1, risks, { loss });
      assert.is(
        totalOf(found),
        leastTotal(graph, risks, (path) => lossOf(path, loss) <= most),
      );
    }),
    { numRuns: 500 },
  );
});

test('edges that may be shared carry no risk', () => {
  const graph = buildGraph(3, [
    [0, 2, 1],
    [2, 1, 1],
    [2, 1, 5],
  ]);
  const risks = Risks.ofEdges(graph);
  assert.is(disjointPair(graph, 0, 1, risks).kind, 'none');
  assert.is(
    totalOf(
      disjointPair(
        graph,
        0,
        1,
        risks.without((edge) => edge === 0),
      ),
    ),
    8,
  );
});

test.run();

function totalOf(found: ReturnType<typeof disjointPair>): number | null {
  assert.is.not(found.kind, 'gave-up');
  return found.kind === 'found' ? found.paths[0].cost + found.paths[1].cost : null;
}

const areApart = (risks: Risks, one: ShortestPath, other: ShortestPath): boolean =>
  risks.ofPath(one.edges).every((risk) => !risks.ofPath(other.edges).includes(risk));

/** By trying every two paths. */
function leastTotal(graph: Graph, risks: Risks, isAllowed: (path: ShortestPath) => boolean): number | null {
  const all = allPaths(graph, 0, 1).filter(isAllowed);
  const totals = all.flatMap((one, i) =>
    all.slice(i + 1).flatMap((other) => (areApart(risks, one, other) ? [one.cost + other.cost] : [])),
  );
  return totals.length === 0 ? null : Math.min(...totals);
}
