// On every published map that is at hand: disjoint pairs found by flow and by branch and bound cost the same, paths
// found under constraints that bind nothing are the shortest, and no bridge is in a pair.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { assert, suite } from '../../../scripts/testing/suite.ts';
import { Bridges } from '../bridges.ts';
import { disjointPair } from '../disjoint-pair.ts';
import { disjointPaths } from '../disjoint-paths.ts';
import { kConstrainedPaths, kShortestPaths } from '../k-shortest-paths.ts';
import { Risks } from '../risks.ts';
import { graphOf } from './network-map.ts';
import { readMap } from './read-map.ts';

const test = suite('published maps');

const published = ['../../../../shared/topologies', '../../../../../shared/topologies']
  .map((path) => fileURLToPath(new URL(path, import.meta.url)))
  .find((path) => existsSync(path));
const names =
  published === undefined ? [] : readdirSync(`${published}/normal`).filter((name) => name.endsWith('.json'));

if (names.length === 0)
  test.skip('paths on published maps', 'there is no folder shared/topologies beside the repository');

for (const name of names) {
  test(`on ${name} flow and search agree, and lengths are whole sums`, () => {
    const graph = graphOf(readMap(readFileSync(`${published}/normal/${name}`, 'utf8')), 'length');
    const { nodeCount } = graph;
    const bridges = new Bridges(graph).search();
    const risks = Risks.ofEdges(graph);
    for (let i = 0; i < 6; i++) {
      const from = (i * 37) % nodeCount;
      const to = (from + 1 + ((i * 53) % (nodeCount - 1))) % nodeCount;
      const flow = disjointPaths(graph, from, to, 'edge');
      const found = disjointPair(graph, from, to, risks);
      assert.is(found.kind, flow === null ? 'none' : 'found');
      if (found.kind === 'found' && flow !== null) {
        assert.is(found.paths[0].cost + found.paths[1].cost, (flow[0]?.cost ?? 0) + (flow[1]?.cost ?? 0));
        assert.ok(found.paths.every(({ edges }) => edges.every((edge) => bridges[edge] === 0)));
      }
      const shortest = kShortestPaths(graph, from, to, 3);
      const constrained = kConstrainedPaths(graph, from, to, 3, {});
      assert.equal(constrained, { kind: 'found', paths: shortest });
      assert.ok(shortest.every(({ cost }) => Number.isSafeInteger(cost)));
    }
  });
}

test.run();
