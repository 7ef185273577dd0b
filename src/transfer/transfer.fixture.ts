// Two machines on one long link of the virtual world, a transfer between them, and what was recorded of it.

import { bitsPerSecond, bytes, bytesPerSecond } from '../core/quantity.ts';
import { type Duration, instant, ms, seconds } from '../core/time.ts';
import { Engine } from '../engine/engine.ts';
import { Trace } from '../engine/trace.ts';
import { hostTurn } from '../host/turn.ts';
import { DataNetwork } from '../net/data-network.ts';
import type { Platform } from '../platform/platform.ts';
import { worldClock } from '../sim/clock.ts';
import { DEFAULT_DISK, type DiskModel } from '../sim/disk.ts';
import type { VirtualMachine } from '../sim/machine.ts';
import { seededRandom } from '../sim/random.ts';
import { VirtualWorld } from '../sim/world.ts';
import { Meter } from './meter.ts';
import { type ReceiveEnd, type ReceiverOptions, receiverProgram } from './receiver.ts';
import { type SendOptions, send, type TransferResult } from './sender.ts';

export const MIB = 2 ** 20;
/** FDT's default. */
const TCP_PORT = 54321;

export interface Bench {
  readonly engine: Engine;
  readonly world: VirtualWorld;
  readonly network: DataNetwork;
  readonly trace: Trace;
  readonly sender: VirtualMachine;
  readonly receiver: VirtualMachine;
  readonly meter: Meter;
  /** What the receiver told of each session's end. */
  readonly ends: ReceiveEnd[];
  /** Starts the receiver, wrapped as the test wants its platform. */
  receive(options?: Partial<ReceiverOptions>, wrap?: (platform: Platform) => Platform): void;
  /** Runs the transfer to its end. */
  send(options: Partial<SendOptions>, wrap?: (platform: Platform) => Platform): Promise<TransferResult>;
  at(time: Duration, act: () => void): void;
  /** Fields of all records of one kind. */
  records(kind: string): { readonly [key: string]: unknown }[];
}

export interface BenchOptions {
  readonly delay?: Duration;
  readonly disk?: Partial<DiskModel>;
  readonly horizon?: Duration;
}

export function newBench(options: BenchOptions = {}): Bench {
  const engine: Engine = new Engine({ turn: hostTurn, waits: () => world.waits.list() });
  const trace = new Trace();
  const network = new DataNetwork({ clock: worldClock(engine), convergence: ms(10) });
  const world = new VirtualWorld({ engine, network, random: seededRandom('transfer'), trace });
  for (const name of ['sender', 'receiver']) network.addNode(name);
  network.addLink({
    ...{ id: 'line', a: 'sender', b: 'receiver', loss: 0, mtu: bytes(9000), isUp: true },
    ...{ capacity: bitsPerSecond(10e9), delay: options.delay ?? ms(80), queue: bytes(64 * MIB) },
  });
  const disk = { ...DEFAULT_DISK, ...options.disk };
  const sender = world.machine('sender', { disk });
  const receiver = world.machine('receiver', { disk });
  const meter = new Meter();
  const ends: ReceiveEnd[] = [];
  const horizon = instant(options.horizon ?? seconds(3600));
  return {
    ...{ engine, world, network, trace, sender, receiver, meter, ends },
    receive: (given = {}, wrap = (platform) => platform) =>
      receiver.boot((platform) =>
        receiverProgram(wrap(platform), {
          ...{ tcpPort: TCP_PORT, folder: 'in', meter, onEnd: (end: ReceiveEnd) => void ends.push(end) },
          ...given,
        }),
      ),
    send: async (given, wrap = (platform) => platform) => {
      let result: TransferResult | null = null;
      const to = { machine: 'receiver', tcpPort: TCP_PORT };
      sender
        .run((platform) => send(wrap(platform), { transfer: 't', to, files: ['file'], ...given }))
        .then(
          (value) => {
            result = value;
          },
          (error) => engine.stop(error),
        );
      await engine.run({ finished: () => result !== null, horizon });
      return result ?? { kind: 'failed', reason: 'the horizon came first' };
    },
    at: (time, act) => void engine.schedule(instant(time), act),
    records: (kind) => trace.records.filter((r) => r.kind === kind).map((r) => r.fields),
  };
}

/** A disk that does so many bytes a second, either way. */
export const diskOf = (rate: number): Partial<DiskModel> => ({
  readRate: bytesPerSecond(rate),
  writeRate: bytesPerSecond(rate),
});
