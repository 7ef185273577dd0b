// Files of sites, snapshots and plans: read for a command, with one clear message where that fails.

import { readFileSync, writeFileSync } from 'node:fs';
import { hostClock } from '../host/clock.ts';
import { SwitchError } from '../optical/errors.ts';
import { FileFormatError, PlanError } from '../planning/errors.ts';
import { loadSite } from '../planning/load-site.ts';
import type { NetworkState } from '../planning/network-state.ts';
import { readState } from '../planning/read-state.ts';
import type { Site } from '../planning/site.ts';
import { readSnapshot } from '../planning/snapshot.ts';
import { portsWithFibres } from '../planning/topology.ts';
import { UnreachableError } from './device-connection.ts';
import { EXIT_FAILED, UsageError } from './exit-code.ts';
import { devicesOfSite, openDoors } from './site-doors.ts';

export function readText(file: string, what: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new UsageError(`${file}: ${what} that cannot be read`);
  }
}

export function writeText(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw new UsageError(`${file}: cannot be written: ${error instanceof Error ? error.message : error}`);
  }
}

export const readSite = (file: string): Site => loadSite(file, readText(file, 'a site'));

/** From the snapshot, if there is one; from the devices otherwise, which are only asked. */
export async function stateOf(
  file: string,
  site: Site,
  given: { readonly snapshot: string | undefined; readonly credentials: string | undefined },
): Promise<NetworkState> {
  if (given.snapshot !== undefined)
    return readSnapshot(given.snapshot, readText(given.snapshot, 'a snapshot'), site);
  const { doors, lost, close } = openDoors(devicesOfSite(file, site), given.credentials ?? null);
  const ports = (device: string): readonly string[] => portsWithFibres(site, device);
  try {
    let read = 0;
    const done = (device: string): void => console.error(`read ${device} (${++read} of ${doors.length})`);
    return await Promise.race([readState(doors, hostClock, { ports }, done), lost]);
  } finally {
    await close();
  }
}

/** What a command of sites ends with: failures that a person can mend are one message. */
export async function toldFailures(work: () => Promise<number>): Promise<number> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof FileFormatError) throw new UsageError(error.message);
    const isKnown =
      error instanceof PlanError || error instanceof SwitchError || error instanceof UnreachableError;
    if (!isKnown) throw error;
    console.error(`lightbed: ${error.message}`);
    return EXIT_FAILED;
  }
}
