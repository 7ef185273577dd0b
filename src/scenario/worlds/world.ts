// What a run needs of the world it happens in: machines to put programs on, a network of links between
// them, a clock for the timeline, and a trace. `build.ts` fills a world; only here is it known which one.

import type { Duration, Instant } from '../../core/time.ts';
import type { Trace } from '../../engine/trace.ts';
import type { DataNetwork } from '../../net/data-network.ts';
import type { Extent } from '../../platform/chunk.ts';
import type { Clock, LogValue, Platform, Random } from '../../platform/platform.ts';
import type { Step } from '../../sim/step-watch.ts';
import type { Sha256 } from '../../transfer/checksum.ts';
import type { CrashAction } from '../schema-timeline.ts';
import type { Disturbance } from './disturbance.ts';

export type Program = (platform: Platform) => Promise<void>;

export interface World {
  readonly name: WorldName;
  /** The run's own clock: 0 at the start of the run. */
  readonly clock: Pick<Clock, 'now' | 'timer'>;
  readonly links: DataNetwork;
  readonly random: Random;
  readonly trace: Trace;
  /** For checksums over real bytes. */
  readonly sha256: Sha256;
  /** Makes sure that a machine of that name exists; its node must be in `links`. */
  addMachine(name: string, options?: MachineOptions): void;
  /** Puts a synthetic file on a machine's disk before the run. */
  prepareFile(machine: string, name: string, content: Extent): Promise<void>;
  /** Starts a program on the machine, again after each restart. */
  boot(machine: string, program: Program): void;
  /** Runs a task on the machine, once. A task that fails stops the run. */
  start(machine: string, task: Program): void;
  crash(machine: string, how: Pick<CrashAction, 'sockets' | 'disk'>): void;
  restart(machine: string): void;
  /** Calls `reached` once, when a program of the machine takes a step of that kind after `skip` others. */
  watch(machine: string, step: Step, skip: number, reached: () => void): { cancel(): void };
  /** Something on the way resets the connections between these machines; what was under way is lost. */
  resetConnections(concerns: (from: string, to: string) => boolean): void;
  /** Packets fare so from now on, until the handle removes it. */
  disturb(disturbance: Disturbance): { remove(): void };
  /** A machine's calendar jumps by so many ns. */
  stepClock(machine: string, byNs: number): void;
  /** Records what no program of the run can see: cuts, mirrors, light, links. */
  record(kind: string, fields: { readonly [key: string]: LogValue }): void;
  /** The run's time starts now: what was prepared before took none of it. */
  begin(): void;
  /** Lets time pass until `duration`, or until a program fails. `pulse` is called now and then with the run's time. */
  play(duration: Duration, pulse: (now: Instant) => void): Promise<void>;
  /** Ends `play` before its time: nothing else happens. */
  end(): void;
}

export const WORLD_NAMES = ['virtual', 'loopback'] as const;
export type WorldName = (typeof WORLD_NAMES)[number];

export interface MachineOptions {
  readonly disk?: { readonly read: number; readonly write: number };
  /** TCP ports at which other machines of the run reach this one. */
  readonly listensAt?: readonly number[];
}

export interface WorldOptions {
  readonly seed: string;
  readonly convergence: Duration;
  readonly trace: Trace;
  /** Whether events of equal time come in an order that the seed decides, where the world can. */
  readonly isPermuted?: boolean;
}
