// Net2Plan's n2p: links are one-way and name the one that leads back; the first of the two in the file becomes
// the duplex link. Lengths are kilometres in the file. Of several layers, all links count.

import { MapError } from './errors.ts';
import type { NetworkMap } from './network-map.ts';
import { placeOf } from './place.ts';
import { attribute, childrenOf, type XmlElement } from './xml.ts';

export function readNet2plan(root: XmlElement): NetworkMap {
  const nodes = childrenOf(root, 'node').map((node) => ({
    id: `n${attribute(node, 'id')}`,
    name: attribute(node, 'name'),
    ...placeOf(node.attributes['yCoord'], node.attributes['xCoord']),
  }));
  const oneWay = childrenOf(root, 'layer').flatMap((layer) => childrenOf(layer, 'link'));
  return { nodes, links: firstOfPairs(oneWay).map(readLink) };
}

function firstOfPairs(links: readonly XmlElement[]): XmlElement[] {
  const seen = new Set<string>();
  return links.filter((link) => {
    seen.add(attribute(link, 'id'));
    return !seen.has(link.attributes['bidirectionalPairId'] ?? '');
  });
}

function readLink(link: XmlElement) {
  const id = `l${attribute(link, 'id')}`;
  const kilometres = Number(attribute(link, 'lengthInKm'));
  if (!Number.isFinite(kilometres)) throw new MapError(`link ${id} has no length in kilometres`);
  return {
    id,
    a: `n${attribute(link, 'originNodeId')}`,
    b: `n${attribute(link, 'destinationNodeId')}`,
    weight: Math.max(1, Math.round(kilometres * 1000)),
  };
}
