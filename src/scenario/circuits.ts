// The circuit nodes of a scenario and the spans between them: builds their network, boots their TL1 agents, records
// what happens, and lets data links ride on circuits. A link has the bandwidth that is operational, and is down at none.

import { CIENA_TCP_PORT, cienaEmulator, cienaNodeDefaults } from '../../emulators/ciena.ts';
import { CienaNetwork } from '../../emulators/ciena-network.ts';
import { CommandRules } from '../../emulators/command-rules.ts';
import { Restarts } from '../../emulators/device/restarts.ts';
import type { BitsPerSecond, Metres } from '../core/quantity.ts';
import { dataLinkDelay } from './machines.ts';
import { deviceLogin } from './programs.ts';
import type { DataLink, Scenario } from './schema.ts';
import { type SpanEnd, slotsOf } from './schema-circuits.ts';
import type { RunDevice } from './timeline-faults.ts';
import type { World } from './worlds/world.ts';

/** The node's TID: its name in headers, in OSRP and in routes. */
export const circuitNodeSid = (name: string): string => name.toUpperCase();

export function buildCircuits(world: World, scenario: Scenario): CienaNetwork {
  const network = new CienaNetwork({ clock: world.clock });
  for (const [i, { name, ocPorts, ethernetPorts }] of scenario.circuitNodes.entries()) {
    network.addNode(circuitNodeSid(name), {
      ...cienaNodeDefaults,
      ocPorts: ocPorts.map((port) => ({ aid: port.aid, slots: slotsOf(port) })),
      ettps: ethernetPorts,
      ipAddress: `192.0.2.${i + 1}`, // RFC 5737, for documentation: only OSRP's tables show it
    });
  }
  const end = ({ node, port }: SpanEnd): SpanEnd => ({ node: circuitNodeSid(node), port });
  for (const { name, between, length } of scenario.spans)
    network.addSpan(name, { a: end(between[0]), b: end(between[1]), length });
  network.onBandwidth(({ name }, rate, length) => {
    world.record('circuit.carried', {
      circuit: name,
      bandwidth_bps: Math.round(rate),
      length_m: length,
    });
    for (const link of scenario.dataLinks) if (link.circuit === name) setLink(world, link, rate, length);
  });
  world.links.onCarried(({ link, from }, octets) => {
    const riding = scenario.dataLinks.find(({ name }) => name === link.id);
    if (riding?.circuit !== undefined) count(network, scenario, riding.circuit, from, octets);
  });
  return network;
}

/** Into the counters of both Ethernet ports; of a circuit that is gone by now, nobody counts. */
function count(network: CienaNetwork, scenario: Scenario, name: string, from: string, octets: number): void {
  const circuit = network.circuits().find((each) => each.name === name);
  if (circuit === undefined) return;
  const { node = '', port = '' } = scenario.hosts.find((host) => host.name === from)?.ethernetPort ?? {};
  const entersAtA = circuit.a.node === circuitNodeSid(node) && circuit.a.port === port;
  network.traffic(name, entersAtA ? octets : 0, entersAtA ? 0 : octets);
}

/** The nodes, for whoever puts faults into them. */
export function bootCircuitNodes(
  world: World,
  scenario: Scenario,
  network: CienaNetwork,
): ReadonlyMap<string, RunDevice> {
  const devices = new Map<string, RunDevice>();
  for (const { name, commandTime } of scenario.circuitNodes) {
    world.addMachine(name, { listensAt: [CIENA_TCP_PORT] });
    const [sid, rules, restarts] = [circuitNodeSid(name), new CommandRules(), new Restarts()];
    const profile = {
      ...{ users: [deviceLogin], rules, restarts },
      ...(commandTime === undefined ? {} : { commandTime }),
    };
    world.boot(name, (platform) => cienaEmulator(platform, network, sid, profile));
    devices.set(name, { name, sid, family: 'ciena', login: deviceLogin, rules, restarts, optics: null });
  }
  return devices;
}

/** A link that goes down keeps the capacity that it had. */
function setLink(world: World, link: DataLink, rate: BitsPerSecond, length: Metres): void {
  const before = { ...world.links.link(link.name) };
  const isUp = rate > 0;
  if (!isUp && !before.isUp) return;
  const delay = isUp ? dataLinkDelay(link, length) : before.delay;
  const capacity = isUp ? rate : before.capacity;
  world.links.setLink(link.name, { isUp, delay, capacity });
  const kind = !isUp ? 'link.down' : before.isUp ? 'link.changed' : 'link.up';
  world.record(kind, { link: link.name, delay_ns: delay, capacity_bps: Math.round(capacity) });
}
