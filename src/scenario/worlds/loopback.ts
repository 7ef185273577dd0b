// The machine's own time and sockets. Each machine of the scenario has an address in 127.0.0.0/8; between any
// two of them stands a relay that lets bytes through as the links between them would. All programs share
// one process, so machines cannot crash here; and a relay delays and stalls a connection but loses nothing.

import { Obstacles } from '../../../emulators/obstacles.ts';
import { relayProgram } from '../../../emulators/relay.ts';
import { assert, defined } from '../../core/assert.ts';
import { type Duration, type Instant, instant, ms } from '../../core/time.ts';
import type { Trace } from '../../engine/trace.ts';
import type { AddressBlock } from '../../host/address-block.ts';
import { hostClock } from '../../host/clock.ts';
import { hostPlatform } from '../../host/platform.ts';
import { hostSha256 } from '../../host/sha256.ts';
import { DataNetwork } from '../../net/data-network.ts';
import type { Extent } from '../../platform/chunk.ts';
import { sliceChunk } from '../../platform/chunk.ts';
import type { Address, Clock, LogValue, Platform, Random } from '../../platform/platform.ts';
import { seededRandom } from '../../platform/seeded-random.ts';
import type { Disturbance } from './disturbance.ts';
import type { MachineOptions, Program, World, WorldOptions } from './world.ts';

/** One octet numbers them. */
const machinesMax = 250;
const filePieceBytes = 4 * 2 ** 20;
/** How often the run looks at its time, for the progress line. */
const pulsePeriod = ms(200);

interface Machine {
  readonly index: number;
  readonly listensAt: readonly number[];
  readonly platform: Platform;
}

export class LoopbackWorld implements World {
  readonly name = 'loopback';
  readonly sha256 = hostSha256;
  readonly random: Random;
  readonly trace: Trace;
  readonly links: DataNetwork;
  readonly clock: Pick<Clock, 'now' | 'timer'>;
  readonly #machines = new Map<string, Machine>();
  readonly #programs: (() => void)[] = [];
  readonly #obstacles: Obstacles;
  readonly #addresses: AddressBlock;
  readonly #folder: string;
  readonly #failed: Promise<never>;
  #fail: (error: unknown) => void = () => {};
  #origin: Instant = hostClock.now();
  #isPlaying = false;
  #end: () => void = () => {};

  /**
   * `folder`: an empty folder for the machines' disks. `addresses`: machine n has 127.<even>.<n>.1, the relay from
   * machine m to machine n has 127.<odd>.<m>.<n>.
   */
  constructor(options: WorldOptions & { readonly folder: string }, addresses: AddressBlock) {
    this.#addresses = addresses;
    this.#folder = options.folder;
    this.trace = options.trace;
    this.random = seededRandom(options.seed);
    this.#obstacles = new Obstacles(this.random.fork('obstacles'));
    this.clock = { now: () => this.#now(), timer: (d, fire) => hostClock.timer(d, fire) };
    this.links = new DataNetwork({ clock: this.clock, convergence: options.convergence });
    this.#failed = new Promise((_, reject) => (this.#fail = reject));
    this.#failed.catch(() => {});
  }

  addMachine(name: string, options: MachineOptions = {}): void {
    const index = this.#machines.size + 1;
    assert(index <= machinesMax, `the loopback world has room for ${machinesMax} machines`);
    const platform = hostPlatform({
      machine: name,
      folder: `${this.#folder}/${name}`,
      bind: this.#addressOf(index),
      resolve: (to) => this.#resolve(name, to),
      nameOf: (host) => this.#nameOf(host),
      random: this.random.fork(name),
      record: (at, where, kind, fields) => this.trace.record(this.#sinceStart(at), where, kind, fields),
    });
    this.#machines.set(name, { index, listensAt: options.listensAt ?? [], platform });
  }

  async prepareFile(machine: string, name: string, content: Extent): Promise<void> {
    const file = await this.#machine(machine).platform.store.open(name, 'create');
    for (let at = 0; at < content.length; at += filePieceBytes) {
      await file.write(at, sliceChunk(content, at, Math.min(content.length, at + filePieceBytes)));
    }
    await file.close();
  }

  boot(machine: string, program: Program): void {
    if (this.#isPlaying) this.start(machine, program);
    else this.#programs.push(() => this.start(machine, program));
  }

  start(machine: string, task: Program): void {
    task(this.#machine(machine).platform).catch(this.#fail);
  }

  crash(machine: string): void {
    this.#fail(new Error(`${machine} cannot crash in the loopback world: its machines share one process`));
  }

  restart(machine: string): void {
    this.crash(machine);
  }

  watch(machine: string): { cancel(): void } {
    this.crash(machine);
    return { cancel: () => {} };
  }

  resetConnections(): void {
    this.#fail(new Error('nothing on the way resets connections in the loopback world'));
  }

  /** A loss of everything holds the bytes back; any other loss, and doubles, are refused before the run (`check-world.ts`). */
  disturb({ concerns, loss, duplicates, delay, jitter }: Disturbance): { remove(): void } {
    assert((loss === 0 || loss === 1) && duplicates === 0, 'a relay loses and doubles nothing');
    return this.#obstacles.add({ concerns, isClosed: loss === 1, delay, jitter });
  }

  stepClock(machine: string): void {
    this.#fail(new Error(`the calendar of ${machine} is this machine's own, and cannot jump`));
  }

  record(kind: string, fields: { readonly [key: string]: LogValue }): void {
    this.trace.record(this.#now(), 'world', kind, fields);
  }

  async play(duration: Duration, pulse: (now: Instant) => void): Promise<void> {
    this.#startRelays();
    for (const start of this.#programs) start();
    this.#isPlaying = true;
    const ended = new Promise<void>((resolve) => {
      this.#end = resolve;
      hostClock.timer(duration, resolve);
    });
    const tick = (): void => {
      pulse(this.#now());
      if (this.#now() < duration) hostClock.timer(pulsePeriod, tick);
    };
    tick();
    await Promise.race([ended, this.#failed]);
  }

  end(): void {
    this.#end();
  }

  /** Restarts the run's clock: what comes before `play` takes no time. */
  begin(): void {
    this.#origin = hostClock.now();
  }

  #now(): Instant {
    return this.#sinceStart(hostClock.now());
  }

  #sinceStart(at: Instant): Instant {
    return instant(Math.max(0, at - this.#origin));
  }

  #machine(name: string): Machine {
    return defined(this.#machines.get(name), `machine ${name}`);
  }

  #resolve(from: string, to: Address): { host: string; port: number } {
    const source = this.#machine(from).index;
    const target = this.#machine(to.machine).index;
    const host = source === target ? this.#addressOf(target) : this.#relayOf(source, target);
    return { host, port: to.tcpPort };
  }

  /** A connection that comes from the relay between two machines comes from the first of them. */
  #nameOf(host: string): string | undefined {
    const [, kind, index] = host.split('.').map(Number);
    const entry = [...this.#machines].find(([, machine]) => machine.index === index);
    return kind === this.#addresses.even || kind === this.#addresses.odd ? entry?.[0] : undefined;
  }

  #addressOf(machine: number): string {
    return `127.${this.#addresses.even}.${machine}.1`;
  }

  #relayOf(from: number, to: number): string {
    return `127.${this.#addresses.odd}.${from}.${to}`;
  }

  #startRelays(): void {
    for (const [to, target] of this.#machines) {
      for (const [from, source] of this.#machines) {
        if (from === to || !this.#areLinked(from, to)) continue;
        for (const tcpPort of target.listensAt)
          this.#startRelay(from, source.index, to, target.index, tcpPort);
      }
    }
  }

  /** Whether packets may ever go from one to the other: now, or once a link of theirs is up. */
  #areLinked(from: string, to: string): boolean {
    const isBetween = this.links.links().some((l) => [l.a, l.b].includes(from) && [l.a, l.b].includes(to));
    return isBetween || this.links.route(from, to) !== null;
  }

  #startRelay(from: string, source: number, to: string, target: number, tcpPort: number): void {
    const platform = hostPlatform({
      machine: `relay-${from}-${to}`,
      folder: `${this.#folder}/relays`,
      bind: this.#relayOf(source, target),
      resolve: () => ({ host: this.#addressOf(target), port: tcpPort }),
    });
    const onward = { machine: to, tcpPort };
    const { links: data } = this;
    const obstacles = this.#obstacles;
    relayProgram(platform, { tcpPort, onward, from, to, data, obstacles }).catch(this.#fail);
  }
}
