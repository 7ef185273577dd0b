// Synchronous events per second of the engine under the hold model (every event schedules one more), against
// std::priority_queue doing the same in alternation: same increments, same callback with a count of its own. A closure's
// counterpart in C++ is a std::function; a bare function pointer with its context, which is cheaper, is shown as well.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Instant } from '../../src/core/time.ts';
import { Engine } from '../../src/engine/engine.ts';
import { hostTurn } from '../../src/host/turn.ts';
import type { BenchFigure, BenchLine } from './line.ts';
import { repositoryPath } from './repository.ts';
import { compare, secondsOf } from './timing.ts';

const MEAN_NS = 1e9;
const INCREMENTS = 4096;
const REPETITIONS = 9;

const CASES = [
  { pending: 100, events: 3_000_000, atLeast: 1 },
  { pending: 10_000, events: 3_000_000, atLeast: 1 },
  { pending: 1_000_000, events: 1_000_000, atLeast: 0.8 },
] as const;

const PEERS = [
  { callback: 'function', name: 'C++ priority_queue of std::function' },
  { callback: 'pointer', name: 'C++ priority_queue of function pointer and context' },
] as const;

export const holdLines: readonly BenchLine[] = CASES.map((size) => ({
  name: `events-${size.pending}-pending`,
  measure: async () => {
    const name = `synchronous events, ${size.pending} pending`;
    const figures = await withPeers((program) => measure(name, size, program));
    return figures ?? [{ kind: 'skipped', name, reason: 'g++ is not there to compile the peer' }];
  },
}));

async function measure(name: string, size: (typeof CASES)[number], program: string): Promise<BenchFigure[]> {
  const { pending, events, atLeast } = size;
  const hold = new Hold(pending);
  await hold.run(2 * pending + events);
  const figures: BenchFigure[] = [];
  for (const peer of PEERS) {
    const { value, reference, ratio } = await compare(
      REPETITIONS,
      async () => events / (await secondsOf(() => hold.run(events))),
      async () => Number(execFileSync(program, [peer.callback, String(pending), String(events)])),
    );
    figures.push({
      kind: 'measured',
      name,
      value,
      unit: 'events/s',
      target: { of: 'ratio', atLeast },
      reference: { kind: 'peer', name: peer.name, value: reference, ratio },
    });
  }
  return figures;
}

/** `pending` processes, each with a callback of its own that schedules itself again. */
class Hold {
  readonly #engine = new Engine({ turn: hostTurn });
  readonly #increments = Float64Array.from(
    { length: INCREMENTS },
    (_, i) => 1 + Math.floor(-Math.log((i + 0.5) / INCREMENTS) * MEAN_NS),
  );
  #drawn = 1;
  #target = 0;

  constructor(pending: number) {
    for (let i = 0; i < pending; i++) this.#startProcess();
  }

  run(events: number): Promise<void> {
    this.#target = this.#engine.eventCount + events;
    return this.#engine.run({
      finished: () => this.#engine.eventCount >= this.#target,
      horizon: Number.MAX_SAFE_INTEGER as Instant,
    });
  }

  #startProcess(): void {
    const process = { fired: 0 };
    const engine = this.#engine;
    const fire = (): void => {
      process.fired++;
      engine.schedule((engine.now() + this.#draw()) as Instant, fire);
    };
    fire();
  }

  #draw(): number {
    this.#drawn = (Math.imul(this.#drawn, 1_664_525) + 1_013_904_223) | 0;
    return (this.#increments[this.#drawn >>> 20] as number) + (this.#drawn & 0xfffff);
  }
}

/** Compiles the peers for as long as `use` takes; null without a compiler. */
async function withPeers<T>(use: (program: string) => Promise<T>): Promise<T | null> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  try {
    const program = join(folder, 'priority-queue');
    const source = repositoryPath('scripts/bench/priority-queue.cpp');
    try {
      execFileSync('g++', ['-O2', '-std=c++17', '-o', program, source], { stdio: 'inherit' });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
      throw error;
    }
    return await use(program);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
