// How to reach a device, as inventories and site files give it. Secrets are not in it, only where they are.

import { defaulted, type Fields, optional, required } from '../scenario/record.ts';
import { oneOf, text } from '../scenario/shape.ts';

export interface DeviceEntry {
  /** `HOST` or `HOST:PORT`. */
  readonly address: string;
  /** Path of a credentials file, from the folder of the file that names it. */
  readonly credentials?: string;
  /** The target identifier that the device insists on. */
  readonly tid?: string;
  readonly quotePassword: 'yes' | 'no';
}

export const deviceEntry: Fields<DeviceEntry> = {
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
};
