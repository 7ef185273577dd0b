// A snapshot: the state of a site in a file, to plan from without the devices.

import * as v from 'valibot';
import { FileFormatError } from './errors.ts';
import { type NetworkState, networkStateSchema } from './network-state.ts';
import { openSealed, sealedText } from './sealed-file.ts';
import type { Site } from './site.ts';

const FORMAT = 'lightbed snapshot 1';
const schema = v.strictObject({ format: v.literal(FORMAT), state: networkStateSchema });

export const snapshotText = (state: NetworkState): string => sealedText({ format: FORMAT, state });

/** Throws `FileFormatError`, also where it is of other devices than the site's. */
export function readSnapshot(file: string, text: string, site: Site): NetworkState {
  const { state } = openSealed(file, text, 'a snapshot', schema);
  for (const { name, family, address } of site.devices) {
    const taken = state.devices.find(({ device }) => device === name);
    if (taken === undefined)
      throw new FileFormatError(`${file}: a snapshot of other devices: ${name} is not in it`);
    if (taken.family !== family || taken.address !== address)
      throw new FileFormatError(
        `${file}: a snapshot of other devices: its ${name} is a ${taken.family} at ${taken.address}, the site's a ${family} at ${address}`,
      );
  }
  const stranger = state.devices.find(({ device }) => !site.devices.some(({ name }) => name === device));
  if (stranger !== undefined)
    throw new FileFormatError(`${file}: a snapshot of other devices: ${stranger.device} is not in the site`);
  return state;
}
