// Reads the state of the devices of a site by their drivers: retrieves only, all devices at the same time.

import type { SwitchSession } from '../optical/device.ts';
import type { SwitchFamily } from '../optical/families.ts';
import type { OpticalSwitch, PowerReading } from '../optical/switch.ts';
import type { Clock } from '../platform/platform.ts';
import {
  type DeviceState,
  type ListedCrossConnect,
  type NetworkState,
  sortedCrossConnects,
} from './network-state.ts';
import { timeText } from './time-text.ts';

/** A device at the end of one session: asked by its driver, and told word by word. */
export interface DeviceDoor {
  readonly name: string;
  readonly family: SwitchFamily;
  /** As its site gives it. */
  readonly address: string;
  readonly session: SwitchSession;
  readonly driver: OpticalSwitch;
}

export interface StateQuestion {
  /** The ports whose power is asked, by device: an old device takes long for one reading. */
  readonly ports: (device: string) => readonly string[];
}

/** Rejects with `SwitchError` where a device does not answer. Told of each device once it has been read. */
export async function readState(
  doors: readonly DeviceDoor[],
  clock: Pick<Clock, 'wall'>,
  { ports }: StateQuestion,
  done: (device: string) => void = () => {},
): Promise<NetworkState> {
  const devices = await Promise.all(
    doors.map(async (door) => {
      const state = await readDevice(door, ports(door.name));
      done(door.name);
      return state;
    }),
  );
  return { taken_at: timeText(clock.wall()), devices };
}

/** Reads what was read for that state. */
export function readAgain(
  state: NetworkState,
  doors: readonly DeviceDoor[],
  clock: Pick<Clock, 'wall'>,
): Promise<NetworkState> {
  const powers = new Map(state.devices.map((device) => [device.device, device.powers]));
  const ports = (device: string): string[] => (powers.get(device) ?? []).map(({ port }) => port);
  return readState(doors, clock, { ports });
}

async function readDevice(
  { name, family, address, driver }: DeviceDoor,
  asked: readonly string[],
): Promise<DeviceState> {
  const ports = await driver.listPorts();
  const listed = await listCrossConnects(driver);
  const known = asked.filter((port) => ports.includes(port));
  const readings = known.length === 0 ? [] : await driver.readPower(known);
  return {
    device: name,
    family,
    address,
    ports: [...ports],
    cross_connects: listed,
    powers: known.map((port) => ({
      port,
      in_dbm: reading(readings, port, 'in'),
      out_dbm: reading(readings, port, 'out'),
    })),
  };
}

export async function listCrossConnects(
  driver: Pick<OpticalSwitch, 'listCrossConnects'>,
): Promise<ListedCrossConnect[]> {
  const listed = await driver.listCrossConnects();
  return sortedCrossConnects(
    listed.map(({ input, output, connection = null }) => ({ input, output, connection })),
  );
}

/** Null where the device does not speak of the port; a port without a number is dark (`NO_READING`). */
export function reading(
  readings: readonly PowerReading[],
  port: string,
  direction: 'in' | 'out',
): number | null {
  return readings.find((r) => r.port === port && r.direction === direction)?.power ?? null;
}
