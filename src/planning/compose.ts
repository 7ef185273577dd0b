// Makes the steps of a plan by making the changes on the twin with the real drivers, and keeping what they send.
// Each step is taken back at once, to have the undo from the same source and to see that it works, and made again.

import { toMs } from '../core/time.ts';
import { type ChangeSet, linksOfOperation, type Operation } from './change-set.ts';
import { PlanError } from './errors.ts';
import { DARK_BELOW_DBM, type ListedCrossConnect, type NetworkState } from './network-state.ts';
import { keyOf, type PlanStep, stepTitle } from './plan.ts';
import { listCrossConnects } from './read-state.ts';
import type { RecordedCommand } from './recorded-session.ts';
import { connectionsOf, makeConnection } from './seed-connections.ts';
import type { TwinDoor, TwinRun } from './twin.ts';

/** Throws `PlanError` where a device of the twin refuses a change or does not come back from it. */
export async function composeSteps(
  run: TwinRun,
  { operations }: ChangeSet,
  live: NetworkState,
): Promise<PlanStep[]> {
  const steps: PlanStep[] = [];
  for (const [i, operation] of operations.entries()) {
    const step = await composeStep(run, operation);
    if (step === null) continue;
    checkNames(step, live);
    const isLast = operations[i + 1]?.change !== operation.change;
    const light = isLast ? await lightAfter(run, operations, operation.change) : [];
    steps.push({ ...step, number: steps.length + 1, light });
  }
  return steps;
}

async function composeStep(
  { doors }: TwinRun,
  operation: Operation,
): Promise<Omit<PlanStep, 'number' | 'light'> | null> {
  const door = doors.find(({ name }) => name === operation.device) as TwinDoor;
  const before = await listCrossConnects(door.driver);
  const commands = await act(door, operation);
  const after = await listCrossConnects(door.driver);
  const removes = without(before, after);
  const makes = without(after, before);
  if (removes.length + makes.length === 0) return null;
  const undo = await takeBack(door, operation, { before, removes, makes });
  const again = await act(door, operation);
  if (texts(again).join() !== texts(commands).join())
    throw new PlanError([`${stepTitle(operation)}: the second time the driver sent other commands`]);
  const { change, device, action, input, output, way } = operation;
  const timed = commands.map(({ text, took }) => ({ text, predicted_ms: rounded(toMs(took)) }));
  return {
    change,
    device,
    action,
    input,
    output,
    way,
    commands: timed,
    undo,
    removes,
    makes,
    predicted_ms: 0,
  };
}

/** A live connection goes by its own name only; and one that cannot be given that name again is not taken away. */
function checkNames({ device, removes }: Pick<PlanStep, 'device' | 'removes'>, live: NetworkState): void {
  const listed = live.devices.find((state) => state.device === device)?.cross_connects ?? [];
  for (const { input, output, connection } of removes) {
    const own = listed.find((one) => one.input === input && one.output === output)?.connection;
    if (own !== undefined && own !== connection)
      throw new PlanError([
        `${device} ${input}→${output} is the connection ${own}: a name that no undo could give back, so it is left alone`,
      ]);
  }
}

async function act(door: TwinDoor, operation: Operation): Promise<readonly RecordedCommand[]> {
  const { action, input, output, way } = operation;
  door.session.take();
  const outcome = await door.driver[action](input, output, way);
  if (outcome.kind !== 'done')
    throw new PlanError([
      `${operation.change}: on the twin, ${stepTitle(operation)} is ${outcome.kind}: ${outcome.reason}`,
    ]);
  return door.session.take();
}

async function takeBack(
  door: TwinDoor,
  operation: Operation,
  { before, removes, makes }: Record<'before' | 'removes' | 'makes', readonly ListedCrossConnect[]>,
): Promise<string[]> {
  for (const { input, output, isTwoWay } of connectionsOf(makes))
    await door.driver.disconnect(input, output, isTwoWay ? 'two' : 'one');
  for (const connection of connectionsOf(removes)) await makeConnection(door, connection);
  const undo = texts(door.session.take());
  const now = await listCrossConnects(door.driver);
  if (without(before, now).length + without(now, before).length > 0)
    throw new PlanError([`${stepTitle(operation)} cannot be taken back on the twin`]);
  return undo;
}

/** At the outputs of the cross-connects that the change made and that carry light now. */
async function lightAfter(
  { doors, plant, settle }: TwinRun,
  operations: readonly Operation[],
  change: string,
): Promise<PlanStep['light']> {
  await settle();
  const made = operations.filter((one) => one.change === change && one.action === 'connect');
  return made
    .flatMap(linksOfOperation)
    .filter(({ device }) => doors.some(({ name }) => name === device))
    .map(({ device, output }) => ({
      device,
      port: output,
      out_dbm: rounded(plant.switch(device).power(output, 'out')),
    }))
    .filter(({ out_dbm }) => out_dbm >= DARK_BELOW_DBM);
}

function without(
  list: readonly ListedCrossConnect[],
  others: readonly ListedCrossConnect[],
): ListedCrossConnect[] {
  const keys = new Set(others.map(keyOf));
  return list.filter((one) => !keys.has(keyOf(one)));
}

const texts = (commands: readonly RecordedCommand[]): string[] => commands.map(({ text }) => text);

/** To the hundredth: more digits would promise more than the models can. */
export const rounded = (value: number): number => Math.round(value * 100) / 100;
