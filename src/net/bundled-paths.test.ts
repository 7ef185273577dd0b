import fc from 'fast-check';
import { assert, suite } from '../../scripts/testing/suite.ts';
import { BundledPaths } from './bundled-paths.ts';
import { ShortestPaths } from './shortest-path.ts';
import { buildGraph, multigraph } from './small-multigraph.fixture.ts';

const test = suite('bundled paths');

/** Nodes in a row with many parallel edges, and leaves that hang on them by several. */
const wideGraph = fc
  .tuple(
    fc.integer({ min: 1, max: 4 }),
    fc.array(fc.tuple(fc.nat(5), fc.nat(5), fc.nat(2)), { maxLength: 24 }),
    fc.array(fc.tuple(fc.nat(5), fc.nat(2)), { maxLength: 6 }),
  )
  .map(([inner, between, leaves]) =>
    buildGraph(inner + leaves.length, [
      ...between.map(([a, b, weight]) => [a % inner, b % inner, weight / 3] as const),
      ...leaves.flatMap(([at, weight], i) => [
        [inner + i, at % inner, weight / 7] as const,
        [at % inner, inner + i, ((weight + at) % 3) / 7] as const,
      ]),
    ]),
  );

test('from anywhere to anywhere they are the shortest paths of the graph itself, with the same edges of equal ones', () => {
  fc.assert(
    fc.property(
      fc.oneof(multigraph, wideGraph),
      fc.array(fc.boolean(), { maxLength: 40 }),
      (graph, barred) => {
        const isUsable = (edge: number): boolean => barred[edge] !== true;
        const [bundled, plain] = [new BundledPaths(graph), new ShortestPaths(graph)];
        for (let from = 0; from < graph.nodeCount; from++)
          for (let to = 0; to < graph.nodeCount; to++) {
            assert.equal(bundled.to(from, to, isUsable), plain.to(from, to, isUsable));
            assert.equal(bundled.to(from, to), plain.to(from, to));
          }
      },
    ),
    { numRuns: 500 },
  );
});

test('of parallel edges only as many are asked for as it takes to find one that is usable', () => {
  const beside = Array.from({ length: 50 }, () => [1, 2, 5] as const);
  const graph = buildGraph(4, [[0, 1, 1], ...beside, [2, 3, 1]]);
  const asked: number[] = [];
  const found = new BundledPaths(graph).to(0, 3, (edge) => {
    asked.push(edge);
    return edge !== 1;
  });
  assert.equal(found?.edges, [0, 2, 51]);
  assert.equal(asked, [0, 1, 2, 51]);
});

test('leaves other than the two ends are not looked at', () => {
  const leaves = Array.from({ length: 20 }, (_, i) => [i % 2, 2 + i, 1] as const);
  const graph = buildGraph(22, [[0, 1, 1], ...leaves]);
  const asked: number[] = [];
  const found = new BundledPaths(graph).to(2, 5, (edge) => asked.push(edge) > 0);
  assert.equal(found?.nodes, [2, 0, 1, 5]);
  assert.equal(asked, [1, 0, 4]);
});

test.run();
