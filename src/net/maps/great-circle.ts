// Weights for maps that say where their nodes are but not how long their links: the great circle between the
// ends, and the median of the known lengths where an end has no place.

import { isOnEarth, type MapLink, type MapNode, type Place } from './network-map.ts';

/** Mean radius of the earth (IUGG), metres. */
const earthRadius = 6_371_008.8;

/** Great-circle metres by the haversine formula. */
export function greatCircle(one: Place, other: Place): number {
  const [latitude, otherLatitude] = [radians(one.latitude), radians(other.latitude)];
  const north = Math.sin((otherLatitude - latitude) / 2);
  const east = Math.sin(radians(other.longitude - one.longitude) / 2);
  const h = north * north + Math.cos(latitude) * Math.cos(otherLatitude) * east * east;
  return 2 * earthRadius * Math.asin(Math.min(1, Math.sqrt(h)));
}

/** The same nodes, without places where one is off the earth: SNDlib has maps that are drawn in pixels. */
export function placedOnEarth(nodes: readonly MapNode[]): readonly MapNode[] {
  if (nodes.every(({ place }) => place === undefined || isOnEarth(place))) return nodes;
  return nodes.map(({ id, name }) => ({ id, name }));
}

/** Links with whole metres of at least 1; all of them 1 where no length is known. */
export function weighByPlace(
  nodes: readonly MapNode[],
  links: readonly Omit<MapLink, 'weight'>[],
): readonly MapLink[] {
  const places = new Map(nodes.map(({ id, place }) => [id, place]));
  const lengths = links.map(({ a, b }) => lengthBetween(places.get(a), places.get(b)));
  const estimate = median(lengths.filter((length) => length !== null));
  return links.map((link, i) => ({ ...link, weight: lengths[i] ?? estimate }));
}

function lengthBetween(a: Place | undefined, b: Place | undefined): number | null {
  return a === undefined || b === undefined ? null : Math.max(1, Math.round(greatCircle(a, b)));
}

/** Of an even number the whole metres of the mean of the two in the middle; 1 of none. */
function median(lengths: readonly number[]): number {
  const sorted = lengths.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const low = sorted[Math.ceil(middle) - 1] ?? 1;
  const high = sorted[Math.floor(middle)] ?? low;
  return Math.floor((low + high) / 2);
}

const radians = (degrees: number): number => (degrees * Math.PI) / 180;
