// Which device a command means: a name in an inventory, or an address with a family.

import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { SWITCH_FAMILIES, type SwitchFamily } from '../optical/families.ts';
import type { Address } from '../platform/platform.ts';
import { nearMiss } from '../scenario/suggest.ts';
import { parseAddress } from './address.ts';
import type { DeviceTarget } from './device-connection.ts';
import { CIRCUIT_FAMILY, type InventoryDevice, loadInventory } from './device-inventory.ts';
import { UsageError } from './exit-code.ts';

export interface TargetArguments {
  device: string;
  family: string | undefined;
  inventory: string | undefined;
  tid: string | undefined;
  'quote-password': boolean;
}

const DEVICE_FAMILIES = Object.keys(SWITCH_FAMILIES) as readonly SwitchFamily[];
export const ALL_FAMILIES: readonly string[] = [...DEVICE_FAMILIES, CIRCUIT_FAMILY];
/** MonALISA, perfSONAR: where a CoreDirector speaks TL1. */
const CIRCUIT_TCP_PORT = 10_201;

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

/** A node that has circuits. */
export interface CircuitNodeTarget {
  readonly name: string;
  readonly family: typeof CIRCUIT_FAMILY;
  /** How other nodes name it: the name in capitals, where nothing else is said. */
  readonly tid: string;
  readonly address: Address;
  readonly isPasswordQuoted: boolean;
  readonly credentialsFile: string | null;
}

/** Whether the device is one of circuits, by what the command line or the inventory says. */
export function hasCircuits(given: TargetArguments): boolean {
  if (given.family !== undefined) return given.family === CIRCUIT_FAMILY;
  return (
    given.inventory !== undefined && inventoried(given.inventory, given.device).family === CIRCUIT_FAMILY
  );
}

/** A name in the inventory, or `HOST:PORT`, or `NAME=HOST:PORT`. */
export function locateNode(
  text: string,
  { inventory, 'quote-password': quote }: Pick<TargetArguments, 'inventory' | 'quote-password'>,
  tid: string | undefined,
): CircuitNodeTarget {
  const [, label, place] = /^([^=]+)=(.+)$/.exec(text) ?? [];
  const entry = inventory === undefined || label !== undefined ? null : inventoried(inventory, text);
  if (entry !== null && entry.family !== CIRCUIT_FAMILY)
    throw new UsageError(`${text} is a ${entry.family} in ${inventory}: it has no circuits`);
  const file = entry?.credentials;
  return {
    name: label ?? text,
    family: CIRCUIT_FAMILY,
    tid: tid ?? entry?.tid ?? (label ?? text).toUpperCase(),
    address: parseAddress(entry?.address ?? place ?? text, 'device', CIRCUIT_TCP_PORT),
    isPasswordQuoted: quote || entry?.quotePassword === 'yes',
    credentialsFile: file === undefined ? null : resolve(dirname(inventory ?? ''), file),
  };
}

function familyOf(given: string | undefined, entry: InventoryDevice | null): SwitchFamily {
  const wanted = given ?? entry?.family;
  const known = DEVICE_FAMILIES.find((family) => family === wanted);
  if (known !== undefined) return known;
  if (wanted === undefined)
    throw new UsageError(`give --family (${ALL_FAMILIES.join(', ')}), or --inventory`);
  throw new UsageError(`there is no family ${wanted}, only ${ALL_FAMILIES.join(', ')}`);
}
