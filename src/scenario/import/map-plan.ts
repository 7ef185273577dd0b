// What becomes of a map in a scenario: names that a scenario may use, a port for every end of a link, and hosts for
// the demands. Ports are taken in the order of the links, then of the hosts.

import { MapError } from '../../net/maps/errors.ts';
import type { NetworkMap } from '../../net/maps/network-map.ts';
import type { Demand } from './demand.ts';
import { LegalNames } from './legal-name.ts';

export interface MapPlan {
  readonly switches: readonly PlannedSwitch[];
  readonly fibres: readonly PlannedFibre[];
  readonly hosts: readonly PlannedHost[];
  readonly requests: readonly { readonly path: string; readonly from: string; readonly to: string }[];
}

export interface PlannedSwitch {
  readonly id: string;
  /** Its site's, too. */
  readonly name: string;
  readonly title: string;
  readonly ports: number;
}

export interface PlannedFibre {
  readonly id: string;
  readonly name: string;
  readonly ends: readonly [PlannedPort, PlannedPort];
  readonly weight: number;
}

/** Port number from 0, of the switch of that name. */
export interface PlannedPort {
  readonly switchName: string;
  readonly port: number;
}

export interface PlannedHost {
  readonly name: string;
  readonly access: string;
  readonly at: PlannedPort;
}

/** No switch has fewer ports: the smallest of the families. */
const portsLeast = 8;
/** What a scenario may give a switch. */
const portsMost = 1024;
/** What the programs put behind the names of sites, switches and hosts. */
const suffixes = ['-router', '-agent', '-control'];

/** Throws `MapError` where a node has more links than a switch has ports. */
export function planMap(map: NetworkMap, demands: readonly Demand[], moreHosts: readonly string[]): MapPlan {
  const names = new LegalNames(suffixes);
  const fibreNames = new LegalNames();
  const nameOf = new Map(map.nodes.map(({ id, name }) => [id, names.make(name, id)]));
  const used = new Map<string, number>();
  const take = (id: string): PlannedPort => {
    const port = used.get(id) ?? 0;
    used.set(id, port + 1);
    return { switchName: nameOf.get(id) ?? '', port };
  };
  const fibres = map.links.map(({ id, a, b, weight }): PlannedFibre => {
    return { id, name: fibreNames.make(id, 'fibre'), ends: [take(a), take(b)], weight };
  });
  const hosts: PlannedHost[] = [];
  const host = (id: string, text: string): string => {
    const name = names.make(text, 'host');
    hosts.push({ name, access: fibreNames.make(`${name}-access`, 'access'), at: take(id) });
    return name;
  };
  const requests = demands.map(({ from, to }, i) => {
    const path = `d${i + 1}`;
    return { path, from: host(from, `${path}-from`), to: host(to, `${path}-to`) };
  });
  for (const id of moreHosts) host(id, `${nameOf.get(id)}-host`);
  const switches = map.nodes.map(({ id, name }) => ({
    id,
    name: nameOf.get(id) ?? '',
    title: name.replace(/\s+/g, ' ').trim() || id,
    ports: portsFor(used.get(id) ?? 0, id),
  }));
  return { switches, fibres, hosts, requests };
}

/** A power of two, as switches are sold, with one port to spare. */
function portsFor(used: number, id: string): number {
  if (used > portsMost)
    throw new MapError(`node ${id} needs ${used} ports, and a switch has at most ${portsMost}`);
  return Math.min(portsMost, Math.max(portsLeast, 2 ** Math.ceil(Math.log2(used + 1))));
}
