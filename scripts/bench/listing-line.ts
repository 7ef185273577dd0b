// How long a driver takes for a listing of 320 ports, from the bytes of the device to cross-connects and to power
// readings, session included: each family's own listings, as its emulator writes them. The limit is turning the same bytes
// into text. A PXC has no listing of power (it is asked port by port, and takes its own time for each): there it is the ports.

import { seconds } from '../../src/core/time.ts';
import { hostClock } from '../../src/host/clock.ts';
import { openSwitch, SWITCH_FAMILIES, type SwitchFamily } from '../../src/optical/families.ts';
import type { OpticalSwitch } from '../../src/optical/switch.ts';
import { type CannedDevice, cannedDevice } from './canned-device.ts';
import type { BenchFigure, BenchLine } from './line.ts';
import { compare, secondsPerCall, secondsPerWait } from './timing.ts';

const PORTS = 320;
const REPETITIONS = 5;
const TARGET_MS = 5;

const LISTINGS = {
  'cross-connects': (device: OpticalSwitch) => device.listCrossConnects(),
  power: (device: OpticalSwitch) => device.readPower(),
  ports: (device: OpticalSwitch) => device.listPorts(),
} as const;

const listingsOf = (family: SwitchFamily): readonly (keyof typeof LISTINGS)[] => [
  'cross-connects',
  family === 'calient' ? 'ports' : 'power',
];

export const listingLine: BenchLine = {
  name: 'listing',
  measure: async () => {
    const figures: BenchFigure[] = [];
    for (const family of Object.keys(SWITCH_FAMILIES) as SwitchFamily[])
      figures.push(...(await measureFamily(family)));
    return figures;
  },
};

async function measureFamily(family: SwitchFamily): Promise<BenchFigure[]> {
  const canned = await cannedDevice(family, PORTS);
  const device = openSwitch(family, {
    name: family,
    clock: hostClock,
    network: canned.network as never,
    log: { record: () => undefined },
    address: canned.address,
    login: { user: 'admin', password: 'admin' },
    // Not to measure what a session waits for.
    sessionTimings: { keepAliveAfter: seconds(600) },
  });
  try {
    const figures: BenchFigure[] = [];
    for (const what of listingsOf(family))
      figures.push(
        await measure(`${family}, ${what} of ${PORTS} ports`, canned, () => LISTINGS[what](device)),
      );
    return figures;
  } finally {
    await device.close();
  }
}

async function measure(
  name: string,
  canned: CannedDevice,
  list: () => Promise<readonly unknown[]>,
): Promise<BenchFigure> {
  const found = (await list()).length;
  if (found < PORTS) throw new Error(`${name}: found ${found}`);
  canned.takeBytes();
  await list();
  const bytes = Buffer.alloc(canned.takeBytes(), '   "10003:PORTNAME=in-3,POWER=-11.25"\r\n', 'latin1');
  const { value, reference, ratio } = await compare(
    REPETITIONS,
    async () => 1e3 * (await secondsPerWait(() => list())),
    async () => 1e3 * (await secondsPerCall(() => void bytes.toString('latin1'))),
  );
  return {
    kind: 'measured',
    name,
    value,
    unit: 'ms',
    target: { of: 'value', atMost: TARGET_MS },
    reference: {
      kind: 'limit',
      name: `turning its ${bytes.length} bytes into text`,
      value: reference,
      ratio,
    },
  };
}
