// `lightbed device` for nodes that have circuits instead of cross-connects (Ciena CD/CI): list circuits, create and
// delete them, watch their alarms and bandwidths. A circuit has two ends, so other nodes can be named beside the device.

import { tmpdir } from 'node:os';
import { CienaCircuits } from '../circuits/ciena.ts';
import type { CircuitOutcome, CircuitPort, CircuitService } from '../circuits/circuit-service.ts';
import { CircuitError } from '../circuits/errors.ts';
import { type BitsPerSecond, parseQuantity, unitsOf } from '../core/quantity.ts';
import type { Duration } from '../core/time.ts';
import { hostPlatform } from '../host/platform.ts';
import type { Network } from '../platform/platform.ts';
import { Tl1CommandError } from '../tl1/errors.ts';
import { showCircuits, watchCircuits } from './device-circuits-show.ts';
import { firstSession, ONE_TRY, startRecording, UnreachableError } from './device-connection.ts';
import { readCredentials } from './device-credentials.ts';
import { showOutcome } from './device-show.ts';
import { type CircuitNodeTarget, locateNode } from './device-target.ts';
import { EXIT_FAILED, EXIT_OK, UsageError } from './exit-code.ts';

export const CIRCUIT_ACTIONS = ['circuits', 'create', 'delete'] as const;

export interface CircuitArguments {
  readonly action: string;
  readonly device: string;
  readonly inventory: string | undefined;
  readonly credentials: string | undefined;
  readonly tid: string | undefined;
  readonly 'quote-password': boolean;
  readonly write: boolean;
  readonly record: string | undefined;
  readonly json: boolean;
  readonly rate: string | undefined;
  /** Once or several times. */
  readonly with: string | string[] | undefined;
}

interface Order {
  readonly labels: readonly string[];
  readonly every: Duration;
  readonly stopped: AbortSignal;
}

export async function runCircuitDevice(given: CircuitArguments, order: Order): Promise<number> {
  checkOrder(given, order.labels);
  const nodes = [given.device, ...[given.with ?? []].flat()].map((name, i) =>
    locateNode(name, given, i === 0 ? given.tid : undefined),
  );
  const { service, lost, close } = connectNodes(nodes, given);
  try {
    const interrupted = given.action === 'watch' ? [] : [aborted(order.stopped).then(() => EXIT_FAILED)];
    return await Promise.race([perform(service, nodes, given, order), lost, ...interrupted]);
  } catch (error) {
    if (!(error instanceof CircuitError || error instanceof UnreachableError)) throw error;
    console.error(`lightbed: ${error.message}`);
    return EXIT_FAILED;
  } finally {
    await close();
  }
}

/** Before anything is connected. */
function checkOrder({ action, device, write, rate }: CircuitArguments, labels: readonly string[]): void {
  const changes = action === 'create' || action === 'delete';
  if (action !== 'watch' && action !== 'circuits' && !changes)
    throw new UsageError(
      `${action} is for optical switches; a ciena has circuits: circuits, create, delete, watch`,
    );
  const wanted = action === 'create' ? 3 : action === 'delete' ? 1 : 0;
  if (labels.length !== wanted) {
    const forms = ['takes nothing more', 'takes the name of a circuit', '', 'takes NAME PORT NODE/PORT'];
    throw new UsageError(`${action} ${forms[wanted]}: got ${labels.join(' ') || 'nothing'}`);
  }
  if (action === 'create' && rate === undefined) throw new UsageError('create needs --rate, as --rate 1Gb/s');
  if (changes && !write) throw new UsageError(`${action} changes ${device}: nothing is sent without --write`);
}

function connectNodes(
  targets: readonly CircuitNodeTarget[],
  given: CircuitArguments,
): { service: CircuitService; lost: Promise<never>; close(): Promise<void> } {
  const { clock, network } = hostPlatform({ machine: 'lightbed', folder: tmpdir() });
  const own = targets.map((target) => ({
    target,
    credentials: readCredentials(given.credentials ?? target.credentialsFile, process.env),
    first: firstSession(target),
  }));
  const [device] = own;
  // A transcript is of one connection: that of the device itself.
  const tape =
    given.record === undefined || device === undefined
      ? null
      : startRecording(given.record, device.target, device.credentials);
  const nodes = own.map(({ target, credentials, first }, i) => ({
    name: target.tid,
    address: target.address,
    ...{ clock, log: first.log },
    network: (tape !== null && i === 0 ? tape.recording.over(network) : network) as Network,
    login: { ...credentials, isPasswordQuoted: target.isPasswordQuoted },
    sessionTimings: ONE_TRY,
  }));
  const service = open(() => new CienaCircuits({ name: given.device, nodes }));
  const close = async (): Promise<void> => {
    await service.close();
    tape?.close();
  };
  return { service, lost: Promise.race(own.map(({ first }) => first.lost)), close };
}

function open(make: () => CircuitService): CircuitService {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof Tl1CommandError)) throw error;
    throw new UsageError('TL1 cannot carry this user or password as it is: try --quote-password');
  }
}

async function perform(
  service: CircuitService,
  nodes: readonly CircuitNodeTarget[],
  given: CircuitArguments,
  { labels, every, stopped }: Order,
): Promise<number> {
  const [name = '', near = '', far = ''] = labels;
  switch (given.action) {
    case 'circuits':
      return showCircuits(await service.list(), given.json);
    case 'watch':
      await watchCircuits(service, { every, until: stopped, isJson: given.json });
      return EXIT_OK;
    case 'delete':
      return show(await service.delete(name), `delete ${name}`, given);
    default: {
      const ends = [{ node: nodes[0]?.tid ?? '', port: near }, farEnd(far, nodes)] as const;
      const outcome = await service.create({ name, ends, rate: rateOf(given.rate ?? '') });
      return show(outcome, `create ${name}`, given);
    }
  }
}

const show = (outcome: CircuitOutcome, what: string, { json }: CircuitArguments): number =>
  showOutcome(outcome, what, json, 'circuits');

/** `NODE/PORT`; a port alone is one of the device itself. */
function farEnd(text: string, nodes: readonly CircuitNodeTarget[]): CircuitPort {
  const slash = text.indexOf('/');
  const [name, port] = slash < 0 ? [nodes[0]?.name, text] : [text.slice(0, slash), text.slice(slash + 1)];
  const node = nodes.find((each) => each.name === name || each.tid.toLowerCase() === name?.toLowerCase());
  if (node !== undefined) return { node: node.tid, port };
  throw new UsageError(`${text}: name the node ${name} as --with ${name}, or --with ${name}=HOST:PORT`);
}

function rateOf(text: string): BitsPerSecond {
  const parsed = parseQuantity(text, 'rate');
  if (parsed.kind === 'ok' && parsed.value > 0) return parsed.value as BitsPerSecond;
  throw new UsageError(
    `--rate ${text}: expected a rate above 0, with one of the units ${unitsOf('rate').join(', ')}`,
  );
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => signal.addEventListener('abort', () => resolve()));
