// GNPy's network JSON: elements joined by one-way connections. ROADMs are the nodes; a chain of fibres and
// amplifiers from one to the next is a link, as long as its fibres together. Of the two directions the one from
// the lower uid is kept.

import * as v from 'valibot';
import { MapError } from './errors.ts';
import type { MapLink, NetworkMap } from './network-map.ts';
import { placeOf } from './place.ts';

const written = v.optional(v.nullable(v.number()));
const location = v.object({
  latitude: written,
  longitude: written,
  city: v.optional(v.nullable(v.string())),
});
const element = v.object({
  uid: v.string(),
  type: v.string(),
  metadata: v.optional(v.object({ location: v.optional(location) })),
  params: v.optional(v.object({ length: v.optional(v.number()), length_units: v.optional(v.string()) })),
});

export const gnpyFile = v.object({
  elements: v.array(element),
  connections: v.array(v.object({ from_node: v.string(), to_node: v.string() })),
});

type Element = v.InferOutput<typeof element>;

export function readGnpy(file: v.InferOutput<typeof gnpyFile>): NetworkMap {
  const elements = new Map(file.elements.map((e) => [e.uid, e]));
  const next = new Map<string, string[]>();
  for (const { from_node: from, to_node: to } of file.connections)
    next.set(from, [...(next.get(from) ?? []), to]);
  const roadms = file.elements.filter(({ type }) => type === 'Roadm');
  const chains = roadms.flatMap(({ uid }) =>
    (next.get(uid) ?? []).flatMap((first) => follow(uid, first, elements, next)),
  );
  const links = chains.filter(({ a, b }) => a < b).map((chain, i) => ({ id: `l${i}`, ...chain }));
  return { nodes: roadms.map(readNode), links };
}

function readNode({ uid, metadata }: Element) {
  const at = metadata?.location;
  return { id: uid, name: at?.city ?? uid, ...placeOf(at?.latitude, at?.longitude) };
}

/** The link that begins with the element `first`; none where it ends at a transceiver or leads nowhere. */
function follow(
  a: string,
  first: string,
  elements: ReadonlyMap<string, Element>,
  next: ReadonlyMap<string, readonly string[]>,
): Omit<MapLink, 'id'>[] {
  let metres = 0;
  let at: string | undefined = first;
  for (let steps = 0; at !== undefined && steps <= elements.size; steps++) {
    const here = elements.get(at);
    if (here === undefined) throw new MapError(`a connection names ${at}, which is not an element`);
    if (here.type === 'Roadm') return [{ a, b: at, weight: Math.max(1, Math.round(metres)) }];
    if (here.type === 'Transceiver') return [];
    metres += lengthOf(here);
    at = next.get(at)?.[0];
  }
  return [];
}

function lengthOf({ uid, params }: Element): number {
  const length = params?.length ?? 0;
  const units = params?.length_units ?? 'km';
  if (units !== 'km' && units !== 'm') throw new MapError(`${uid} is measured in ${units}, expected km or m`);
  return units === 'km' ? length * 1000 : length;
}
