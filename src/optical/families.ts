// The families of switches that there are drivers for, by the names that configuration uses.

import { CalientSwitch, type CalientOptions } from './calient.ts';
import type { SwitchOptions } from './device.ts';
import { GlimmerglassSwitch } from './glimmerglass.ts';
import type { OpticalSwitch } from './switch.ts';

export type SwitchFamily = 'glimmerglass' | 'calient';

export interface SwitchFamilyEntry {
  /** Where the device speaks TL1 unless its site says otherwise. */
  readonly tcpPort: number;
  open(options: SwitchOptions | CalientOptions): OpticalSwitch;
}

export const SWITCH_FAMILIES: Readonly<Record<SwitchFamily, SwitchFamilyEntry>> = {
  // MonALISA's default ports for both.
  glimmerglass: { tcpPort: 10_033, open: (options) => new GlimmerglassSwitch(options) },
  calient: { tcpPort: 3083, open: (options) => new CalientSwitch(options) },
};

/** A driver for the device at `options.address`; it begins to connect at once. */
export const openSwitch = (family: SwitchFamily, options: SwitchOptions): OpticalSwitch =>
  SWITCH_FAMILIES[family].open(options);
