// One simulated machine: its programs, its disk, its clocks, and its boots. A crash stops it at an instant:
// nothing of the old boot runs or settles again; a restart runs its programs anew on what the disk still holds.

import { assert } from '../core/assert.ts';
import type { Engine } from '../engine/engine.ts';
import type { Trace } from '../engine/trace.ts';
import type { Platform, Random } from '../platform/platform.ts';
import { Boot } from './boot.ts';
import { type ClockError, VirtualClock } from './clock.ts';
import type { Disk } from './disk.ts';
import { ProgramError } from './errors.ts';
import { virtualLog } from './log.ts';
import type { MachineSockets, VirtualNetwork } from './network.ts';
import { type Step, StepWatch } from './step-watch.ts';
import { VirtualStore } from './store.ts';
import type { WaitTable } from './wait-table.ts';

export type Program = (platform: Platform) => Promise<void>;

export interface CrashOptions {
  readonly sockets?: 'silent' | 'reset';
  readonly disk?: 'kept' | 'lost';
}

export interface MachineParts {
  readonly name: string;
  readonly engine: Engine;
  readonly network: VirtualNetwork;
  readonly trace: Trace;
  readonly waits: WaitTable;
  readonly random: Random;
  readonly disk: Disk;
  readonly clockError: ClockError;
}

export class VirtualMachine {
  readonly name: string;
  readonly disk: Disk;
  readonly #parts: MachineParts;
  readonly #steps = new StepWatch();
  readonly #programs: { readonly name: string; readonly program: Program }[] = [];
  #boot: Boot;
  #sockets: MachineSockets;
  #platform: Platform;

  constructor(parts: MachineParts) {
    this.name = parts.name;
    this.disk = parts.disk;
    this.#parts = parts;
    this.#boot = new Boot(parts.name, 0);
    this.#sockets = parts.network.attach(parts.name, this.#steps);
    this.#platform = this.#newPlatform();
  }

  get isUp(): boolean {
    return this.#boot.isAlive;
  }

  /** Of the current boot; of the last one while the machine is down. */
  get platform(): Platform {
    return this.#platform;
  }

  /** Starts a program now, and again after each restart. One that throws stops the run. */
  boot(program: Program, name = program.name || `program ${this.#programs.length + 1}`): void {
    this.#programs.push({ name, program });
    if (this.isUp) this.#start(name, program);
  }

  /** Runs a task now, once. Settles as it does; never, if the machine crashes first. The machine is up. */
  run<T>(task: (platform: Platform) => Promise<T>): Promise<T> {
    assert(this.isUp, () => `${this.name} is down: it runs nothing`);
    return new Promise((resolve, reject) => {
      this.#launch(task, resolve, reject);
    });
  }

  /**
   * `silent`: peers of its connections find out by their own time limits. `reset`: they see a reset. `lost`: it comes back
   * with an empty disk. Does nothing when it is down.
   */
  crash({ sockets = 'silent', disk = 'kept' }: CrashOptions = {}): void {
    if (!this.isUp) return;
    this.#boot.end();
    this.#sockets.crash(sockets);
    this.#parts.waits.removeAll(this.name);
    this.disk.crash();
    if (disk === 'lost') this.disk.clear();
    this.#record('machine.crashed', disk === 'lost' ? { disk } : {});
  }

  /** Calls `reached` once, within the step of its programs that comes after `skip` others of that kind. */
  watch(step: Step, skip: number, reached: () => void): { cancel(): void } {
    return this.#steps.watch(step, skip, reached);
  }

  /** Its calendar jumps by so many ns, for good. */
  stepCalendar(byNs: number): void {
    this.#parts.clockError.offsetNs += byNs;
  }

  /** Does nothing when it is up. */
  restart(): void {
    if (this.isUp) return;
    this.#boot = new Boot(this.name, this.#boot.number + 1);
    this.#sockets = this.#parts.network.attach(this.name, this.#steps);
    this.#platform = this.#newPlatform();
    this.#record('machine.restarted');
    for (const { name, program } of this.#programs) this.#start(name, program);
  }

  #start(name: string, program: Program): void {
    this.#launch(
      program,
      () => {},
      (error) => this.#parts.engine.stop(new ProgramError(this.name, name, error)),
    );
  }

  /** Each task starts in an event of its own; how it ends is told only while its boot lives. */
  #launch<T>(
    task: (platform: Platform) => Promise<T>,
    done: (value: T) => void,
    failed: (error: unknown) => void,
  ): void {
    const { engine } = this.#parts;
    const boot = this.#boot;
    const platform = this.#platform;
    const live = async (): Promise<T> => task(platform);
    engine.schedule(engine.now(), () => {
      if (!boot.isAlive) return;
      engine.woke();
      live().then(
        (value) => boot.isAlive && done(value),
        (error: unknown) => boot.isAlive && failed(error),
      );
    });
  }

  #newPlatform(): Platform {
    const { engine, waits, random, trace } = this.#parts;
    const boot = this.#boot;
    return {
      machine: this.name,
      clock: new VirtualClock(engine, waits, boot, this.#parts.clockError),
      network: this.#sockets.network,
      store: new VirtualStore(boot, this.disk, this.#steps),
      // Every boot draws anew: an identifier drawn before a crash must not come again after it.
      random: random.fork(`boot/${boot.number}`),
      log: virtualLog(engine, trace, boot),
    };
  }

  #record(kind: string, more: { readonly [key: string]: string } = {}): void {
    this.#parts.trace.record(this.#parts.engine.now(), this.name, kind, { machine: this.name, ...more });
  }
}
