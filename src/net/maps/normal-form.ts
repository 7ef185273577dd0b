// The project's own form of a map, as JSON: `nodes [{id, name, lat?, lon?, loss?}]`, `links [{id, a, b, w, cost?,
// loss?, srlg?}]`; losses in dB.

import * as v from 'valibot';
import type { NetworkMap } from './network-map.ts';
import { placeOf } from './place.ts';

const decibels = v.pipe(v.number(), v.finite(), v.minValue(0));

export const normalFile = v.object({
  nodes: v.array(
    v.object({
      id: v.string(),
      name: v.optional(v.string()),
      lat: v.optional(v.number()),
      lon: v.optional(v.number()),
      loss: v.optional(decibels),
    }),
  ),
  links: v.array(
    v.object({
      id: v.string(),
      a: v.string(),
      b: v.string(),
      w: v.number(),
      cost: v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(0))),
      loss: v.optional(decibels),
      srlg: v.optional(v.array(v.string())),
    }),
  ),
});

export function readNormalForm(file: v.InferOutput<typeof normalFile>): NetworkMap {
  return {
    nodes: file.nodes.map(({ id, name, lat, lon, loss }) => ({
      id,
      name: name ?? id,
      ...placeOf(lat, lon),
      ...(loss === undefined ? {} : { loss }),
    })),
    links: file.links.map(({ id, a, b, w, cost, loss, srlg }) => ({
      id,
      a,
      b,
      weight: w,
      ...(cost === undefined ? {} : { cost }),
      ...(loss === undefined ? {} : { loss }),
      ...(srlg && { srlg }),
    })),
  };
}
