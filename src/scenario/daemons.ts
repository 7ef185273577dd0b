// The daemons of a scenario's hosts. What stands for the host's routing table are routes of its own in the data network;
// what stands for its network card are its terminals in the plant. A daemon runs on the host's control interface.

import type { Plant } from '../../emulators/plant.ts';
import { ns } from '../core/time.ts';
import type { Platform } from '../platform/platform.ts';
import { daemonProgram } from '../provisioning/daemon.ts';
import {
  type DaemonConfig,
  type DaemonTimings,
  DEFAULT_DAEMON_PEER_TCP_PORT,
  DEFAULT_DAEMON_TCP_PORT,
  type TrafficSteering,
  type TransceiverMonitor,
} from '../provisioning/daemon-config.ts';
import { entrySwitch } from './entry-switch.ts';
import { hostOf, terminalOf } from './host-line.ts';
import { controlInterface } from './machines.ts';
import { agentAddress } from './programs.ts';
import type { HostDescription, Scenario } from './schema.ts';
import type { World } from './worlds/world.ts';

/** Tells daemons of their hosts' light, as the plant reports it. */
export class HostLights {
  readonly #listeners = new Map<string, Set<() => void>>();

  changed(terminal: string): void {
    for (const listener of this.#listeners.get(hostOf(terminal)) ?? []) listener();
  }

  subscribe(host: string, listener: () => void): () => void {
    const listeners = this.#listeners.get(host) ?? new Set();
    this.#listeners.set(host, listeners.add(listener));
    return () => void listeners.delete(listener);
  }
}

export const hasDaemon = (scenario: Pick<Scenario, 'hosts'>, host: string): boolean =>
  scenario.hosts.some(({ name, daemon }) => name === host && daemon !== undefined);

/** Its machines must be there. */
export function bootDaemons(world: World, scenario: Scenario, plant: Plant, lights: HostLights): void {
  for (const host of scenario.hosts) {
    if (host.daemon === undefined) continue;
    const config = configOf(scenario, host);
    world.boot(controlInterface(host.name), (platform) =>
      daemonProgram(platform, config, {
        steering: steeringOf(world, scenario, host.name),
        monitor: monitorOf(platform, scenario, host.name, plant, lights),
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
  const { heartbeat, lease } = scenario.provisioning;
  const { grace, lightPeriod, peerLimit } = daemon;
  const timings: Partial<DaemonTimings> = {
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

function monitorOf(
  { clock }: Platform,
  { fibres }: Scenario,
  host: string,
  plant: Plant,
  lights: HostLights,
): TransceiverMonitor {
  const terminals = new Map<string, string>();
  for (const { name, between } of fibres)
    for (const end of between)
      if (end.kind === 'host' && end.host === host) terminals.set(name, terminalOf(host, end.line));
  return {
    isLit: (path) =>
      path.some((fibre) => {
        const terminal = terminals.get(fibre);
        return terminal !== undefined && plant.terminal(terminal).receiver === 'lit';
      }),
    // By a timer of the machine, so that a daemon that has crashed hears nothing.
    subscribe: (changed) => lights.subscribe(host, () => void clock.timer(ns(0), changed)),
  };
}
