import fc from 'fast-check';
import { assert, suite } from '../../scripts/testing/suite.ts';
import { constrainedPath, isWithin, lossOf, type PathConstraints } from './constrained-path.ts';
import type { Graph } from './graph.ts';
import { allPaths, buildGraph, multigraph } from './small-multigraph.fixture.ts';

const test = suite('constrained path');

const edgesOf = (graph: Graph, from: number, to: number, constraints: PathConstraints): number[] | string => {
  const found = constrainedPath(graph, from, to, constraints);
  return found.kind === 'found' ? found.path.edges : found.kind;
};

test('the cheapest path that loses no more than the budget may be neither the cheapest nor the least lossy', () => {
  const graph = buildGraph(3, [
    [0, 1, 1],
    [0, 1, 5],
    [0, 1, 9],
    [1, 2, 1],
  ]);
  const loss = (most: number): PathConstraints => ({
    loss: { ofEdge: Float64Array.of(9, 5, 1, 1), ofNode: Float64Array.of(0, 1.5, 0), most },
  });
  assert.equal(edgesOf(graph, 0, 2, loss(11.5)), [0, 3]);
  assert.equal(edgesOf(graph, 0, 2, loss(11.4)), [1, 3]);
  assert.equal(edgesOf(graph, 0, 2, loss(7)), [2, 3]);
  assert.is(edgesOf(graph, 0, 2, loss(3.4)), 'none');
});

test('a node to be passed at the end of a spur has no path: none may come back the way it went', () => {
  // 0 - 1 - 2 with the spur 1 - 3; and 0 - 4 - 2, where 4 is no spur.
  const graph = buildGraph(5, [
    [0, 1, 1],
    [1, 2, 1],
    [1, 3, 1],
    [0, 4, 5],
    [4, 2, 5],
  ]);
  assert.is(edgesOf(graph, 0, 2, { nodes: [3] }), 'none');
  assert.is(edgesOf(graph, 0, 2, { edges: [2] }), 'none');
  assert.equal(edgesOf(graph, 0, 2, { nodes: [4] }), [3, 4]);
  assert.is(edgesOf(graph, 0, 2, { nodes: [1, 4] }), 'none');
});

test('where the cheapest walk by a node would meet itself, the path goes round', () => {
  // The cheapest way from 0 by 3 to 2 meets 1 twice; the loopless one leaves 3 by 4.
  const graph = buildGraph(5, [
    [0, 1, 1],
    [1, 2, 1],
    [1, 3, 1],
    [3, 4, 9],
    [4, 2, 9],
  ]);
  assert.equal(edgesOf(graph, 0, 2, { nodes: [3] }), [0, 2, 3, 4]);
});

test('a cheaper way to the same place does not hide the one that can go on', () => {
  // By 1 the way to 2 is cheaper, but from 2 the way leads over 1.
  const graph = buildGraph(4, [
    [0, 1, 10],
    [1, 2, 10],
    [2, 3, 10],
    [0, 2, 30],
    [1, 3, 30],
  ]);
  assert.equal(edgesOf(graph, 0, 3, { nodes: [2], edges: [4] }), [3, 1, 4]);
});

test('on small multigraphs it is the cheapest of all loopless paths that keep the constraints', () => {
  const wanted = fc.record({
    nodes: fc.array(fc.nat(5), { maxLength: 2 }),
    edges: fc.array(fc.nat(8), { maxLength: 2 }),
    losses: fc.array(fc.nat(4), { minLength: 15, maxLength: 15 }),
    most: fc.option(fc.nat(12)),
    barred: fc.nat(8),
  });
  fc.assert(
    fc.property(multigraph, wanted, (graph, { nodes, edges, losses, most, barred }) => {
      const constraints = {
        isUsable: (edge: number) => edge !== barred,
        nodes: nodes.filter((node) => node < graph.nodeCount),
        edges: edges.filter((edge) => edge < graph.edgeCount),
        loss: {
          ofEdge: Float64Array.from(losses.slice(0, graph.edgeCount)),
          ofNode: Float64Array.from(losses.slice(9, 9 + graph.nodeCount)),
          most: most ?? Infinity,
        },
      };
      const allowed = allPaths(graph, 0, 1).filter(
        (path) =>
          !path.edges.includes(barred) &&
          constraints.nodes.every((node) => path.nodes.includes(node)) &&
          constraints.edges.every((edge) => path.edges.includes(edge)) &&
          lossOf(path, constraints.loss) <= constraints.loss.most,
      );
      const found = constrainedPath(graph, 0, 1, constraints);
      assert.is(found.kind, allowed.length > 0 ? 'found' : 'none');
      if (found.kind !== 'found') return;
      assert.is(found.path.cost, Math.min(...allowed.map(({ cost }) => cost)));
      assert.ok(
        allowed.some(
          ({ edges: all, nodes: on }) => `${all}|${on}` === `${found.path.edges}|${found.path.nodes}`,
        ),
      );
      assert.ok(isWithin(found.path, constraints.loss));
    }),
    { numRuns: 4000 },
  );
});

test.run();
