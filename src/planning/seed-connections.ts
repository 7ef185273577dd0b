// Brings the twin of a device to the cross-connects that were read, with the names that they have there: what is
// deleted by name is deleted by the name that the device knows.

import { formatAidList } from '../tl1/fields.ts';
import { describeFailure } from '../tl1/outcome.ts';
import { PlanError } from './errors.ts';
import type { DeviceState, ListedCrossConnect } from './network-state.ts';
import { type DeviceDoor, listCrossConnects } from './read-state.ts';
import { crossConnectDifferences, describeDifference } from './state-difference.ts';

/** Throws `PlanError` where the twin does not come to be the same. */
export async function seedConnections(door: DeviceDoor, state: DeviceState): Promise<void> {
  for (const connection of connectionsOf(state.cross_connects)) await makeConnection(door, connection);
  const wrong = crossConnectDifferences(
    door.name,
    state.cross_connects,
    await listCrossConnects(door.driver),
  );
  if (wrong.length > 0)
    throw new PlanError(
      wrong.map((one) => `the twin cannot be brought to the state of ${describeDifference(one)}`),
    );
}

export interface Connection {
  readonly input: string;
  readonly output: string;
  readonly isTwoWay: boolean;
  readonly name: string | null;
}

/** One by one; both ways of one name are one connection; the name says which end was first. */
export function connectionsOf(list: readonly ListedCrossConnect[]): Connection[] {
  const byName = new Map<string, ListedCrossConnect[]>();
  for (const one of list) {
    const key = one.connection ?? `${one.input}>${one.output}`;
    byName.set(key, [...(byName.get(key) ?? []), one]);
  }
  return [...byName.values()].map((ways) => {
    const usual = ways.find(({ input, output, connection }) => connection === `${input}-${output}`);
    const first = (usual ?? ways[0]) as ListedCrossConnect;
    const { input, output, connection: name } = first;
    return { input, output, isTwoWay: ways.length > 1, name };
  });
}

export async function makeConnection(
  { name, family, driver, session }: DeviceDoor,
  c: Connection,
): Promise<void> {
  const usual = `${c.input}${c.isTwoWay ? '-' : '>'}${c.output}`;
  // Only a PXC lets its clients name a connection (Pynt).
  if (family === 'calient' && c.name !== null && c.name !== usual) {
    const payload = [`${c.name},${c.isTwoWay ? '2way' : '1way'}`];
    const aid = `${formatAidList([c.input])},${formatAidList([c.output])}`;
    const outcome = await session.execute({ verb: 'ent-crs', aid, payload });
    if (outcome.kind !== 'completed')
      throw new PlanError([`the twin of ${name}: ${c.name}: ${describeFailure(outcome)}`]);
    return;
  }
  const outcome = await driver.connect(c.input, c.output, c.isTwoWay ? 'two' : 'one');
  if (outcome.kind !== 'done') throw new PlanError([`the twin of ${name}: ${usual}: ${outcome.reason}`]);
}
