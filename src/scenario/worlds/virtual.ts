// Virtual time: machines, disks, sockets and light under one engine. While a run is under way the ambient
// clocks and randomness of this process throw, so that nothing of it can depend on the day.

import { defined } from '../../core/assert.ts';
import { bytesPerSecond } from '../../core/quantity.ts';
import { after, type Duration, EPOCH, type Instant, ns } from '../../core/time.ts';
import { Engine } from '../../engine/engine.ts';
import { guardAmbient } from '../../engine/guard.ts';
import type { Trace } from '../../engine/trace.ts';
import { hostTurn } from '../../host/turn.ts';
import { DataNetwork } from '../../net/data-network.ts';
import type { Extent } from '../../platform/chunk.ts';
import type { Clock, LogValue, Random } from '../../platform/platform.ts';
import { seededRandom } from '../../platform/seeded-random.ts';
import { worldClock } from '../../sim/clock.ts';
import { DEFAULT_DISK } from '../../sim/disk.ts';
import type { VirtualMachine } from '../../sim/machine.ts';
import type { Step } from '../../sim/step-watch.ts';
import { VirtualWorld } from '../../sim/world.ts';
import { portableSha256 } from '../../transfer/checksum.ts';
import type { Scenario } from '../schema.ts';
import { type Disturbance, packetRule } from './disturbance.ts';
import type { MachineOptions, Program, World, WorldOptions } from './world.ts';

/** Calendars of machines that keep time by NTP over a wide-area network: tens of ms, tens of ppm (inferred). */
const calendarOffsetMaxNs = 50e6;
const calendarDriftMax = 20e-6;

export class VirtualRunWorld implements World {
  readonly name = 'virtual';
  readonly sha256 = portableSha256;
  readonly clock: Pick<Clock, 'now' | 'timer'>;
  readonly links: DataNetwork;
  readonly random: Random;
  readonly trace: Trace;
  readonly #engine: Engine;
  readonly #world: VirtualWorld;
  readonly #machines = new Map<string, VirtualMachine>();
  /** So far; each draws from a stream of its own. */
  #disturbances = 0;

  constructor(options: WorldOptions & { readonly scenario: Pick<Scenario, 'network'> }) {
    const { trace, seed, convergence, scenario } = options;
    this.trace = trace;
    this.random = seededRandom(seed);
    this.#engine = new Engine({
      turn: hostTurn,
      waits: () => this.#world.waits.list(),
      ...(options.isPermuted === true ? { permute: this.random.fork('order') } : {}),
    });
    this.clock = worldClock(this.#engine);
    this.links = new DataNetwork({ clock: this.clock, convergence });
    const { congestionControl, sendBuffer, receiveBuffer } = scenario.network;
    this.#world = new VirtualWorld({
      engine: this.#engine,
      network: this.links,
      random: this.random,
      trace,
      tcp: { congestion: congestionControl, sendBuffer, receiveBuffer },
    });
  }

  /** Events that the engine has called so far. */
  get eventCount(): number {
    return this.#engine.eventCount;
  }

  addMachine(name: string, options: MachineOptions = {}): void {
    const random = this.random.fork(`calendar/${name}`);
    const disk = options.disk;
    const rates =
      disk === undefined
        ? {}
        : { readRate: bytesPerSecond(disk.read), writeRate: bytesPerSecond(disk.write) };
    const machine = this.#world.machine(name, {
      disk: { ...DEFAULT_DISK, ...rates },
      clockOffset: Math.round((random.next() * 2 - 1) * calendarOffsetMaxNs),
      clockDrift: (random.next() * 2 - 1) * calendarDriftMax,
    });
    this.#machines.set(name, machine);
  }

  async prepareFile(machine: string, name: string, content: Extent): Promise<void> {
    this.#machine(machine).disk.place(name, content);
  }

  boot(machine: string, program: Program): void {
    this.#machine(machine).boot(program);
  }

  start(machine: string, task: Program): void {
    const target = this.#machine(machine);
    if (!target.isUp) return;
    target.run(task).catch((error: unknown) => this.#engine.stop(asError(error)));
  }

  crash(machine: string, how: Parameters<World['crash']>[1]): void {
    this.#machine(machine).crash(how);
  }

  restart(machine: string): void {
    this.#machine(machine).restart();
  }

  watch(machine: string, step: Step, skip: number, reached: () => void): { cancel(): void } {
    return this.#machine(machine).watch(step, skip, reached);
  }

  resetConnections(concerns: (from: string, to: string) => boolean): void {
    this.#world.network.resetConnections(concerns);
  }

  disturb(disturbance: Disturbance): { remove(): void } {
    const random = this.random.fork(`disturbance/${++this.#disturbances}`);
    return this.#world.addPacketRule(packetRule(disturbance, random));
  }

  stepClock(machine: string, byNs: number): void {
    this.#machine(machine).stepCalendar(byNs);
  }

  record(kind: string, fields: { readonly [key: string]: LogValue }): void {
    this.trace.record(this.#engine.now(), 'world', kind, fields);
  }

  begin(): void {
    // Virtual time stands still until `play`.
  }

  async play(duration: Duration, pulse: (now: Instant) => void): Promise<void> {
    const end = after(EPOCH, duration);
    let isOver = false;
    this.#engine.schedule(end, () => {
      isOver = true;
    });
    const release = guardAmbient();
    try {
      await this.#engine.run({ finished: () => isOver, horizon: after(end, ns(1)) }, pulse);
    } finally {
      release();
    }
  }

  end(): void {
    this.#engine.stop();
  }

  #machine(name: string): VirtualMachine {
    return defined(this.#machines.get(name), `machine ${name}`);
  }
}

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));
