// A small virtual world for tests: machines in a row of links, under a guarded engine, with a body that drives them.

import type { BitsPerSecond, Bytes } from '../core/quantity.ts';
import { type Duration, type Instant, instant, ms, seconds } from '../core/time.ts';
import { Engine } from '../engine/engine.ts';
import { guardAmbient } from '../engine/guard.ts';
import { Trace } from '../engine/trace.ts';
import { hostTurn } from '../host/turn.ts';
import { DataNetwork } from '../net/data-network.ts';
import { worldClock } from './clock.ts';
import { seededRandom } from './random.ts';
import { VirtualWorld } from './world.ts';

export interface SmallWorld {
  readonly engine: Engine;
  readonly data: DataNetwork;
  readonly world: VirtualWorld;
  readonly trace: Trace;
  /** Runs the world until `body` settles; rejects with what it rejects with, or what stopped the run. */
  drive(body: () => Promise<void>, horizon?: Instant): Promise<void>;
}

export interface SmallWorldOptions {
  /** Nodes of the data network, each linked to the next. */
  readonly nodes: readonly string[];
  readonly seed?: string;
  /** One way, of each link. */
  readonly delay?: Duration;
  /** Whether events of equal time come in an order of the seed's. */
  readonly isPermuted?: boolean;
}

export function smallWorld(options: SmallWorldOptions): SmallWorld {
  const random = seededRandom(options.seed ?? '1');
  const engine: Engine = new Engine({
    turn: hostTurn,
    waits: () => world.waits.list(),
    ...(options.isPermuted && { permute: random.fork('order') }),
  });
  const data = new DataNetwork({ clock: worldClock(engine), convergence: ms(50) });
  for (const node of options.nodes) data.addNode(node);
  for (let i = 1; i < options.nodes.length; i++) {
    data.addLink({
      id: `link-${i}`,
      a: options.nodes[i - 1] as string,
      b: options.nodes[i] as string,
      capacity: 10e9 as BitsPerSecond,
      delay: options.delay ?? ms(0.1),
      queue: 2_000_000 as Bytes,
      loss: 0,
      mtu: 9000 as Bytes,
      isUp: true,
    });
  }
  const trace = new Trace();
  const world = new VirtualWorld({ engine, network: data, random, trace });
  return { engine, data, world, trace, drive: (body, horizon) => drive(engine, body, horizon) };
}

async function drive(engine: Engine, body: () => Promise<void>, horizon: Instant = HORIZON): Promise<void> {
  const release = guardAmbient();
  let isFinished = false;
  const work = async (): Promise<void> => body();
  work().then(
    () => {
      isFinished = true;
    },
    (error: unknown) => engine.stop(error instanceof Error ? error : new Error(String(error))),
  );
  try {
    await engine.run({ finished: () => isFinished, horizon });
    if (!isFinished) throw new Error(`the body had not ended by ${horizon} ns`);
  } finally {
    release();
  }
}

const HORIZON = instant(seconds(3600));
