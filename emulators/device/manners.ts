// How a device carries itself on a line beyond what its profile's figures say, for families that differ: what it says to
// bytes that are no commands, how its echo ends, how it counts its notifications, what it says after a login.

import type { Announcement } from './announcement.ts';

export interface DeviceManners {
  /** Stands after the echo of a command. */
  readonly echoEnd: string;
  readonly atags: { readonly first: number; readonly last: number };
  /** The command as the device takes it. */
  readonly taken: (text: string) => string;
  /** What a session says to the bytes that come, besides answers to commands. One for each session: it may remember. */
  readonly listener: () => (bytes: Uint8Array) => string;
  /** Said after each login, in the same session. */
  readonly afterLogin: Announcement | null;
}

export const PLAIN_MANNERS: DeviceManners = {
  echoEnd: '',
  atags: { first: 1, last: 65_535 }, // ADC: ATAGs run from 1 to 65535 and wrap
  taken: (text) => text,
  listener: () => () => '',
  afterLogin: null,
};
