// Where one state is not the other: ports and cross-connects to the letter, powers within a tolerance. Light that
// is too weak to be seen is as good as none, so two dark readings are the same.

import { compareCodePoints } from '../core/code-points.ts';
import { NO_READING } from '../optical/device.ts';
import {
  DARK_BELOW_DBM,
  type DeviceState,
  type ListedCrossConnect,
  type NetworkState,
} from './network-state.ts';

export interface Difference {
  /** `gva 3→5`, `gva/3 in`. */
  readonly place: string;
  readonly expected: string;
  readonly found: string;
}

export const describeDifference = ({ place, expected, found }: Difference): string =>
  `${place}: expected ${expected}, found ${found}`;

export function differences(expected: NetworkState, found: NetworkState, toleranceDb: number): Difference[] {
  return expected.devices.flatMap((before) => {
    const now = found.devices.find(({ device }) => device === before.device);
    if (now === undefined) return [{ place: before.device, expected: 'the device', found: 'nothing of it' }];
    return [
      ...portDifferences(before, now),
      ...crossConnectDifferences(before.device, before.cross_connects, now.cross_connects),
      ...powerDifferences(before, now, toleranceDb),
    ];
  });
}

function portDifferences(before: DeviceState, now: DeviceState): Difference[] {
  const gone = before.ports.filter((port) => !now.ports.includes(port));
  const come = now.ports.filter((port) => !before.ports.includes(port));
  return [
    ...gone.map((port) => ({ place: `${before.device}/${port}`, expected: 'a port', found: 'none' })),
    ...come.map((port) => ({ place: `${before.device}/${port}`, expected: 'no port', found: 'one' })),
  ];
}

/** By input, in code-point order: one line for an input that goes elsewhere now. */
export function crossConnectDifferences(
  device: string,
  expected: readonly ListedCrossConnect[],
  found: readonly ListedCrossConnect[],
): Difference[] {
  const inputs = [...new Set([...expected, ...found].map(({ input }) => input))].sort(compareCodePoints);
  return inputs.flatMap((input) => {
    const before = outputs(expected, input);
    const now = outputs(found, input);
    if (before === now) return [];
    return [{ place: `${device}/${input}`, expected: before, found: now }];
  });
}

function outputs(list: readonly ListedCrossConnect[], input: string): string {
  const texts = list
    .filter((one) => one.input === input)
    .map(({ output, connection }) => `→${output}${connection === null ? '' : ` (${connection})`}`);
  return texts.length === 0 ? 'no cross-connect' : texts.join(' and ');
}

function powerDifferences(before: DeviceState, now: DeviceState, toleranceDb: number): Difference[] {
  return before.powers.flatMap(({ port, ...then }) => {
    const reading = now.powers.find((one) => one.port === port);
    if (reading === undefined) return [];
    return (['in_dbm', 'out_dbm'] as const).flatMap((side) => {
      const [x, y] = [then[side], reading[side]];
      if (isSamePower(x, y, toleranceDb)) return [];
      const place = `${before.device}/${port} ${side === 'in_dbm' ? 'in' : 'out'}`;
      return [{ place, expected: powerText(x), found: powerText(y) }];
    });
  });
}

/** A reading that is missing says nothing. */
function isSamePower(x: number | null, y: number | null, toleranceDb: number): boolean {
  if (x === null || y === null) return true;
  const isDark = x < DARK_BELOW_DBM && y < DARK_BELOW_DBM;
  return isDark || Math.abs(x - y) <= toleranceDb;
}

export function powerText(power: number | null): string {
  if (power === null) return 'no reading';
  if (power === NO_READING) return 'dark (no number)';
  return power < DARK_BELOW_DBM ? `dark (${power.toFixed(1)} dBm)` : `${power.toFixed(1)} dBm`;
}
