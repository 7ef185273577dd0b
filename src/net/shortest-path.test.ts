import fc from 'fast-check';
import { assert, suite } from '../../scripts/testing/suite.ts';
import { Graph, type GraphEdge } from './graph.ts';
import { ShortestPaths, shortestPath } from './shortest-path.ts';

const test = suite('shortest paths');

const names = (count: number): string[] => Array.from({ length: count }, (_, i) => `n${i}`);

test('the cheaper of two ways is found, by its own edges', () => {
  const graph = Graph.build(
    ['gva', 'chi', 'nyc', 'pas'],
    [
      { id: 'gva-chi', a: 'gva', b: 'chi', weight: 60 },
      { id: 'gva-nyc', a: 'gva', b: 'nyc', weight: 45 },
      { id: 'nyc-chi', a: 'nyc', b: 'chi', weight: 10 },
      { id: 'chi-pas', a: 'chi', b: 'pas', weight: 20 },
    ],
  );
  const path = shortestPath(graph, graph.nodeIndex('gva'), graph.nodeIndex('pas'));
  assert.equal(path?.cost, 75);
  assert.equal(
    path?.edges.map((e) => graph.edgeId(e)),
    ['gva-nyc', 'nyc-chi', 'chi-pas'],
  );
  assert.equal(
    path?.nodes.map((n) => graph.nodeName(n)),
    ['gva', 'nyc', 'chi', 'pas'],
  );
  const withoutNyc = shortestPath(
    graph,
    0,
    graph.nodeIndex('pas'),
    (edge) => graph.edgeId(edge) !== 'gva-nyc',
  );
  assert.equal(withoutNyc?.cost, 80);
  assert.is(
    shortestPath(graph, 0, 3, (edge) => graph.edgeId(edge) !== 'chi-pas'),
    null,
  );
});

test('a tie goes to the lower node, and between parallel edges to the lower edge', () => {
  const graph = Graph.build(names(4), [
    { id: 'by-2', a: 'n0', b: 'n2', weight: 1 },
    { id: 'by-2-on', a: 'n2', b: 'n3', weight: 1 },
    { id: 'by-1-second', a: 'n0', b: 'n1', weight: 1 },
    { id: 'by-1-third', a: 'n0', b: 'n1', weight: 1 },
    { id: 'by-1-on', a: 'n1', b: 'n3', weight: 1 },
  ]);
  const ids = shortestPath(graph, 0, 3)?.edges.map((e) => graph.edgeId(e));
  assert.equal(ids, ['by-1-second', 'by-1-on']);
});

test('a directed edge is not used backwards', () => {
  const graph = Graph.build(names(2), [{ id: 'only', a: 'n0', b: 'n1', weight: 1 }], { directed: true });
  assert.is(shortestPath(graph, 0, 1)?.cost, 1);
  assert.is(shortestPath(graph, 1, 0), null);
});

const graphs = fc.integer({ min: 1, max: 9 }).chain((nodeCount) =>
  fc.record({
    nodeCount: fc.constant(nodeCount),
    directed: fc.boolean(),
    ends: fc.array(
      fc.tuple(
        fc.nat({ max: nodeCount - 1 }),
        fc.nat({ max: nodeCount - 1 }),
        fc.nat({ max: 5 }),
        fc.boolean(),
      ),
      { maxLength: 24 },
    ),
    source: fc.nat({ max: nodeCount - 1 }),
  }),
);

test('distances are those of a naive Bellman-Ford, and the paths add up to them', () => {
  fc.assert(
    fc.property(graphs, ({ nodeCount, directed, ends, source }) => {
      const edges = ends.map(
        ([a, b, weight], i): GraphEdge => ({ id: `e${i}`, a: `n${a}`, b: `n${b}`, weight }),
      );
      const graph = Graph.build(names(nodeCount), edges, { directed });
      const usable = (edge: number): boolean => ends[edge]?.[3] ?? false;
      const expected = bellmanFord(nodeCount, ends, directed, source);
      const search = new ShortestPaths(graph);
      assert.equal([...search.from(source, usable).distance], expected);
      for (let target = 0; target < nodeCount; target++) {
        const path = shortestPath(graph, source, target, usable);
        search.from(source, usable);
        assert.equal(path, search.pathTo(target));
        assert.is(path?.cost ?? Infinity, expected[target]);
        if (path !== null) assertIsPath(graph, path.nodes, path.edges, path.cost);
      }
    }),
    { numRuns: 500 },
  );
});

function bellmanFord(
  nodeCount: number,
  ends: readonly (readonly [number, number, number, boolean])[],
  directed: boolean,
  source: number,
): number[] {
  const distance = new Array<number>(nodeCount).fill(Infinity);
  distance[source] = 0;
  for (let round = 0; round < nodeCount; round++) {
    for (const [a, b, weight, usable] of ends) {
      if (!usable) continue;
      distance[b] = Math.min(distance[b] as number, (distance[a] as number) + weight);
      if (!directed) distance[a] = Math.min(distance[a] as number, (distance[b] as number) + weight);
    }
  }
  return distance;
}

function assertIsPath(graph: Graph, nodes: readonly number[], edges: readonly number[], cost: number): void {
  assert.is(edges.length, nodes.length - 1);
  assert.is(new Set(nodes).size, nodes.length, 'a shortest path visits no node twice');
  let sum = 0;
  edges.forEach((edge, i) => {
    assert.is(graph.otherEnd(edge, nodes[i] as number), nodes[i + 1]);
    sum += graph.edgeWeight[edge] as number;
  });
  assert.is(sum, cost);
}

test.run();
