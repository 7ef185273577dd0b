// Asynchronous wake-ups per second: processes that each await a sleep which an event resolves. The limit is what
// the machine's turn alone can do: one promise resolved and awaited per turn, without queue or engine.

import type { Instant } from '../../src/core/time.ts';
import { Engine } from '../../src/engine/engine.ts';
import { hostTurn } from '../../src/host/turn.ts';
import type { BenchFigure, BenchLine } from './line.ts';
import { compare, secondsOf } from './timing.ts';

const WAKES = 1_000_000;
const REPETITIONS = 7;

const CASES = [
  { processes: 100, atLeast: 1.2e6 },
  { processes: 10_000, atLeast: 0.8e6 },
] as const;

export const wakeLines: readonly BenchLine[] = CASES.map(({ processes, atLeast }) => ({
  name: `wakes-${processes}-processes`,
  measure: async () => [await measure(processes, atLeast)],
}));

async function measure(processes: number, atLeast: number): Promise<BenchFigure> {
  const sleepers = new Sleepers(processes);
  await sleepers.run(WAKES);
  const { value, reference, ratio } = await compare(
    REPETITIONS,
    async () => WAKES / (await secondsOf(() => sleepers.run(WAKES))),
    async () => WAKES / (await secondsOf(() => bareTurns(WAKES))),
  );
  return {
    kind: 'measured',
    name: `asynchronous wake-ups, ${processes} processes`,
    value,
    unit: 'wakes/s',
    target: { of: 'value', atLeast },
    reference: { kind: 'limit', name: "the runtime's bare turns", value: reference, ratio },
  };
}

class Sleepers {
  readonly #engine = new Engine({ turn: hostTurn });
  #wakes = 0;

  constructor(processes: number) {
    for (let i = 0; i < processes; i++) void this.#live(1_000 + i);
  }

  run(wakes: number): Promise<void> {
    const target = this.#wakes + wakes;
    return this.#engine.run({
      finished: () => this.#wakes >= target,
      horizon: Number.MAX_SAFE_INTEGER as Instant,
    });
  }

  async #live(period: number): Promise<never> {
    for (;;) {
      await this.#sleep(period);
      this.#wakes++;
    }
  }

  #sleep(d: number): Promise<void> {
    return new Promise((resolve) => {
      this.#engine.schedule((this.#engine.now() + d) as Instant, () => {
        this.#engine.woke();
        resolve();
      });
    });
  }
}

function bareTurns(wakes: number): Promise<void> {
  let wake: () => void = () => {};
  let left = wakes;
  void (async () => {
    while (left > 0) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
      left--;
    }
  })();
  return new Promise((done) => {
    const next = (): void => {
      if (left === 0) return done();
      wake();
      if (left % 1_000 === 0) hostTurn.afterIo(next);
      else hostTurn.afterMicrotasks(next);
    };
    next();
  });
}
