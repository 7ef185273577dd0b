// The families of switches that there are drivers for, by the names that configuration uses.

import { CalientSwitch } from './calient.ts';
import { CalientSSwitch } from './calient-s.ts';
import type { SwitchOptions } from './device.ts';
import { GlimmerglassSwitch } from './glimmerglass.ts';
import { PolatisSwitch } from './polatis.ts';
import type { OpticalSwitch } from './switch.ts';

export interface SwitchFamilyEntry {
  /** Where the device speaks TL1 unless its site says otherwise. */
  readonly tcpPort: number;
  /** Whether its listing says that light goes through a cross-connect; where not, `isCarrying` is null. */
  readonly saysCarrying: boolean;
  open(options: SwitchOptions): OpticalSwitch;
}

const registry = {
  // MonALISA's default ports for the first two; cloudshell-L1-calient, cloudshell-L1-polatis.
  glimmerglass: { tcpPort: 10_033, saysCarrying: true, open: (options) => new GlimmerglassSwitch(options) },
  calient: { tcpPort: 3083, saysCarrying: true, open: (options) => new CalientSwitch(options) },
  'calient-s': { tcpPort: 3083, saysCarrying: true, open: (options) => new CalientSSwitch(options) },
  polatis: { tcpPort: 3082, saysCarrying: false, open: (options) => new PolatisSwitch(options) },
} satisfies Record<string, SwitchFamilyEntry>;

export type SwitchFamily = keyof typeof registry;

export const SWITCH_FAMILIES: Readonly<Record<SwitchFamily, SwitchFamilyEntry>> = registry;

/** A driver for the device at `options.address`; it begins to connect at once. */
export const openSwitch = (family: SwitchFamily, options: SwitchOptions): OpticalSwitch =>
  SWITCH_FAMILIES[family].open(options);
