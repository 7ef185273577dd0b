// Brings the twin of a device to the cross-connects that were read, each from the end that it was made from, so that
// what is deleted by name is deleted by the name that the device knows. A name that is not made of the ports cannot be
// given: such a connection has the usual name on the twin, and no plan touches it (`compose.ts`).

import { PlanError } from './errors.ts';
import { type DeviceState, type ListedCrossConnect, nameless } from './network-state.ts';
import { type DeviceDoor, listCrossConnects } from './read-state.ts';
import { crossConnectDifferences, describeDifference } from './state-difference.ts';

/** Throws `PlanError` where the twin does not come to be the same. */
export async function seedConnections(door: DeviceDoor, state: DeviceState): Promise<void> {
  for (const connection of connectionsOf(state.cross_connects)) await makeConnection(door, connection);
  const wrong = crossConnectDifferences(
    door.name,
    state.cross_connects.map(nameless),
    (await listCrossConnects(door.driver)).map(nameless),
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
}

/** One by one; both ways of one name are one connection, and the name says which end was first. */
export function connectionsOf(list: readonly ListedCrossConnect[]): Connection[] {
  const byName = new Map<string, ListedCrossConnect[]>();
  for (const one of list) {
    const key = one.connection ?? `${one.input}>${one.output}`;
    byName.set(key, [...(byName.get(key) ?? []), one]);
  }
  return [...byName.values()].map((ways) => {
    const first = ways.find((one) => one.connection === `${one.input}-${one.output}`);
    const { input, output } = (first ?? ways[0]) as ListedCrossConnect;
    return { input, output, isTwoWay: ways.length > 1 };
  });
}

export async function makeConnection(
  { name, driver }: Pick<DeviceDoor, 'name' | 'driver'>,
  { input, output, isTwoWay }: Connection,
): Promise<void> {
  const outcome = await driver.connect(input, output, isTwoWay ? 'two' : 'one');
  if (outcome.kind !== 'done')
    throw new PlanError([
      `on the twin, connect ${name} ${input} ${output} is ${outcome.kind}: ${outcome.reason}`,
    ]);
}
