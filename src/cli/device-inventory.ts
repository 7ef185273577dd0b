// The inventory of a laboratory: a strict YAML file that gives each device a name, so that no command needs its
// address or family. Secrets are not in it, only where they are.

import { SWITCH_FAMILIES, type SwitchFamily } from '../optical/families.ts';
import { type DeviceEntry, deviceEntry } from '../planning/device-entry.ts';
import { jsonSchema } from '../scenario/json-schema.ts';
import { record, required } from '../scenario/record.ts';
import { named, oneOf, Place } from '../scenario/shape.ts';
import { ScenarioSource } from '../scenario/source.ts';

export interface InventoryDevice extends DeviceEntry {
  readonly name: string;
  readonly family: SwitchFamily | typeof CIRCUIT_FAMILY;
}

/** Its devices have circuits instead of cross-connects. */
export const CIRCUIT_FAMILY = 'ciena';

const families = [CIRCUIT_FAMILY, ...(Object.keys(SWITCH_FAMILIES) as SwitchFamily[])] as const;

const device = record<Omit<InventoryDevice, 'name'>>({
  family: required(oneOf(families), 'which language and manners it has'),
  ...deviceEntry,
});

const inventory = record<{ readonly devices: readonly InventoryDevice[] }>({
  devices: required(named<InventoryDevice>(device), 'the devices, by name'),
});

/** As `scenarios/inventory.schema.json` holds it. */
export const inventoryJsonSchema = (): string => jsonSchema('Lightbed inventory', inventory);

/** Throws a `ScenarioError` with everything that is wrong with the file. */
export function loadInventory(file: string, content: string): readonly InventoryDevice[] {
  const source = new ScenarioSource(file, content);
  source.throwIfBad();
  const { devices } = inventory.read(source.value, new Place(source));
  source.throwIfBad();
  return devices;
}
