// The topology of an OSCARS backend: devices, and adjacencies between their ports with a routing metric, which
// is the weight. A device that only an adjacency names is a node too.

import * as v from 'valibot';
import type { MapNode, NetworkMap } from './network-map.ts';

const end = v.object({ device: v.string(), port: v.string() });

export const oscarsFile = v.object({
  devices: v.array(v.object({ urn: v.string(), location: v.optional(v.nullable(v.string())) })),
  adjcies: v.array(v.object({ a: end, z: end, metrics: v.object({ MPLS: v.number() }) })),
});

export function readOscars(file: v.InferOutput<typeof oscarsFile>): NetworkMap {
  const nodes = new Map<string, MapNode>();
  for (const { urn, location } of file.devices) nodes.set(urn, { id: urn, name: location ?? urn });
  for (const { device } of file.adjcies.flatMap(({ a, z }) => [a, z]))
    if (!nodes.has(device)) nodes.set(device, { id: device, name: device });
  const links = file.adjcies.map(({ a, z, metrics }, i) => ({
    id: `l${i}`,
    a: a.device,
    b: z.device,
    weight: metrics.MPLS,
  }));
  return { nodes: [...nodes.values()], links };
}
