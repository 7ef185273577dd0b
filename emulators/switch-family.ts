// What a family of optical switches offers to whoever builds a plant of them.

import type { Db } from '../src/core/quantity.ts';
import type { Platform } from '../src/platform/platform.ts';
import type { SwitchProfile } from './device/profile.ts';
import type { PlantSwitch } from './plant-switch.ts';

export interface SwitchFamily {
  /** Serves on all its TCP ports until the profile's `until` is aborted, or its machine stops. */
  program(platform: Platform, optics: PlantSwitch, profile: Partial<SwitchProfile>): Promise<void>;
  portLabels(n: number): string[];
  /** Where clients of this family connect, unless they are told otherwise. */
  readonly tcpPort: number;
  /** From an input to the output it is connected to. */
  readonly insertionLoss: Db;
  /** What a profile does not say. */
  defaults(machine: string): SwitchProfile;
  /** Other releases and manners of the family, by name: what of the defaults is different. */
  readonly profiles: Readonly<Record<string, Partial<SwitchProfile>>>;
}
