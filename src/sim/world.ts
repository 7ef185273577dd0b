// The virtual world: simulated machines on a data network, under one engine. It owns what they share, and
// forks the run's randomness by name so that one more machine shifts nobody else's.

import { assert } from '../core/assert.ts';
import { ns } from '../core/time.ts';
import type { Engine } from '../engine/engine.ts';
import type { Trace } from '../engine/trace.ts';
import type { DataNetwork } from '../net/data-network.ts';
import type { Clock, Random } from '../platform/platform.ts';
import { worldClock } from './clock.ts';
import { DEFAULT_DISK, Disk, type DiskModel } from './disk.ts';
import { VirtualMachine } from './machine.ts';
import { VirtualNetwork } from './network.ts';
import { type PacketRule, PacketRules } from './packet-rule.ts';
import type { TcpOptions } from './tcp-options.ts';
import { WaitTable } from './wait-table.ts';

/** A machine's monotonic clock starts anywhere within a day: nobody may compare two of them. */
const ORIGIN_NS_MAX = 24 * 3600e9;

export interface MachineOptions {
  readonly disk?: DiskModel;
  /** ns that its calendar is ahead of the right one; negative for behind. */
  readonly clockOffset?: number;
  /** ns that its calendar gains per ns. */
  readonly clockDrift?: number;
}

export class VirtualWorld {
  /** What is pending on which machine, for the engine's deadlock error. */
  readonly waits = new WaitTable();
  /** The world's own time; it wakes programs that listen to what it does. */
  readonly clock: Pick<Clock, 'now' | 'timer'>;
  /** For samplers of the world's side, which see flows as no program can. */
  readonly network: VirtualNetwork;
  readonly #engine: Engine;
  readonly #trace: Trace;
  readonly #random: Random;
  readonly #rules = new PacketRules();
  readonly #machines = new Map<string, VirtualMachine>();

  constructor(options: {
    engine: Engine;
    network: DataNetwork;
    random: Random;
    trace: Trace;
    /** Of every machine; what is not said is as on a tuned host. */
    tcp?: Partial<TcpOptions>;
  }) {
    const { engine, random, trace } = options;
    this.clock = worldClock(engine);
    this.#engine = engine;
    this.#trace = trace;
    this.#random = random;
    this.network = new VirtualNetwork({
      engine,
      data: options.network,
      random: random.fork('network'),
      rules: this.#rules,
      waits: this.waits,
      ...(options.tcp === undefined ? {} : { tcp: options.tcp }),
    });
  }

  /** Adds a machine and switches it on. `name` is a node of the data network. */
  machine(name: string, options: MachineOptions = {}): VirtualMachine {
    assert(!this.#machines.has(name), () => `there are two machines ${name}`);
    const random = this.#random.fork(`machine/${name}`);
    const machine = new VirtualMachine({
      name,
      engine: this.#engine,
      network: this.network,
      trace: this.#trace,
      waits: this.waits,
      random,
      disk: new Disk(this.#engine, random.fork('disk'), options.disk ?? DEFAULT_DISK),
      clockError: {
        origin: ns(random.fork('clock').integer(ORIGIN_NS_MAX)),
        offsetNs: options.clockOffset ?? 0,
        drift: options.clockDrift ?? 0,
      },
    });
    this.#machines.set(name, machine);
    return machine;
  }

  /** The rule judges every packet from now on, until it is removed. */
  addPacketRule(rule: PacketRule): { remove(): void } {
    return this.#rules.add(rule);
  }
}
