// The real networks that lie beside the repository, if they do; where they are not, a bench says so.

import { readFileSync } from 'node:fs';
import type { Graph } from '../../src/net/graph.ts';
import { graphOf, type NetworkMap } from '../../src/net/maps/network-map.ts';
import { readMap } from '../../src/net/maps/read-map.ts';
import { repositoryPath } from './repository.ts';

export const topologyFile = (name: string): string => `../shared/topologies/normal/${name}.json`;

/** Null where there is no such file. */
export function loadTopology(name: string): Graph | null {
  const map = loadMap(name);
  return map === null ? null : graphOf(map, 'length');
}

/** Null where there is no such file. */
export function loadMap(name: string): NetworkMap | null {
  let text: string;
  try {
    text = readFileSync(repositoryPath(topologyFile(name)), 'utf8');
  } catch {
    return null;
  }
  return readMap(text);
}
