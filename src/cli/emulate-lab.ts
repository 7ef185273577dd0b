// An emulated laboratory that runs in this process: its plant, its devices at real TCP ports, and the faults
// put into them.

import { tmpdir } from 'node:os';
import { CommandRules } from '../../emulators/command-rules.ts';
import type { DeviceListener, SwitchProfile } from '../../emulators/device/profile.ts';
import { Restarts } from '../../emulators/device/restarts.ts';
import { type FamilyName, families } from '../../emulators/families.ts';
import type { PlantSwitch } from '../../emulators/plant-switch.ts';
import { type Duration, ns, seconds } from '../core/time.ts';
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
import { UsageError } from './exit-code.ts';

/** Closing sockets takes no time; this is for what would hold the process. */
const STOP_LIMIT = seconds(1);

export interface LabOptions {
  /** Where the devices listen. */
  readonly address: string;
  /** The first TCP port given out to devices that have no wish; 0 for any free ones. */
  readonly firstPort: number;
  /** How many times as fast as a real one each device acts. */
  readonly speed: number;
  /** The only login of devices that the description gives none. */
  readonly login: string | null;
  /** Whether devices tell loss of light, where the description does not say. */
  readonly alarms: boolean | null;
}

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

  #startNode(
    node: LabCircuitNode,
    tcpPort: number,
    { address, login, alarms }: LabOptions,
  ): { listening: Promise<EmulatedDevice>; ended: Promise<void> } {
    const platform = hostPlatform({ machine: node.name, folder: tmpdir(), bind: address });
    const usual = this.circuits.defaults(node);
    const [rules, restarts] = [new CommandRules(), new Restarts()];
    const profile = {
      ...usual,
      ...{ rules, restarts, until: this.#stop.signal },
      users: users(node.login ?? login) ?? usual.users,
      listeners: usual.listeners.map((listener) => ({ ...listener, tcpPort })),
      sendsAlarms: (node.alarms === undefined ? alarms : node.alarms === 'on') ?? usual.sendsAlarms,
    };
    let opened: (addresses: readonly Address[]) => void = () => {};
    const addresses = new Promise<readonly Address[]>((resolve) => (opened = resolve));
    const ended = this.circuits.run(platform, node.name, { ...profile, listening: opened });
    const listening = Promise.race([addresses, ended.then(() => [])]).then((open) => ({
      name: node.name,
      family: 'ciena' as const,
      sid: profile.sid,
      ports: [...node.ocPorts, ...node.ethernetPorts].map(({ aid }) => aid),
      login: profile.users[0] ?? { user: '', password: '' },
      listeners: profile.listeners.map((listener, i) => ({ ...listener, tcpPort: open[i]?.tcpPort ?? 0 })),
      ...{ rules, restarts, optics: null },
    }));
    return { listening, ended };
  }

  #start(
    device: LabSwitch,
    tcpPorts: readonly number[],
    options: LabOptions,
  ): { listening: Promise<EmulatedDevice>; ended: Promise<void> } {
    const { address } = options;
    const platform = hostPlatform({ machine: device.name, folder: tmpdir(), bind: address });
    const profile = profileOf(device, tcpPorts, options);
    let opened: (addresses: readonly Address[]) => void = () => {};
    const addresses = new Promise<readonly Address[]>((resolve) => (opened = resolve));
    const optics = this.plant.optics(device.name);
    const { program } = families[device.family];
    const ended = program(platform, optics, { ...profile, listening: opened, until: this.#stop.signal });
    const listening = Promise.race([addresses, ended.then(() => [])]).then((open) =>
      emulatedDevice(device, optics, profile, open),
    );
    return { listening, ended };
  }
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

const listenersOf = (device: LabSwitch): readonly DeviceListener[] => releaseOf(device).listeners;

/** The family's defaults, with what the release or manner that is asked for has instead. */
function releaseOf({ name, family, profile }: LabSwitch): SwitchProfile {
  const { defaults, profiles } = families[family];
  return { ...defaults(name.toUpperCase()), ...(profile === undefined ? {} : profiles[profile]) };
}

/** All the times that a device takes of its own; limits and time-outs of its sessions stay as they are. */
const OWN_TIMES = [
  'commandTime',
  'switchingTime',
  'alarmLatency',
  'lineTime',
  'partGap',
  'loginSettling',
] as const satisfies readonly (keyof SwitchProfile)[];

function profileOf(
  device: LabSwitch,
  tcpPorts: readonly number[],
  { speed, login, alarms }: LabOptions,
): SwitchProfile {
  const { switchingTime, commandTime } = device;
  const usual = releaseOf(device);
  const own = {
    ...usual,
    ...(switchingTime !== undefined && { switchingTime }),
    ...(commandTime !== undefined && { commandTime }),
  };
  const times = Object.fromEntries(OWN_TIMES.map((time) => [time, faster(own[time], speed)]));
  const sendsAlarms = device.alarms === undefined ? alarms : device.alarms === 'on';
  return {
    ...own,
    ...times,
    sid: device.sid ?? usual.sid,
    users: users(device.login ?? login) ?? usual.users,
    listeners: usual.listeners.map((listener, i) => ({ ...listener, tcpPort: tcpPorts[i] ?? 0 })),
    sendsAlarms: sendsAlarms ?? usual.sendsAlarms,
    rules: new CommandRules(),
  };
}

const faster = (time: Duration, speed: number): Duration => ns(Math.round(time / speed));

function users(login: string | null): SwitchProfile['users'] | null {
  if (login === null) return null;
  const colon = login.indexOf(':');
  return [{ user: login.slice(0, colon), password: login.slice(colon + 1) }];
}

function emulatedDevice(
  device: LabSwitch,
  optics: PlantSwitch,
  { sid, users, listeners, rules, restarts }: SwitchProfile,
  open: readonly Address[],
): EmulatedDevice {
  return {
    name: device.name,
    family: device.family,
    sid,
    ports: optics.ports,
    login: users[0] ?? { user: '', password: '' },
    listeners: listeners.map((listener, i) => ({ ...listener, tcpPort: open[i]?.tcpPort ?? 0 })),
    rules,
    restarts,
    optics,
  };
}
