// Synchronous events per second of the engine under the hold model (every event schedules one more), against
// std::priority_queue doing the same: same increments, same callback with its own context, in alternation.

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

export const holdLines: readonly BenchLine[] = CASES.map(({ pending, events, atLeast }) => ({
  name: `events-${pending}-pending`,
  measure: async () => {
    const name = `synchronous events, ${pending} pending`;
    const figure = await withPeer((peer) => measure(name, pending, events, atLeast, peer));
    return [figure ?? { kind: 'skipped', name, reason: 'g++ is not there to compile the peer' }];
  },
}));

async function measure(
  name: string,
  pending: number,
  events: number,
  atLeast: number,
  peer: string,
): Promise<BenchFigure> {
  const hold = new Hold(pending);
  await hold.run(2 * pending + events);
  const { value, reference, ratio } = await compare(
    REPETITIONS,
    async () => events / (await secondsOf(() => hold.run(events))),
    async () => Number(execFileSync(peer, [String(pending), String(events)], { encoding: 'utf8' })),
  );
  return {
    kind: 'measured',
    name,
    value,
    unit: 'events/s',
    target: { of: 'ratio', atLeast },
    reference: { kind: 'peer', name: 'C++ std::priority_queue', value: reference, ratio },
  };
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

/** Compiles the peer for as long as `use` takes; null without a compiler. */
async function withPeer<T>(use: (peer: string) => Promise<T>): Promise<T | null> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  try {
    const peer = join(folder, 'priority-queue');
    const source = repositoryPath('scripts/bench/priority-queue.cpp');
    try {
      execFileSync('g++', ['-O2', '-o', peer, source], { stdio: 'inherit' });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
      throw error;
    }
    return await use(peer);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
