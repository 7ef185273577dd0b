// The machines of a scenario and the links between them: a router per site, joined by the control links; on
// each site's router its switches, their agents, and the control interface of each host. The hosts' data
// interfaces hang on the data links, which ride on light or on circuits, and where a host is on the routed network, too,
// on its site's router.

import { defined } from '../core/assert.ts';
import {
  type BitsPerSecond,
  type Bytes,
  bitsPerSecond,
  bytes,
  type Metres,
  propagationDelay,
} from '../core/quantity.ts';
import { type Duration, ns } from '../core/time.ts';
import type { DataNetwork } from '../net/data-network.ts';
import { agentMachine, type DataLink, type HostDescription, type Scenario } from './schema.ts';

export const siteRouter = (site: string): string => `${site}-router`;

/** A host's interface on the control network: it asks the agents for light paths, and carries no data. */
export const controlInterface = (host: string): string => `${host}-control`;

const accessQueue: Bytes = bytes(16e6);
const accessMtu: Bytes = bytes(1500);

export function addLinks(links: DataNetwork, scenario: Scenario): void {
  for (const site of scenario.sites) links.addNode(siteRouter(site.name));
  for (const device of scenario.switches) {
    addAccess(links, scenario, device.site, device.name);
    addAccess(links, scenario, device.site, agentMachine(device.name));
  }
  for (const node of scenario.circuitNodes) addAccess(links, scenario, node.site, node.name);
  for (const host of scenario.hosts) {
    links.addNode(host.name);
    addRouted(links, host);
    addAccess(links, scenario, host.site, controlInterface(host.name));
  }
  for (const link of scenario.controlLinks) {
    const [a, b] = link.between;
    const { name: id, capacity, delay, queue, mtu } = link;
    links.addLink({
      id,
      a: siteRouter(a),
      b: siteRouter(b),
      capacity,
      delay,
      queue,
      mtu,
      loss: 0,
      isUp: true,
    });
  }
  for (const link of scenario.dataLinks) addDataLink(links, scenario, link);
}

/** Delay of a data link over this length of fibre: the light's, and the equipment's. */
export const dataLinkDelay = (link: DataLink, length: Metres): Duration =>
  ns(propagationDelay(length) + link.equipmentDelay);

function addAccess(links: DataNetwork, scenario: Scenario, site: string, machine: string): void {
  links.addNode(machine);
  links.addLink({
    id: `access/${machine}`,
    a: machine,
    b: siteRouter(site),
    capacity: scenario.network.accessCapacity,
    delay: scenario.network.accessDelay,
    queue: accessQueue,
    mtu: accessMtu,
    loss: 0,
    isUp: true,
  });
}

/** Data takes it where no host has a route of its own over light. */
function addRouted(links: DataNetwork, { name, site, routed }: HostDescription): void {
  if (routed === undefined) return;
  links.addLink({ id: `routed/${name}`, a: name, b: siteRouter(site), ...routed, loss: 0, isUp: true });
}

/** Down until both transceivers have light, or the circuit carries; its capacity is the slower end's, at most. */
function addDataLink(links: DataNetwork, scenario: Scenario, link: DataLink): void {
  const [a, b] = link.between;
  const rates = scenario.hosts
    .filter((h) => link.between.includes(h.name))
    .map((h) =>
      link.circuit === undefined ? (h.transceiver?.capacity ?? Infinity) : ethernetRate(scenario, h),
    );
  links.addLink({
    id: link.name,
    a,
    b,
    capacity: bitsPerSecond(Math.min(...rates)),
    delay: link.equipmentDelay,
    queue: link.queue,
    mtu: link.mtu,
    loss: link.loss,
    isUp: false,
    isForHostRoutes: areSteered(scenario, link),
  });
}

/** Whether daemons decide what goes over the link. */
const areSteered = ({ hosts }: Scenario, { between, circuit }: DataLink): boolean =>
  circuit === undefined &&
  between.every((end) => hosts.some(({ name, daemon }) => name === end && daemon !== undefined));

/** Of the port that the host is plugged into. */
function ethernetRate(scenario: Pick<Scenario, 'circuitNodes'>, host: HostDescription): BitsPerSecond {
  const { node = '', port = '' } = host.ethernetPort ?? {};
  const ports = scenario.circuitNodes.find(({ name }) => name === node)?.ethernetPorts ?? [];
  return defined(ports.find(({ aid }) => aid === port)?.rate, `an Ethernet port of ${host.name}`);
}
