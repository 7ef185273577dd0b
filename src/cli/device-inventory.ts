// The inventory of a laboratory: a strict YAML file that gives each device a name, so that no command needs its
// address or family. Secrets are not in it, only where they are.

import { SWITCH_FAMILIES, type SwitchFamily } from '../optical/families.ts';
import { jsonSchema } from '../scenario/json-schema.ts';
import { defaulted, optional, record, required } from '../scenario/record.ts';
import { named, oneOf, Place, text } from '../scenario/shape.ts';
import { ScenarioSource } from '../scenario/source.ts';

export interface InventoryDevice {
  readonly name: string;
  readonly family: SwitchFamily | typeof CIRCUIT_FAMILY;
  /** `HOST` or `HOST:PORT`. */
  readonly address: string;
  /** Path of a credentials file, from the inventory's folder. */
  readonly credentials?: string;
  /** The target identifier that the device insists on. */
  readonly tid?: string;
  readonly quotePassword: 'yes' | 'no';
}

/** Its devices have circuits instead of cross-connects. */
export const CIRCUIT_FAMILY = 'ciena';

const families = [CIRCUIT_FAMILY, ...(Object.keys(SWITCH_FAMILIES) as SwitchFamily[])] as const;

const device = record<Omit<InventoryDevice, 'name'>>({
  family: required(oneOf(families), 'which language and manners it has'),
  address: required(
    text('HOST or HOST:PORT', /^\S+$/),
    "where it speaks TL1; the port is the family's if left off",
  ),
  credentials: optional(text('a path', /\S/), 'a file with mode 600 that has its user and password'),
  tid: optional(
    text('up to 20 letters, digits and hyphens, or ( nil )', /^([A-Za-z0-9-]{1,20}|\( nil \))$/),
    'the target identifier of each command',
  ),
  quotePassword: defaulted(oneOf(['no', 'yes']), 'no', 'whether it wants its password in quotes'),
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
