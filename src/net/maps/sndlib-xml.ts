// SNDlib's XML format; the same network as in its native text. x is the longitude, y the latitude.

import { placedOnEarth, weighByPlace } from './great-circle.ts';
import type { NetworkMap } from './network-map.ts';
import { placeOf } from './place.ts';
import { attribute, childOf, childrenOf, type XmlElement } from './xml.ts';

export function readSndlibXml(root: XmlElement): NetworkMap {
  const structure = childOf(root, 'networkStructure');
  const list = childOf(structure, 'nodes');
  const inPixels = list?.attributes['coordinatesType'] === 'pixel';
  const nodes = placedOnEarth(
    childrenOf(list, 'node').map((node) => {
      const id = attribute(node, 'id');
      const at = inPixels ? undefined : childOf(node, 'coordinates');
      return { id, name: id, ...placeOf(childOf(at, 'y')?.text, childOf(at, 'x')?.text) };
    }),
  );
  const links = childrenOf(childOf(structure, 'links'), 'link').map((link) => ({
    id: attribute(link, 'id'),
    a: childOf(link, 'source')?.text ?? '',
    b: childOf(link, 'target')?.text ?? '',
  }));
  return { nodes, links: weighByPlace(nodes, links) };
}
