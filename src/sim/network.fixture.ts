// A small virtual network for tests: machines, links between them, and an engine that runs until a task is done.

import { bitsPerSecond, bytes } from '../core/quantity.ts';
import { type Duration, type Instant, ms, seconds } from '../core/time.ts';
import { Engine } from '../engine/engine.ts';
import { hostTurn } from '../host/turn.ts';
import { type DataLinkOptions, DataNetwork } from '../net/data-network.ts';
import type { Connection, Network } from '../platform/platform.ts';
import { seededRandom } from '../platform/seeded-random.ts';
import { type MachineSockets, VirtualNetwork } from './network.ts';
import { PacketRules } from './packet-rule.ts';
import { StepWatch } from './step-watch.ts';
import type { TcpOptions } from './tcp-options.ts';
import { WaitTable } from './wait-table.ts';

export interface NetworkFixture {
  readonly engine: Engine;
  readonly data: DataNetwork;
  readonly network: VirtualNetwork;
  readonly rules: PacketRules;
  readonly waits: WaitTable;
  readonly sockets: Map<string, MachineSockets>;
  of(machine: string): Network;
  sleep(d: Duration): Promise<void>;
  at(time: Duration, act: () => void): void;
  /** Runs the engine until `task` is done; rejects as it does, or when an hour of its time has passed. */
  run<T>(task: () => Promise<T>): Promise<T>;
}

export type FixtureLink = Partial<Omit<DataLinkOptions, 'a' | 'b'>>;

/** 10 Gb/s, 1 ms one way, room for 1 MB, no loss, MTU 1500. */
export const LINK: Omit<DataLinkOptions, 'id' | 'a' | 'b'> = {
  capacity: bitsPerSecond(10e9),
  delay: ms(1),
  queue: bytes(1e6),
  loss: 0,
  mtu: bytes(1500),
  isUp: true,
};

/** `links`: keys are `a-b`; nodes whose names are a single letter from r on are routers, not machines. */
export function networkFixture(
  links: { readonly [ends: string]: FixtureLink },
  options: { seed?: string; tcp?: Partial<TcpOptions>; convergence?: Duration } = {},
): NetworkFixture {
  const waits = new WaitTable();
  const engine = new Engine({ turn: hostTurn, waits: () => waits.list() });
  const clock = {
    now: () => engine.now(),
    timer: (d: Duration, fire: () => void) => {
      const handle = engine.schedule((engine.now() + d) as Instant, fire);
      return { cancel: () => void engine.cancel(handle) };
    },
  };
  const data = new DataNetwork({ clock, convergence: options.convergence ?? ms(50) });
  const rules = new PacketRules();
  const random = seededRandom(options.seed ?? 'fixture');
  const nodes = new Set<string>();
  for (const [ends, link] of Object.entries(links)) {
    const [a = '', b = ''] = ends.split('-');
    for (const node of [a, b]) {
      if (!nodes.has(node)) data.addNode(node);
      nodes.add(node);
    }
    data.addLink({ id: ends, a, b, ...LINK, ...link });
  }
  const network = new VirtualNetwork({
    engine,
    data,
    random,
    rules,
    waits,
    ...(options.tcp && { tcp: options.tcp }),
  });
  const sockets = new Map<string, MachineSockets>();
  for (const node of nodes)
    if (!/^[r-z]$/.test(node)) sockets.set(node, network.attach(node, new StepWatch()));
  const at = (time: Duration, act: () => void): void => {
    engine.schedule(time as number as Instant, act);
  };
  return {
    engine,
    data,
    network,
    rules,
    waits,
    sockets,
    of: (machine) => (sockets.get(machine) as MachineSockets).network,
    sleep: (d) =>
      new Promise((resolve) => {
        at((engine.now() + d) as Duration, () => {
          engine.woke();
          resolve();
        });
      }),
    at,
    run: (task) => runTask(engine, task),
  };
}

async function runTask<T>(engine: Engine, task: () => Promise<T>): Promise<T> {
  let isDone = false;
  const result = task().finally(() => {
    isDone = true;
  });
  result.catch(() => {});
  const horizon = (engine.now() + seconds(3600)) as Instant;
  await engine.run({ finished: () => isDone, horizon });
  if (!isDone) throw new Error('the task was not done within an hour of its time');
  return result;
}

/** A connection from machine a to machine b, both its sides. */
export async function connected(
  fixture: NetworkFixture,
  a: string,
  b: string,
  tcpPort = 5000,
): Promise<{ client: Connection; server: Connection }> {
  let accepted: (connection: Connection) => void = () => {};
  const server = new Promise<Connection>((resolve) => {
    accepted = resolve;
  });
  const listener = await fixture.of(b).listen(tcpPort, accepted);
  const client = await fixture.of(a).connect({ machine: b, tcpPort });
  const both = { client, server: await server };
  await listener.close();
  return both;
}

/** Reads to the end; how many bytes came. */
export async function drain(connection: Connection): Promise<number> {
  let count = 0;
  for (let chunk = await connection.read(); chunk !== null; chunk = await connection.read())
    count += chunk.length;
  return count;
}
