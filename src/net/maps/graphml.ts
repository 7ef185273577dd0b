// GraphML as the Internet Topology Zoo publishes it: places as Latitude and Longitude, names as label. Node
// `0` becomes `n0`; edges count e0, e1, … in the order of the file, without those from a node to itself.

import { weighByPlace } from './great-circle.ts';
import type { MapNode, NetworkMap } from './network-map.ts';
import { placeOf } from './place.ts';
import { attribute, childOf, childrenOf, type XmlElement } from './xml.ts';

export function readGraphml(root: XmlElement): NetworkMap {
  const graph = childOf(root, 'graph');
  const keys = nodeKeys(root);
  const nodes = childrenOf(graph, 'node').map((node) => readNode(node, keys));
  const links = childrenOf(graph, 'edge')
    .map((edge) => ({ a: `n${attribute(edge, 'source')}`, b: `n${attribute(edge, 'target')}` }))
    .filter(({ a, b }) => a !== b)
    .map((ends, i) => ({ id: `e${i}`, ...ends }));
  return { nodes, links: weighByPlace(nodes, links) };
}

/** The names of a node's data by their key: keys are numbered anew in every file. */
function nodeKeys(root: XmlElement): ReadonlyMap<string, string> {
  const keys = childrenOf(root, 'key').filter((key) => key.attributes['for'] === 'node');
  return new Map(keys.map((key) => [attribute(key, 'id'), attribute(key, 'attr.name')]));
}

function readNode(node: XmlElement, keys: ReadonlyMap<string, string>): MapNode {
  const data = new Map(childrenOf(node, 'data').map((d) => [keys.get(attribute(d, 'key')), d.text]));
  const id = attribute(node, 'id');
  return {
    id: `n${id}`,
    name: data.get('label') || id,
    ...placeOf(data.get('Latitude'), data.get('Longitude')),
  };
}
