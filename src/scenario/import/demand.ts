// Which light paths an imported map is asked for: given pairs, so many drawn by seed among pairs that fibres
// join, or the one between the two nodes that lie furthest apart.

import { graphOf, type NetworkMap } from '../../net/maps/network-map.ts';
import { ShortestPaths } from '../../net/shortest-path.ts';
import { seededRandom } from '../../platform/seeded-random.ts';

/** Ids of two different nodes of the map. */
export interface Demand {
  readonly from: string;
  readonly to: string;
}

/** `count` pairs; none where no two nodes are joined. */
export function drawDemands(map: NetworkMap, count: number, seed: string): Demand[] {
  const random = seededRandom(`${seed}/demands`);
  const parts = components(map).filter((part) => part.length > 1);
  const nodes = parts.flatMap((part) => part.map((id) => ({ id, part })));
  if (nodes.length === 0) return [];
  return Array.from({ length: count }, () => {
    const { id: from, part } = nodes[random.integer(nodes.length)] as (typeof nodes)[number];
    const others = part.filter((id) => id !== from);
    return { from, to: others[random.integer(others.length)] as string };
  });
}

/** The pair whose shortest way is the longest; none where no two nodes are joined. */
export function furthestPair(map: NetworkMap): Demand | null {
  const graph = graphOf(map, 'length');
  const search = new ShortestPaths(graph);
  let furthest: Demand | null = null;
  let most = 0;
  for (let from = 0; from < graph.nodeCount; from++) {
    for (const [to, distance] of search.from(from).distance.entries()) {
      if (distance === Infinity || distance <= most) continue;
      most = distance;
      furthest = { from: graph.nodeName(from), to: graph.nodeName(to) };
    }
  }
  return furthest;
}

function components(map: NetworkMap): string[][] {
  const graph = graphOf(map, 'hops');
  const search = new ShortestPaths(graph);
  const seen = new Set<number>();
  const found: string[][] = [];
  for (let node = 0; node < graph.nodeCount; node++) {
    if (seen.has(node)) continue;
    const { distance } = search.from(node);
    const part = [...distance.keys()].filter((other) => distance[other] !== Infinity);
    for (const other of part) seen.add(other);
    found.push(part.map((other) => graph.nodeName(other)));
  }
  return found;
}
