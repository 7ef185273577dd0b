// The daemons of a scenario's hosts. What stands for the host's routing table are routes of its own in the data network.
// A daemon runs on the host's control interface.

import type { Plant } from '../../emulators/plant.ts';
import { daemonProgram } from '../provisioning/daemon.ts';
import {
  type DaemonConfig,
  type DaemonTimings,
  DEFAULT_DAEMON_PEER_TCP_PORT,
  DEFAULT_DAEMON_TCP_PORT,
  type TrafficSteering,
} from '../provisioning/daemon-config.ts';
import { patientDaemon } from '../provisioning/daemon-patience.ts';
import { entrySwitch } from './entry-switch.ts';
import { type HostLights, monitorOf, receiversOf } from './host-optics.ts';
import { controlInterface } from './machines.ts';
import { agentAddress } from './programs.ts';
import type { HostDescription, Scenario } from './schema.ts';
import type { World } from './worlds/world.ts';

/** Gathered once for each list: each of thousands of hosts may ask for a path. */
const gathered = new WeakMap<Scenario['hosts'], ReadonlySet<string>>();

export function hasDaemon({ hosts }: Pick<Scenario, 'hosts'>, host: string): boolean {
  const known =
    gathered.get(hosts) ?? new Set(hosts.flatMap(({ name, daemon }) => (daemon === undefined ? [] : [name])));
  gathered.set(hosts, known);
  return known.has(host);
}

/** Its machines must be there. */
export function bootDaemons(world: World, scenario: Scenario, plant: Plant, lights: HostLights): void {
  for (const host of scenario.hosts) {
    if (host.daemon === undefined) continue;
    const config = configOf(scenario, host);
    world.boot(controlInterface(host.name), (platform) =>
      daemonProgram(platform, config, {
        steering: steeringOf(world, scenario, host.name),
        monitor: monitorOf(platform.clock, scenario, host.name, plant, lights),
      }),
    );
  }
}

function configOf(scenario: Scenario, host: HostDescription): DaemonConfig {
  const { name, daemon = {} } = host;
  const near = entrySwitch(scenario, name);
  const all = scenario.switches.map((device) => device.name);
  const agents = daemon.agents ?? [
    ...all.filter((each) => each === near),
    ...all.filter((each) => each !== near),
  ];
  const { heartbeat, lease, patience } = scenario.provisioning;
  const { grace, lightPeriod, peerLimit } = daemon;
  const timings: Partial<DaemonTimings> = {
    ...(patience && patientDaemon(patience)),
    ...(heartbeat && { heartbeat }),
    ...(lease && { agentGone: lease }),
    ...(grace && { grace }),
    ...(lightPeriod && { lightPeriod }),
    ...(peerLimit && { peerLimit }),
  };
  return {
    host: name,
    tcpPort: DEFAULT_DAEMON_TCP_PORT,
    peerTcpPort: DEFAULT_DAEMON_PEER_TCP_PORT,
    agents: agents.map(agentAddress),
    peers: scenario.hosts
      .filter((other) => other.name !== name && other.daemon !== undefined)
      .map((other) => ({ host: other.name, address: peerAddress(other.name) })),
    receivers: receiversOf(scenario, name),
    timings,
  };
}

const peerAddress = (host: string) => ({
  machine: controlInterface(host),
  tcpPort: DEFAULT_DAEMON_PEER_TCP_PORT,
});

/** The link on light that joins the two, where there is one: without it there is nothing that traffic could be pointed at. */
function steeringOf(world: World, { dataLinks }: Scenario, host: string): TrafficSteering {
  const linkTo = (peer: string): string | undefined =>
    dataLinks.find(
      ({ between, circuit }) => circuit === undefined && between.includes(host) && between.includes(peer),
    )?.name;
  const set = (peer: string, isOnLight: boolean): void => {
    const link = linkTo(peer);
    if (link !== undefined) world.links.setHostRoute(host, peer, isOnLight ? link : null);
  };
  return { usePath: (_path, peer) => set(peer, true), useRouted: (peer) => set(peer, false) };
}
