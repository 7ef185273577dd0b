// The project's own form of a map, as JSON: `nodes [{id, name, lat?, lon?}]`, `links [{id, a, b, w}]`.

import * as v from 'valibot';
import type { NetworkMap } from './network-map.ts';
import { placeOf } from './place.ts';

export const normalFile = v.object({
  nodes: v.array(
    v.object({
      id: v.string(),
      name: v.optional(v.string()),
      lat: v.optional(v.number()),
      lon: v.optional(v.number()),
    }),
  ),
  links: v.array(v.object({ id: v.string(), a: v.string(), b: v.string(), w: v.number() })),
});

export function readNormalForm(file: v.InferOutput<typeof normalFile>): NetworkMap {
  return {
    nodes: file.nodes.map(({ id, name, lat, lon }) => ({ id, name: name ?? id, ...placeOf(lat, lon) })),
    links: file.links.map(({ id, a, b, w }) => ({ id, a, b, weight: w })),
  };
}
