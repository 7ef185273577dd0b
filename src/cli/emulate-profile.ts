// How the devices of a laboratory behave: their family's profile, with what the laboratory and the description of the
// device have instead.

import type { CienaProfile } from '../../emulators/ciena.ts';
import { CommandRules } from '../../emulators/command-rules.ts';
import type { DeviceListener, SwitchProfile } from '../../emulators/device/profile.ts';
import { Restarts } from '../../emulators/device/restarts.ts';
import { families } from '../../emulators/families.ts';
import { type Duration, ns } from '../core/time.ts';
import type { LabCircuitNode } from './emulate-circuits.ts';
import type { LabSwitch } from './emulate-file.ts';

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

export const listenersOf = (device: LabSwitch): readonly DeviceListener[] => releaseOf(device).listeners;

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

export function switchProfile(
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
  return {
    ...own,
    ...times,
    sid: device.sid ?? usual.sid,
    users: usersOf(device, login) ?? usual.users,
    listeners: usual.listeners.map((listener, i) => ({ ...listener, tcpPort: tcpPorts[i] ?? 0 })),
    sendsAlarms: alarmsOf(device, alarms) ?? usual.sendsAlarms,
    rules: new CommandRules(),
  };
}

export function nodeProfile(
  node: LabCircuitNode,
  usual: CienaProfile,
  tcpPort: number,
  { login, alarms }: LabOptions,
): CienaProfile {
  return {
    ...usual,
    ...{ rules: new CommandRules(), restarts: new Restarts() },
    users: usersOf(node, login) ?? usual.users,
    listeners: usual.listeners.map((listener) => ({ ...listener, tcpPort })),
    sendsAlarms: alarmsOf(node, alarms) ?? usual.sendsAlarms,
  };
}

/** At a laboratory's speed. */
export const faster = (time: Duration, speed: number): Duration => ns(Math.round(time / speed));

/** Its own, else that of the laboratory; null where there is neither. */
function usersOf(own: { readonly login?: string }, lab: string | null): SwitchProfile['users'] | null {
  const login = own.login ?? lab;
  if (login === null) return null;
  const colon = login.indexOf(':');
  return [{ user: login.slice(0, colon), password: login.slice(colon + 1) }];
}

const alarmsOf = (own: { readonly alarms?: 'on' | 'off' }, lab: boolean | null): boolean | null =>
  own.alarms === undefined ? lab : own.alarms === 'on';
