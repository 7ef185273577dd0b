// What the devices of a site said at one moment: ports, cross-connects, and the powers where fibres end. In the
// form in which snapshots and plans keep it.

import * as v from 'valibot';
import { compareCodePoints } from '../core/code-points.ts';
import { SWITCH_FAMILIES, type SwitchFamily } from '../optical/families.ts';
import { Links } from './links.ts';

const familyNames = Object.keys(SWITCH_FAMILIES) as SwitchFamily[];

export const crossConnectSchema = v.strictObject({
  input: v.string(),
  output: v.string(),
  /** The device's name of the connection, where it has names. */
  connection: v.nullable(v.string()),
});

export const deviceStateSchema = v.strictObject({
  device: v.string(),
  family: v.picklist(familyNames),
  address: v.string(),
  ports: v.array(v.string()),
  cross_connects: v.array(crossConnectSchema),
  /** Null: the device does not speak of the port. */
  powers: v.array(
    v.strictObject({ port: v.string(), in_dbm: v.nullable(v.number()), out_dbm: v.nullable(v.number()) }),
  ),
});

export const networkStateSchema = v.strictObject({
  taken_at: v.string(),
  devices: v.array(deviceStateSchema),
});

export type ListedCrossConnect = v.InferOutput<typeof crossConnectSchema>;
export type DeviceState = v.InferOutput<typeof deviceStateSchema>;
export type NetworkState = v.InferOutput<typeof networkStateSchema>;

/** Below this nobody's light is seen: MonALISA's threshold for a port in use. */
export const DARK_BELOW_DBM = -20;

export const linksOfState = (state: NetworkState): Links =>
  new Links(
    state.devices.flatMap(({ device, cross_connects }) =>
      cross_connects.map(({ input, output }) => ({ device, input, output })),
    ),
  );

/** The reading at one side of a port, `gva/3`; null where there is none. */
export function powerOf(state: NetworkState, end: string, side: 'in_dbm' | 'out_dbm'): number | null {
  const [device = '', port = ''] = end.split('/');
  const readings = state.devices.find((d) => d.device === device)?.powers ?? [];
  return readings.find((reading) => reading.port === port)?.[side] ?? null;
}

/** The same order, whatever order a device lists in. */
export const sortedCrossConnects = (list: readonly ListedCrossConnect[]): ListedCrossConnect[] =>
  list.toSorted((a, b) => compareCodePoints(a.input, b.input) || compareCodePoints(a.output, b.output));

export const nameless = (one: ListedCrossConnect): ListedCrossConnect => ({ ...one, connection: null });
