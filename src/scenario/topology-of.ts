// A scenario as its picture shows it: switches and circuit nodes as boxes with ports, hosts, fibres and spans. A host's
// Ethernet cable is drawn like a fibre, without a length.

import { type Metres, metres } from '../core/quantity.ts';
import type { Topology, TopologyEnd, TopologyFibre } from '../report/run-report.ts';
import type { FibreEnd, Scenario } from './schema.ts';
import type { SpanEnd } from './schema-circuits.ts';

export const topologyOf = (scenario: Scenario): Topology => ({
  sites: scenario.sites,
  switches: [
    ...scenario.switches,
    ...scenario.circuitNodes.map(({ name, site }) => ({ name, site, family: 'CD/CI' })),
  ],
  hosts: scenario.hosts,
  fibres: [
    ...scenario.fibres.map(({ name, between: [a, b], length }) =>
      line(name, fibreEnd(a), fibreEnd(b), length),
    ),
    ...scenario.spans.map(({ name, between: [a, b], length }) => line(name, spanEnd(a), spanEnd(b), length)),
    ...scenario.hosts.flatMap(({ name, ethernetPort }) =>
      ethernetPort === undefined
        ? []
        : [line(`${name} Ethernet`, { node: name, port: null }, spanEnd(ethernetPort), metres(0))],
    ),
  ],
});

const line = (name: string, a: TopologyEnd, b: TopologyEnd, length: Metres): TopologyFibre => ({
  name,
  between: [a, b],
  length,
});

const spanEnd = ({ node, port }: SpanEnd): TopologyEnd => ({ node, port });

const fibreEnd = (end: FibreEnd): TopologyEnd =>
  end.kind === 'host' ? { node: end.host, port: null } : { node: end.switchName, port: end.port };
