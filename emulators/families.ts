// The device families, so that whoever builds a plant needs no branch per family: the program that behaves
// like one, what its ports are called, and where it listens.

import { type Db, db } from '../src/core/quantity.ts';
import type { Platform } from '../src/platform/platform.ts';
import { type CalientProfile, calientDefaults, calientEmulator, calientPortLabels } from './calient.ts';
import {
  type GlimmerglassProfile,
  glimmerglassDefaults,
  glimmerglassEmulator,
  glimmerglassPortLabels,
} from './glimmerglass.ts';
import type { PlantSwitch } from './plant-switch.ts';

export type FamilyName = 'glimmerglass' | 'calient';

/** What every family's profile has. */
export type SwitchProfile = Pick<GlimmerglassProfile, keyof GlimmerglassProfile & keyof CalientProfile>;

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
}

export const families: Readonly<Record<FamilyName, SwitchFamily>> = {
  glimmerglass: {
    program: glimmerglassEmulator,
    portLabels: glimmerglassPortLabels,
    tcpPort: 10033,
    insertionLoss: db(1.57), // the 2016 samples of cloudshell-L1-glimmerglass
    defaults: glimmerglassDefaults,
  },
  calient: {
    program: calientEmulator,
    portLabels: calientPortLabels,
    tcpPort: 3083,
    insertionLoss: db(2.5), // [I] 2 to 3 dB
    defaults: calientDefaults,
  },
};
