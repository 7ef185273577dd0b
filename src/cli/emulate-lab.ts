// An emulated laboratory that runs in this process: its plant, its devices at real TCP ports, and the faults
// put into them.

import { tmpdir } from 'node:os';
import type { CommandRules } from '../../emulators/command-rules.ts';
import type { DeviceListener, DeviceProfile } from '../../emulators/device/profile.ts';
import type { Restarts } from '../../emulators/device/restarts.ts';
import { type FamilyName, families } from '../../emulators/families.ts';
import type { PlantSwitch } from '../../emulators/plant-switch.ts';
import { seconds } from '../core/time.ts';
import { hostClock } from '../host/clock.ts';
import { hostPlatform } from '../host/platform.ts';
import { openSwitch } from '../optical/families.ts';
import type { SwitchOutcome, Way } from '../optical/switch.ts';
import type { Address } from '../platform/platform.ts';
import { nearMiss } from '../scenario/suggest.ts';
import { CIENA_PORTS, type LabCircuitNode, LabCircuits } from './emulate-circuits.ts';
import { FaultBook } from './emulate-faults.ts';
import type { LabDescription, LabSwitch } from './emulate-file.ts';
import { LabPlant } from './emulate-plant.ts';
import { assignPorts } from './emulate-ports.ts';
import { type LabOptions, listenersOf, nodeProfile, switchProfile } from './emulate-profile.ts';
import { UsageError } from './exit-code.ts';

/** Closing sockets takes no time; this is for what would hold the process. */
const STOP_LIMIT = seconds(1);

export interface EmulatedDevice {
  readonly name: string;
  readonly family: FamilyName | 'ciena';
  readonly sid: string;
  readonly ports: readonly string[];
  readonly login: { readonly user: string; readonly password: string };
  /** Each with the TCP port that it really has. */
  readonly listeners: readonly DeviceListener[];
  readonly rules: CommandRules;
  readonly restarts: Restarts;
  /** Null of a circuit node. */
  readonly optics: PlantSwitch | null;
}

export class Lab {
  readonly plant: LabPlant;
  readonly circuits: LabCircuits;
  readonly faults = new FaultBook();
  readonly address: string;
  readonly #stop = new AbortController();
  #devices: readonly EmulatedDevice[] = [];
  #programs: Promise<unknown> = Promise.resolve();

  private constructor(description: LabDescription, { address, speed }: LabOptions) {
    this.plant = new LabPlant(description, hostClock);
    this.circuits = new LabCircuits(description, hostClock, speed);
    this.address = address;
  }

  /** Resolves once every device listens. Rejects with `NetworkError` where one cannot. */
  static async open(description: LabDescription, options: LabOptions): Promise<Lab> {
    const lab = new Lab(description, options);
    const { switches, circuitNodes } = description;
    const wishes = [...switches.map(portWish), ...circuitNodes.map(nodePortWish)];
    const ports = assignPorts(wishes, options.firstPort);
    const started = [
      ...switches.map((device, i) => lab.#start(device, ports[i] ?? [], options)),
      ...circuitNodes.map((node, i) => lab.#startNode(node, ports[switches.length + i]?.[0] ?? 0, options)),
    ];
    lab.#programs = Promise.all(started.map(({ ended }) => ended));
    // Whoever waits for the end hears of it; until then it is nobody's loose end.
    lab.#programs.catch(() => {});
    lab.#devices = await Promise.all(started.map(({ listening }) => listening));
    return lab;
  }

  get devices(): readonly EmulatedDevice[] {
    return this.#devices;
  }

  /** By its name, or by its SID. */
  device(name: string): EmulatedDevice {
    const found = this.#devices.find((d) => d.name === name || d.sid.toLowerCase() === name.toLowerCase());
    if (found !== undefined) return found;
    const names = this.#devices.map((d) => d.name);
    const meant = nearMiss(name, names);
    const suggestion = meant === null ? ` among ${names.join(', ')}` : `; did you mean ${meant}?`;
    throw new UsageError(`there is no device ${name}${suggestion}`);
  }

  /** Over TCP, as another client of the device would. */
  async asSomeoneElse(change: {
    readonly verb: 'connect' | 'disconnect';
    readonly device: string;
    readonly input: string;
    readonly output: string;
    readonly way: Way;
  }): Promise<SwitchOutcome> {
    const { name, family, login, listeners } = this.device(change.device);
    if (family === 'ciena')
      throw new UsageError(`${name} has circuits, not cross-connects of ports: lightbed device makes them`);
    const { clock, network, log } = hostPlatform({ machine: 'someone else', folder: tmpdir() });
    const address = { machine: this.address, tcpPort: listeners[0]?.tcpPort ?? 0 };
    const client = openSwitch(family, { name, clock, network, log, address, login });
    try {
      return await client[change.verb](change.input, change.output, change.way);
    } finally {
      await client.close();
    }
  }

  /** Resolves after `stop`; rejects when a device's program fails. */
  async ended(): Promise<void> {
    await this.#programs;
  }

  /** A device that is down for a restart is not waited for. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await Promise.race([this.ended(), hostClock.sleep(STOP_LIMIT)]);
  }

  #startNode(node: LabCircuitNode, tcpPort: number, options: LabOptions): Started {
    const platform = hostPlatform({ machine: node.name, folder: tmpdir(), bind: options.address });
    const profile = nodeProfile(node, this.circuits.defaults(node), tcpPort, options);
    const ports = [...node.ocPorts, ...node.ethernetPorts].map(({ aid }) => aid);
    const device = { name: node.name, family: 'ciena', ports, optics: null } as const;
    return start(device, profile, (listening) =>
      this.circuits.run(platform, node.name, { ...profile, listening, until: this.#stop.signal }),
    );
  }

  #start(device: LabSwitch, tcpPorts: readonly number[], options: LabOptions): Started {
    const { name, family } = device;
    const platform = hostPlatform({ machine: name, folder: tmpdir(), bind: options.address });
    const profile = switchProfile(device, tcpPorts, options);
    const optics = this.plant.optics(name);
    const { program } = families[family];
    return start({ name, family, ports: optics.ports, optics }, profile, (listening) =>
      program(platform, optics, { ...profile, listening, until: this.#stop.signal }),
    );
  }
}

interface Started {
  readonly listening: Promise<EmulatedDevice>;
  readonly ended: Promise<void>;
}

/** The device is there once its program has said where it listens. */
function start(
  device: Pick<EmulatedDevice, 'name' | 'family' | 'ports' | 'optics'>,
  { sid, users, listeners, rules, restarts }: DeviceProfile,
  program: (listening: (addresses: readonly Address[]) => void) => Promise<void>,
): Started {
  let opened: (addresses: readonly Address[]) => void = () => {};
  const addresses = new Promise<readonly Address[]>((resolve) => (opened = resolve));
  const ended = program(opened);
  const listening = Promise.race([addresses, ended.then(() => [])]).then((open) => ({
    ...device,
    sid,
    login: users[0] ?? { user: '', password: '' },
    listeners: listeners.map((listener, i) => ({ ...listener, tcpPort: open[i]?.tcpPort ?? 0 })),
    ...{ rules, restarts },
  }));
  return { listening, ended };
}

const nodePortWish = ({ name, tcpPort }: LabCircuitNode) => ({
  name,
  familyPorts: CIENA_PORTS,
  first: tcpPort ?? null,
});

const portWish = (device: LabSwitch) => ({
  name: device.name,
  familyPorts: listenersOf(device).map(({ tcpPort }) => tcpPort),
  first: device.tcpPort ?? null,
});
