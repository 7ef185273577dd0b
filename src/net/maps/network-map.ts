// A real network as its publishers drew it: places and the duplex links between them, in one form whatever the
// file it came from. Every link has a positive integer weight; parallel links stay separate.

import { Graph } from '../graph.ts';
import { MapError } from './errors.ts';

export interface MapNode {
  readonly id: string;
  readonly name: string;
  /** Degrees north and east; both or none. */
  readonly place?: Place;
  /** What light loses in its switch, dB. */
  readonly loss?: number;
}

export interface Place {
  readonly latitude: number;
  readonly longitude: number;
}

export interface MapLink {
  readonly id: string;
  readonly a: string;
  readonly b: string;
  /** Metres where the file has lengths or places; else what the file counts in. */
  readonly weight: number;
  /** The operator's weight, where it is another. */
  readonly cost?: number;
  /** From end to end, dB. */
  readonly loss?: number;
  /** Groups of links that it fails with. */
  readonly srlg?: readonly string[];
}

export interface NetworkMap {
  readonly nodes: readonly MapNode[];
  readonly links: readonly MapLink[];
}

/** What a path is measured by: the links' weights, one for every link, or the operator's weights. */
export type Measure = 'length' | 'hops' | 'cost';

export function graphOf(map: NetworkMap, measure: Measure): Graph {
  return Graph.build(
    map.nodes.map(({ id }) => id),
    map.links.map((link) => ({ id: link.id, a: link.a, b: link.b, weight: measured(link, measure) })),
  );
}

function measured({ weight, cost }: MapLink, measure: Measure): number {
  if (measure === 'hops') return 1;
  return measure === 'cost' ? (cost ?? weight) : weight;
}

/** The same map, if names are unique, ends are there and weights count; a link from a node to itself is left out. */
export function checkedMap(map: NetworkMap): NetworkMap {
  if (map.nodes.length === 0) throw new MapError('it has no nodes');
  const nodes = new Set(map.nodes.map(({ id }) => id));
  checkIds(map);
  for (const { id, place } of map.nodes) if (place) checkPlace(id, place);
  if (nodes.size !== map.nodes.length) throw new MapError(`two nodes are named ${twice(map.nodes)}`);
  const links = map.links.filter(({ a, b }) => a !== b);
  if (new Set(links.map(({ id }) => id)).size !== links.length)
    throw new MapError(`two links are named ${twice(links)}`);
  for (const { id, a, b, weight } of links) {
    for (const end of [a, b])
      if (!nodes.has(end)) throw new MapError(`link ${id} ends at ${end}, which is not a node`);
    if (!(Number.isSafeInteger(weight) && weight > 0))
      throw new MapError(`link ${id} has the weight ${weight}, expected a positive integer`);
  }
  checkSum(links.map(({ weight }) => weight));
  checkSum(links.map(({ weight, cost }) => cost ?? weight));
  return { nodes: map.nodes, links };
}

function checkIds({ nodes, links }: NetworkMap): void {
  for (const [i, { id }] of nodes.entries()) if (id === '') throw new MapError(`node ${i + 1} has no id`);
  for (const [i, { id }] of links.entries()) if (id === '') throw new MapError(`link ${i + 1} has no id`);
}

function checkPlace(id: string, { latitude, longitude }: Place): void {
  if (!isOnEarth({ latitude, longitude }))
    throw new MapError(
      `node ${id} lies at ${latitude} degrees north, ${longitude} east: expected up to 90 and up to 360`,
    );
}

/** Longitudes are written from -180 to 180 or from 0 to 360. */
export const isOnEarth = ({ latitude, longitude }: Place): boolean =>
  Math.abs(latitude) <= 90 && Math.abs(longitude) <= 360;

/** No path is longer than all links together: where that is exact, every length is. */
function checkSum(weights: readonly number[]): void {
  const sum = weights.reduce((total, weight) => total + weight, 0);
  if (!Number.isSafeInteger(sum))
    throw new MapError(
      `its weights come to ${sum}, beyond what can be added exactly (2^53): give a coarser unit`,
    );
}

function twice(named: readonly { readonly id: string }[]): string {
  const seen = new Set<string>();
  return named.find(({ id }) => seen.size === seen.add(id).size)?.id ?? '';
}
