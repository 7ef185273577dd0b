// Puts the programs of a scenario on their machines: the devices that speak TL1, an agent with a driver for
// each switch, a transfer receiver for each transfer, and the disks they work on.

import { CommandRules } from '../../emulators/command-rules.ts';
import { Restarts } from '../../emulators/device/restarts.ts';
import { families } from '../../emulators/families.ts';
import type { Plant } from '../../emulators/plant.ts';
import { openSwitch } from '../optical/families.ts';
import { extent } from '../platform/chunk.ts';
import type { Address, Platform } from '../platform/platform.ts';
import { agentProgram } from '../provisioning/agent.ts';
import { type AgentConfig, DEFAULT_AGENT_TCP_PORT } from '../provisioning/agent-config.ts';
import { DEFAULT_DAEMON_PEER_TCP_PORT } from '../provisioning/daemon-config.ts';
import { Meter } from '../transfer/meter.ts';
import { receiverProgram } from '../transfer/receiver.ts';
import { type AgentNetwork, agentConfigOf, agentSwitchTimings } from './agent-config.ts';
import { controlInterface } from './machines.ts';
import { agentMachine, type Scenario, type SwitchDescription } from './schema.ts';
import type { TransferAction } from './schema-timeline.ts';
import type { Tamper } from './tamper.ts';
import type { RunDevice } from './timeline-faults.ts';
import type { World } from './worlds/world.ts';

/** FDT's default port; the receiver of the n-th transfer of a scenario listens at this plus n. */
const transferTcpPort = 54321;

export const deviceLogin = { user: 'lightbed', password: 'lightbed' };

/** The devices, for whoever puts faults into them. */
export function bootDevices(world: World, scenario: Scenario, plant: Plant): ReadonlyMap<string, RunDevice> {
  const devices = new Map<string, RunDevice>();
  for (const device of scenario.switches) {
    const family = families[device.family];
    const { switchingTime, commandTime } = device;
    const profile = {
      sid: device.name.toUpperCase(),
      users: [deviceLogin],
      rules: new CommandRules(),
      restarts: new Restarts(),
      ...(switchingTime === undefined ? {} : { switchingTime }),
      ...(commandTime === undefined ? {} : { commandTime }),
    };
    world.addMachine(device.name, { listensAt: [family.tcpPort] });
    const optics = plant.switch(device.name);
    world.boot(device.name, (platform) => family.program(platform, optics, profile));
    devices.set(device.name, {
      ...profile,
      name: device.name,
      family: device.family,
      optics,
      login: deviceLogin,
    });
  }
  return devices;
}

export function bootAgents(world: World, scenario: Scenario, tamper?: Tamper): void {
  const hosts = scenario.hosts.map((host) => ({ ...host, speaker: controlInterface(host.name) }));
  const network = { ...scenario, hosts };
  for (const device of scenario.switches) {
    const machine = agentMachine(device.name);
    world.addMachine(machine, { listensAt: [DEFAULT_AGENT_TCP_PORT] });
    world.boot(machine, (platform) =>
      runAgent(tamper?.platform(platform) ?? platform, network, device, tamper),
    );
  }
  for (const { name, daemon } of scenario.hosts)
    world.addMachine(
      controlInterface(name),
      daemon === undefined ? {} : { listensAt: [DEFAULT_DAEMON_PEER_TCP_PORT] },
    );
}

/** The address of a switch's agent. */
export const agentAddress = (switchName: string): Address => ({
  machine: agentMachine(switchName),
  tcpPort: DEFAULT_AGENT_TCP_PORT,
});

async function runAgent(
  platform: Platform,
  scenario: Scenario & AgentNetwork,
  device: SwitchDescription,
  tamper: Tamper | undefined,
): Promise<void> {
  const { clock, network, log } = platform;
  const address = { machine: device.name, tcpPort: families[device.family].tcpPort };
  const contacts = { tcpPort: DEFAULT_AGENT_TCP_PORT, ...peersOf(scenario, device.name) };
  const config = agentConfigOf(scenario, device, contacts);
  const driver = openSwitch(device.family, {
    name: device.name,
    clock,
    network,
    log,
    address,
    login: deviceLogin,
    ...agentSwitchTimings(scenario.provisioning),
  });
  await agentProgram(platform, config, tamper?.device(driver) ?? driver);
}

/** Whom an agent is told of. */
function peersOf(
  { switches, provisioning: { seeds } }: Scenario,
  name: string,
): Pick<AgentConfig, 'peers' | 'seeds' | 'address'> {
  if (seeds !== undefined) return { peers: [], seeds: seeds.map(agentAddress), address: agentAddress(name) };
  const others = switches.filter((other) => other.name !== name);
  return { peers: others.map((other) => ({ switchName: other.name, address: agentAddress(other.name) })) };
}

export interface PreparedTransfer {
  readonly action: TransferAction;
  readonly meter: Meter;
  readonly to: Address;
  readonly files: readonly string[];
}

/** Makes the files of every transfer on its sender's disk and boots its receiver. */
export async function bootHosts(world: World, scenario: Scenario): Promise<readonly PreparedTransfer[]> {
  const transfers = scenario.timeline.flatMap(({ action }) => (action.kind === 'transfer' ? [action] : []));
  const prepared = transfers.map((action, n) => ({
    action,
    meter: new Meter(),
    to: { machine: action.to, tcpPort: transferTcpPort + n },
    files: Array.from({ length: action.files }, (_, i) => `outgoing/${action.name}-${i + 1}`),
  }));
  for (const host of scenario.hosts) {
    const listensAt = prepared.filter((t) => t.to.machine === host.name).map((t) => t.to.tcpPort);
    world.addMachine(host.name, { disk: host.disk, listensAt });
  }
  for (const [n, transfer] of prepared.entries()) {
    await makeFiles(world, transfer, n);
    const { meter, to, action } = transfer;
    world.boot(to.machine, (platform) =>
      receiverProgram(platform, {
        tcpPort: to.tcpPort,
        folder: `incoming/${action.name}`,
        meter,
        sha256: world.sha256,
      }),
    );
  }
  return prepared;
}

/** Files of equal size with content of their own; the last takes the remainder. */
async function makeFiles(world: World, transfer: PreparedTransfer, n: number): Promise<void> {
  const { action, files } = transfer;
  const each = Math.floor(action.size / files.length);
  for (const [i, name] of files.entries()) {
    const size = i === files.length - 1 ? action.size - each * i : each;
    await world.prepareFile(action.from, name, extent((n + 1) * 1000 + i, 0, size));
  }
}
