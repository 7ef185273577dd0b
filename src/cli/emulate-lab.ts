// An emulated laboratory that runs in this process: its plant, its devices at real TCP ports, and the faults
// put into them.

import { tmpdir } from 'node:os';
import { CommandRules } from '../../emulators/command-rules.ts';
import type { DeviceListener, SwitchProfile } from '../../emulators/device/profile.ts';
import type { Restarts } from '../../emulators/device/restarts.ts';
import { type FamilyName, families } from '../../emulators/families.ts';
import type { PlantSwitch } from '../../emulators/plant-switch.ts';
import { type Duration, ns, seconds } from '../core/time.ts';
import { hostClock } from '../host/clock.ts';
import { hostPlatform } from '../host/platform.ts';
import { openSwitch } from '../optical/families.ts';
import type { SwitchOutcome, Way } from '../optical/switch.ts';
import type { Address } from '../platform/platform.ts';
import { nearMiss } from '../scenario/suggest.ts';
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
  readonly family: FamilyName;
  readonly sid: string;
  readonly ports: readonly string[];
  readonly login: { readonly user: string; readonly password: string };
  /** Each with the TCP port that it really has. */
  readonly listeners: readonly DeviceListener[];
  readonly rules: CommandRules;
  readonly restarts: Restarts;
  readonly optics: PlantSwitch;
}

export class Lab {
  readonly plant: LabPlant;
  readonly faults = new FaultBook();
  readonly address: string;
  readonly #stop = new AbortController();
  #devices: readonly EmulatedDevice[] = [];
  #programs: Promise<unknown> = Promise.resolve();

  private constructor(description: LabDescription, address: string) {
    this.plant = new LabPlant(description, hostClock);
    this.address = address;
  }

  /** Resolves once every device listens. Rejects with `NetworkError` where one cannot. */
  static async open(description: LabDescription, options: LabOptions): Promise<Lab> {
    const lab = new Lab(description, options.address);
    const ports = assignPorts(description.switches.map(portWish), options.firstPort);
    const started = description.switches.map((device, i) => lab.#start(device, ports[i] ?? [], options));
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
