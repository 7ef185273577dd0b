// One device, driven by the driver of its family over the machine's own network. A session tries again for ever; a
// person wants to know at once that nothing listens there or that the login is wrong, and a wrong password tried
// again and again may lock the account.

import { tmpdir } from 'node:os';
import { seconds } from '../core/time.ts';
import { hostPlatform } from '../host/platform.ts';
import { openSwitch, type SwitchFamily } from '../optical/families.ts';
import type { OpticalSwitch } from '../optical/switch.ts';
import type { Address, Log, Network } from '../platform/platform.ts';
import type { Credentials } from './device-credentials.ts';
import { Recording, recordingFile } from './device-recording.ts';
import { lightbedVersion } from './version.ts';

export interface DeviceTarget {
  readonly name: string;
  readonly family: SwitchFamily;
  readonly address: Address;
  readonly tid: string | null;
  readonly isPasswordQuoted: boolean;
}

/** Of a session whose first login counts, since nobody tries again: ours, for a device or a machine that is busy. */
export const ONE_TRY = { loginFirst: seconds(10), commandLimit: seconds(10) } as const;

/** There is no session with the device: it does not answer, or does not let us in. */
export class UnreachableError extends Error {
  override readonly name = 'UnreachableError';
}

export interface DeviceConnection {
  readonly device: OpticalSwitch;
  /** Rejects when the first session cannot be had; a later loss is for the driver to get over. */
  readonly lost: Promise<never>;
  close(): Promise<void>;
}

export function connectDevice(
  target: DeviceTarget,
  credentials: Credentials,
  record: string | null,
): DeviceConnection {
  const { name, family, address, tid, isPasswordQuoted } = target;
  const { clock, network } = hostPlatform({ machine: 'lightbed', folder: tmpdir() });
  const tape = record === null ? null : startRecording(record, target, credentials);
  const { log, lost } = firstSession(target);
  const device = openSwitch(family, {
    ...{ name, clock, log, address },
    network: (tape === null ? network : tape.recording.over(network)) as Network,
    login: { ...credentials, isPasswordQuoted },
    sessionTimings: ONE_TRY,
    ...(tid !== null && { tid }),
  });
  const close = async (): Promise<void> => {
    await device.close();
    tape?.close();
  };
  return { device, lost, close };
}

export function startRecording(
  file: string,
  { family, address }: { readonly family: string; readonly address: Address },
  { password }: Credentials,
) {
  const { put, close } = recordingFile(file);
  const recording = new Recording(put, password);
  const where = `${address.machine}:${address.tcpPort}`;
  recording.comment(`A ${family} at ${where}, recorded by lightbed ${lightbedVersion()}.`);
  return { recording, close };
}

/** What the session records of its beginnings. */
export function firstSession({ address }: { readonly address: Address }): { log: Log; lost: Promise<never> } {
  let isOpen = false;
  let fail: (error: Error) => void = () => {};
  const lost = new Promise<never>((_, reject) => (fail = reject));
  // Whoever waits for the device hears of it.
  lost.catch(() => {});
  const record: Log['record'] = (kind, { reason }) => {
    if (kind === 'tl1-session.opened') isOpen = true;
    const isFailure = kind === 'tl1-session.unconnected' || kind === 'tl1-session.lost';
    if (isFailure && !isOpen)
      fail(new UnreachableError(`${address.machine}:${address.tcpPort}: ${String(reason)}`));
  };
  return { log: { record }, lost };
}
