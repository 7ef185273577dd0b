// Sessions with the devices of a site or a plan: one for each, which the driver asks and a plan's commands go over.

import { tmpdir } from 'node:os';
import { dirname, resolve } from 'node:path';
import { hostPlatform } from '../host/platform.ts';
import { openSession } from '../optical/device.ts';
import { openSwitch, SWITCH_FAMILIES } from '../optical/families.ts';
import type { Plan } from '../planning/plan.ts';
import type { DeviceDoor } from '../planning/read-state.ts';
import type { Site } from '../planning/site.ts';
import { parseAddress } from './address.ts';
import { firstSession, ONE_TRY, UnreachableError } from './device-connection.ts';
import { readCredentials } from './device-credentials.ts';

/** The option of every command that asks the devices of a site. */
export const CREDENTIALS_OPTION = {
  type: 'string',
  describe: 'file with mode 600 for devices that name none: lines "user: …" and "password: …"',
} as const;

/** How to reach a device, as a plan keeps it. */
export type PlannedDevice = Plan['devices'][number];

export interface SiteDoors {
  readonly doors: readonly DeviceDoor[];
  /** Rejects with `UnreachableError` when the first session with one of them cannot be had. */
  readonly lost: Promise<never>;
  close(): Promise<void>;
}

/** `file` is the site's: paths of credentials are from its folder. */
export const devicesOfSite = (file: string, site: Site): PlannedDevice[] =>
  site.devices.map(({ name, family, address, tid, quotePassword, credentials }) => ({
    device: name,
    family,
    address,
    tid: tid ?? null,
    quote_password: quotePassword === 'yes',
    credentials: credentials === undefined ? null : resolve(dirname(file), credentials),
  }));

/** `credentialsFile` is for devices that name none. Throws `UsageError` before anything is connected. */
export function openDoors(devices: readonly PlannedDevice[], credentialsFile: string | null): SiteDoors {
  const known = devices.map((device) => ({
    device,
    login: {
      ...readCredentials(device.credentials ?? credentialsFile, process.env),
      isPasswordQuoted: device.quote_password,
    },
    address: parseAddress(device.address, device.device, SWITCH_FAMILIES[device.family].tcpPort),
  }));
  const { clock, network } = hostPlatform({ machine: 'lightbed', folder: tmpdir() });
  const opened = known.map(({ device: { device: name, family, tid, address: text }, login, address }) => {
    const { log, lost } = firstSession({ address });
    const options = { name, clock, network, log, address, login, ...(tid !== null && { tid }) };
    const session = openSession({ ...options, sessionTimings: ONE_TRY });
    const driver = openSwitch(family, { ...options, session });
    const named = lost.catch((error: Error) => {
      throw new UnreachableError(`${name}: ${error.message}`);
    });
    named.catch(() => {});
    return { door: { name, family, address: text, session, driver }, lost: named };
  });
  const lost = Promise.race(opened.map((one) => one.lost));
  // Whoever waits for the devices hears of it.
  lost.catch(() => {});
  return {
    doors: opened.map(({ door }) => door),
    lost,
    close: async () => {
      await Promise.all(opened.map(({ door }) => door.driver.close()));
    },
  };
}
