// Which device a command means: a name in an inventory, or an address with a family.

import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { SWITCH_FAMILIES, type SwitchFamily } from '../optical/families.ts';
import { nearMiss } from '../scenario/suggest.ts';
import { parseAddress } from './address.ts';
import type { DeviceTarget } from './device-connection.ts';
import { type InventoryDevice, loadInventory } from './device-inventory.ts';
import { UsageError } from './exit-code.ts';

export interface TargetArguments {
  device: string;
  family: string | undefined;
  inventory: string | undefined;
  tid: string | undefined;
  'quote-password': boolean;
}

export const DEVICE_FAMILIES = Object.keys(SWITCH_FAMILIES) as readonly SwitchFamily[];

/** The device of that name in the inventory, or the address that it is. */
export function locate(given: TargetArguments): { target: DeviceTarget; credentialsFile: string | null } {
  const entry = given.inventory === undefined ? null : inventoried(given.inventory, given.device);
  const family = familyOf(given.family, entry);
  const address = parseAddress(entry?.address ?? given.device, 'device', SWITCH_FAMILIES[family].tcpPort);
  const target = {
    name: given.device,
    family,
    address,
    tid: given.tid ?? entry?.tid ?? null,
    isPasswordQuoted: given['quote-password'] || entry?.quotePassword === 'yes',
  };
  const file = entry?.credentials ?? null;
  return {
    target,
    credentialsFile: file === null ? null : resolve(dirname(given.inventory ?? ''), file),
  };
}

function inventoried(file: string, name: string): InventoryDevice {
  let content: string;
  try {
    content = readFileSync(file, 'utf8');
  } catch {
    throw new UsageError(`--inventory ${file}: cannot be read`);
  }
  const devices = loadInventory(file, content);
  const found = devices.find((device) => device.name === name);
  if (found !== undefined) return found;
  const names = devices.map((device) => device.name);
  const meant = nearMiss(name, names);
  const suggestion = meant === null ? `, only ${names.join(', ')}` : `; did you mean ${meant}?`;
  throw new UsageError(`there is no device ${name} in ${file}${suggestion}`);
}

function familyOf(given: string | undefined, entry: InventoryDevice | null): SwitchFamily {
  const wanted = given ?? entry?.family;
  const known = DEVICE_FAMILIES.find((family) => family === wanted);
  if (known !== undefined) return known;
  if (wanted === undefined)
    throw new UsageError(`give --family (${DEVICE_FAMILIES.join(', ')}), or --inventory`);
  throw new UsageError(`there is no family ${wanted}, only ${DEVICE_FAMILIES.join(', ')}`);
}
