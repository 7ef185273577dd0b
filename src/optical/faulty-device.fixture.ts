// A driver and an emulated device whose faults a test can put in and take out: over modelled TCP in virtual time, and
// over TCP of this machine with clocks that hurry.

import { CommandRules } from '../../emulators/command-rules.ts';
import type { SwitchProfile } from '../../emulators/device/profile.ts';
import { Restarts } from '../../emulators/device/restarts.ts';
import type { DeviceFault } from '../../emulators/device-fault.ts';
import { type FamilyName, families } from '../../emulators/families.ts';
import { type FaultOrder, installFault, type StandingFault } from '../../emulators/install-fault.ts';
import type { Suite } from '../../scripts/testing/suite.ts';
import { between, type Duration, ms, seconds } from '../core/time.ts';
import { hostPlatform } from '../host/platform.ts';
import type { Address, Clock, Platform } from '../platform/platform.ts';
import { smallWorld } from '../sim/world.fixture.ts';
import { DEVICE, type Lamps, LOGIN, lamps } from './conformance.fixture.ts';
import type { SwitchOptions } from './device.ts';
import { openSwitch } from './families.ts';
import { HurriedClock } from './hurried-clock.fixture.ts';
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

/** A driver that lost its session is back within this, in either world. */
export const RECONNECTED: Duration = seconds(15);
const RECONNECT_LONGEST = seconds(5);

/** How much faster clocks run over real sockets. A time limit of 4 s is 200 ms then, enough for a busy machine. */
const HASTE = 20;
/** An address of these suites' own, so that the devices' usual ports are free. */
const HOST = '127.34.17.1';

export interface FaultyDevice {
  readonly device: OpticalSwitch;
  readonly light: Lamps;
  readonly ports: readonly [string, string, string, string];
  readonly rules: CommandRules;
  readonly restarts: Restarts;
  readonly clock: Clock;
  /** What a machine may be late by, beyond the time that is meant. */
  readonly slack: Duration;
  /** Puts a fault in, as a scenario or `ctl` would. */
  fault(fault: DeviceFault, order?: Omit<FaultOrder, 'fault'>): StandingFault;
  /** Another client of the same device. */
  another(): OpticalSwitch;
  took(body: () => Promise<unknown>): Promise<Duration>;
}

export interface FaultyOptions {
  readonly profile?: Partial<SwitchProfile>;
  readonly driver?: Partial<SwitchOptions>;
}

type Body = (bench: FaultyDevice, family: FamilyName) => Promise<void>;
type Controls = Pick<FaultyDevice, 'light' | 'rules' | 'restarts'>;

/** For each of the families, in virtual time and then, all of them at once, over TCP of this machine. */
export function forEach(
  test: Suite,
  names: readonly FamilyName[],
  title: string,
  body: Body,
  options: FaultyOptions = {},
): void {
  for (const family of names) test(`${family}: ${title}`, () => inVirtualTime(family, body, options));
  test(`over TCP, ${names.join(', ')}: ${title}`, async () => {
    await Promise.all(names.map((family) => overTcp(family, body, options)));
  });
}

export async function inVirtualTime(
  family: FamilyName,
  body: Body,
  { profile = {}, driver = {} }: FaultyOptions = {},
): Promise<void> {
  const { world, drive } = smallWorld({ nodes: ['agent', DEVICE], delay: ms(1) });
  const { program, tcpPort } = families[family];
  const controls = { light: lamps(family, world.clock), rules: new CommandRules(), restarts: new Restarts() };
  const { rules, restarts, light } = controls;
  world
    .machine(DEVICE)
    .boot(
      (platform) => program(platform, light.optics, { users: [LOGIN], rules, restarts, ...profile }),
      family,
    );
  const address = { machine: DEVICE, tcpPort };
  await drive(() =>
    world
      .machine('agent')
      .run((platform) =>
        withDriver(platform, { family, address, controls, driver, slack: seconds(1) }, body),
      ),
  );
}

async function overTcp(
  family: FamilyName,
  body: Body,
  { profile = {}, driver = {} }: FaultyOptions,
): Promise<void> {
  const place = { folder: '.', resolve: (to: Address) => ({ host: HOST, port: to.tcpPort }) };
  const real = hostPlatform({ machine: DEVICE, bind: HOST, ...place });
  const clock = new HurriedClock(real.clock, HASTE);
  const controls = { light: lamps(family, clock), rules: new CommandRules(), restarts: new Restarts() };
  const { rules, restarts, light } = controls;
  const stop = new AbortController();
  const { defaults, program } = families[family];
  const listeners = defaults(DEVICE).listeners.map((listener) => ({ ...listener, tcpPort: 0 }));
  const address = await new Promise<Address>((resolve, reject) => {
    const listening = (open: readonly Address[]): void => resolve(open[0] as Address);
    const own = { users: [LOGIN], rules, restarts, listeners, listening, until: stop.signal };
    program({ ...real, clock }, light.optics, { ...own, ...profile }).catch(reject);
  });
  const agent = { ...hostPlatform({ machine: 'agent', ...place }), clock };
  try {
    await withDriver(agent, { family, address, controls, driver, slack: seconds(20) }, body);
  } catch (error) {
    if (error instanceof Error) error.message = `${family}: ${error.message}`;
    throw error;
  } finally {
    stop.abort();
  }
}

async function withDriver(
  { clock, network, log }: Platform,
  {
    family,
    address,
    controls,
    driver,
    slack,
  }: {
    family: FamilyName;
    address: Address;
    controls: Controls;
    driver: Partial<SwitchOptions>;
    slack: Duration;
  },
  body: Body,
): Promise<void> {
  const opened: OpticalSwitch[] = [];
  const sessionTimings = { reconnectLongest: RECONNECT_LONGEST };
  const another = (): OpticalSwitch => {
    const usual = { name: DEVICE, clock, network, log, address, login: LOGIN, sessionTimings };
    const device = openSwitch(family, { ...usual, ...driver });
    opened.push(device);
    return device;
  };
  const { light, rules } = controls;
  const faulty = { name: DEVICE, sid: DEVICE, rules, optics: light.optics };
  const bench: FaultyDevice = {
    ...controls,
    device: another(),
    ports: light.ports.slice(0, 4) as [string, string, string, string],
    clock,
    slack,
    fault: (fault, order = {}) => installFault(clock, faulty, { fault, ...order }),
    another,
    took: async (work) => {
      const from = clock.now();
      await work();
      return between(from, clock.now());
    },
  };
  try {
    await body(bench, family);
  } finally {
    for (const device of opened) await device.close();
  }
}

export const pairs = async (device: OpticalSwitch): Promise<string[]> =>
  (await device.listCrossConnects()).map(({ input, output }) => `${input} ${output}`).sort();

export const powerAt = (readings: readonly PowerReading[], port: string, direction: 'in' | 'out'): number =>
  readings.find((reading) => reading.port === port && reading.direction === direction)?.power ?? Number.NaN;
