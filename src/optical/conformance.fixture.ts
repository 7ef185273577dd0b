// Every family and each of its profiles, out of the registries, as the conformance suite needs them: a device of
// eight ports with a lamp at each, and its driver.

import type { SwitchProfile } from '../../emulators/device/profile.ts';
import { type FamilyName, families } from '../../emulators/families.ts';
import { Plant } from '../../emulators/plant.ts';
import type { PlantSwitch } from '../../emulators/plant-switch.ts';
import { db, dbm, metres } from '../core/quantity.ts';
import { ZERO } from '../core/time.ts';
import type { Address, Clock, Platform } from '../platform/platform.ts';
import type { SwitchOptions } from './device.ts';
import { openSwitch, SWITCH_FAMILIES } from './families.ts';
import type { SwitchFixture, SwitchTraits } from './switch.conformance.ts';

export const DEVICE = 'switch';
export const LOGIN = { user: 'op', password: 'secret' };

const PORTS = 8;
const LAUNCH_DBM = -3;
const LOSS_DB = 0.5;

export interface Subject {
  /** `calient`, `calient old`. */
  readonly name: string;
  readonly family: FamilyName;
  /** A new one for each device; the login is in it. */
  profile(): SwitchProfile;
  readonly traits: SwitchTraits;
}

export const SUBJECTS: readonly Subject[] = (Object.keys(families) as FamilyName[]).flatMap((family) => {
  const variants: [string, Partial<SwitchProfile>][] = [
    ['', {}],
    ...Object.entries(families[family].profiles),
  ];
  return variants.map(([variant, changes]): Subject => {
    const profile = (): SwitchProfile => ({
      ...families[family].defaults(DEVICE),
      users: [LOGIN],
      ...changes,
    });
    const { sendsAlarms } = profile();
    const { saysCarrying } = SWITCH_FAMILIES[family];
    return { name: `${family} ${variant}`.trim(), family, profile, traits: { sendsAlarms, saysCarrying } };
  });
});

export interface Lamps {
  readonly optics: PlantSwitch;
  readonly ports: readonly string[];
  shine(port: string): void;
  darken(port: string): void;
}

/** A switch with a dark terminal at the end of a short fibre at each port. */
export function lamps(family: FamilyName, clock: Pick<Clock, 'now' | 'timer'>): Lamps {
  const { portLabels, insertionLoss } = families[family];
  const ports = portLabels(PORTS);
  const plant = new Plant({ clock });
  const optics = plant.addSwitch(DEVICE, { ports, insertionLoss });
  for (const port of ports) {
    plant.addTerminal(lamp(port), {
      launchPower: dbm(LAUNCH_DBM),
      sensitivity: dbm(-25),
      powerOnDelay: ZERO,
    });
    plant.setTransmitter(lamp(port), false);
    const a = { node: lamp(port), port: 'line' };
    plant.addFibre(`fibre ${port}`, { a, b: { node: DEVICE, port }, length: metres(20), loss: db(LOSS_DB) });
  }
  return {
    optics,
    ports,
    shine: (port) => plant.setTransmitter(lamp(port), true),
    darken: (port) => plant.setTransmitter(lamp(port), false),
  };
}

const lamp = (port: string): string => `lamp ${port}`;

/** The driver, on the platform of whoever uses it. */
export function fixture(
  { family, profile }: Subject,
  { ports, shine, darken }: Lamps,
  platform: Platform,
  address: Address,
  more: Pick<SwitchOptions, 'sessionTimings' | 'timings'> = {},
): SwitchFixture {
  const { clock, network, log } = platform;
  const { sid: tid } = profile();
  const options = { name: DEVICE, clock, network, log, address, tid, login: LOGIN, ...more };
  const device = openSwitch(family, options);
  const shining = dbm(LAUNCH_DBM - LOSS_DB);
  const absentPort = families[family].portLabels(PORTS + 1)[PORTS] ?? '';
  return { device, ports, absentPort, clock, shining, shine, darken };
}
