// The families as the conformance suite needs them: a device of eight ports with a lamp at each, and its driver.

import { families } from '../../emulators/families.ts';
import { Plant } from '../../emulators/plant.ts';
import type { PlantSwitch } from '../../emulators/plant-switch.ts';
import { db, dbm, metres } from '../core/quantity.ts';
import { ZERO } from '../core/time.ts';
import type { Address, Clock, Platform } from '../platform/platform.ts';
import { openSwitch, type SwitchFamily } from './families.ts';
import type { SwitchFixture } from './switch.conformance.ts';

export const DEVICE = 'switch';
export const LOGIN = { user: 'op', password: 'secret' };
export const FAMILIES: readonly { family: SwitchFamily; sendsAlarms: boolean; absentPort: string }[] = [
  { family: 'glimmerglass', sendsAlarms: false, absentPort: '9' },
  { family: 'calient', sendsAlarms: true, absentPort: '10.9a.1' },
];

const LAUNCH_DBM = -3;
const LOSS_DB = 0.5;

export interface Lamps {
  readonly optics: PlantSwitch;
  readonly ports: readonly string[];
  shine(port: string): void;
  darken(port: string): void;
}

/** A switch with a dark terminal at the end of a short fibre at each port. */
export function lamps(family: SwitchFamily, clock: Pick<Clock, 'now' | 'timer'>): Lamps {
  const { portLabels, insertionLoss } = families[family];
  const ports = portLabels(8);
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
  entry: (typeof FAMILIES)[number],
  { ports, shine, darken }: Lamps,
  platform: Platform,
  address: Address,
): SwitchFixture {
  const { clock, network, log } = platform;
  const device = openSwitch(entry.family, { name: DEVICE, clock, network, log, address, login: LOGIN });
  const shining = dbm(LAUNCH_DBM - LOSS_DB);
  return { device, ports, absentPort: entry.absentPort, clock, shining, shine, darken };
}
