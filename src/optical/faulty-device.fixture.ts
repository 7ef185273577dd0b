// A driver and an emulated device whose faults a test can put in and take out, over modelled TCP in virtual time.

import { CommandRules } from '../../emulators/command-rules.ts';
import type { SwitchProfile } from '../../emulators/device/profile.ts';
import { Restarts } from '../../emulators/device/restarts.ts';
import { type FamilyName, families } from '../../emulators/families.ts';
import type { Suite } from '../../scripts/testing/suite.ts';
import { between, type Duration, ms } from '../core/time.ts';
import type { Clock } from '../platform/platform.ts';
import { smallWorld } from '../sim/world.fixture.ts';
import { DEVICE, type Lamps, LOGIN, lamps } from './conformance.fixture.ts';
import type { SwitchOptions } from './device.ts';
import { openSwitch } from './families.ts';
import type { OpticalSwitch, PowerReading, SwitchOutcome } from './switch.ts';

export const DONE: SwitchOutcome = { kind: 'done' };
export const FAMILIES: readonly FamilyName[] = ['glimmerglass', 'calient', 'calient-s', 'polatis'];
/** What each family sends to make and to list. */
export const MAKE: Readonly<Record<FamilyName, string>> = {
  glimmerglass: 'ENT-CRS-FIBER',
  calient: 'ENT-CRS',
  'calient-s': 'ACT-CRS',
  polatis: 'ENT-PATCH',
};
export const LIST: Readonly<Record<FamilyName, string>> = {
  glimmerglass: 'RTRV-CRS-FIBER',
  calient: 'RTRV-CRS',
  'calient-s': 'RTRV-CRS',
  polatis: 'RTRV-PATCH',
};

export interface FaultyDevice {
  readonly device: OpticalSwitch;
  readonly light: Lamps;
  readonly ports: readonly [string, string, string, string];
  readonly rules: CommandRules;
  readonly restarts: Restarts;
  readonly clock: Clock;
  /** Another client of the same device. */
  another(): OpticalSwitch;
  took(body: () => Promise<unknown>): Promise<Duration>;
}

export async function against(
  family: FamilyName,
  body: (bench: FaultyDevice) => Promise<void>,
  profile: Partial<SwitchProfile> = {},
  options: Partial<SwitchOptions> = {},
): Promise<void> {
  const { world, drive } = smallWorld({ nodes: ['agent', DEVICE], delay: ms(1) });
  const { program, tcpPort } = families[family];
  const light = lamps(family, world.clock);
  const [rules, restarts] = [new CommandRules(), new Restarts()];
  const users = [LOGIN];
  world
    .machine(DEVICE)
    .boot((platform) => program(platform, light.optics, { users, rules, restarts, ...profile }), family);
  await drive(() =>
    world.machine('agent').run(async ({ clock, network, log }) => {
      const opened: OpticalSwitch[] = [];
      const another = (): OpticalSwitch => {
        const address = { machine: DEVICE, tcpPort };
        const device = openSwitch(family, {
          name: DEVICE,
          clock,
          network,
          log,
          address,
          login: LOGIN,
          ...options,
        });
        opened.push(device);
        return device;
      };
      const took = async (work: () => Promise<unknown>): Promise<Duration> => {
        const from = clock.now();
        await work();
        return between(from, clock.now());
      };
      const ports = light.ports.slice(0, 4) as [string, string, string, string];
      try {
        await body({ device: another(), light, ports, rules, restarts, clock, another, took });
      } finally {
        for (const device of opened) await device.close();
      }
    }),
  );
}

/** For each of the families; the title names it. */
export function forEach(
  test: Suite,
  names: readonly FamilyName[],
  title: string,
  body: (bench: FaultyDevice, family: FamilyName) => Promise<void>,
  profile: Partial<SwitchProfile> = {},
): void {
  for (const family of names)
    test(`${family}: ${title}`, () => against(family, (bench) => body(bench, family), profile));
}

export const pairs = async (device: OpticalSwitch): Promise<string[]> =>
  (await device.listCrossConnects()).map(({ input, output }) => `${input} ${output}`).sort();

export const powerAt = (readings: readonly PowerReading[], port: string, direction: 'in' | 'out'): number =>
  readings.find((reading) => reading.port === port && reading.direction === direction)?.power ?? Number.NaN;
