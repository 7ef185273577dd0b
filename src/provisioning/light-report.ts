// What a participant tells coordinators of the light at the ports it holds: loss at once and, while it lasts, again;
// light once, when the coordinator waits for it.

import type { Dbm } from '../core/quantity.ts';
import { after, EPOCH, type Instant } from '../core/time.ts';
import type { AgentContext } from './agent-context.ts';
import type { LightChange, LossDetector } from './loss-detector.ts';
import type { Holding } from './port-book.ts';
import { inputsOf } from './port-pair.ts';

/** What the switch holds, as its participant knows. */
export interface Holdings {
  readonly holdings: readonly Holding[];
  holding(path: string): Holding | null;
  holdingAt(port: string): Holding | null;
}

export class LightReport {
  readonly #c: AgentContext;
  readonly #detector: LossDetector;
  readonly #holdings: Holdings;
  /** Paths whose coordinator waits to hear that light is there, from a poll begun after this. */
  readonly #litOwed = new Map<string, Instant>();
  readonly #reportedAt = new Map<string, Instant>();

  constructor(context: AgentContext, detector: LossDetector, holdings: Holdings) {
    this.#c = context;
    this.#detector = detector;
    this.#holdings = holdings;
  }

  /** The path's coordinator waits for light from now on. */
  oweLit(path: string): void {
    this.#litOwed.set(path, this.#now());
  }

  /** The inputs of each of those paths. */
  get awaited(): string[][] {
    return [...this.#litOwed.keys()].flatMap((path) => {
      const holding = this.#holdings.holding(path);
      return holding === null ? [] : [inputsOf(holding.pair)];
    });
  }

  forget(path: string): void {
    this.#litOwed.delete(path);
    this.#reportedAt.delete(path);
  }

  changed(port: string, change: LightChange, power: Dbm | null, by: 'alarm' | 'poll'): void {
    const holding = this.#holdings.holdingAt(port);
    if (holding === null) return;
    const { config, failed, platform } = this.#c;
    if (change === 'lost') {
      const { path } = holding;
      const fields = { path, switch: config.switchName, port, power_dbm: power, by };
      platform.log.record('loss.detected', fields);
      this.#sayLoss(holding, port, power);
      return;
    }
    const fibre = config.ports.find((p) => p.port === port)?.fibre;
    if (fibre !== undefined && failed.clear(fibre)) {
      this.#c.news(null);
      this.#c.whole([fibre]);
    }
    // A coordinator whose path is DOWN on this route waits to hear that.
    this.oweLit(holding.path);
    if (by === 'alarm') this.sayLit(inputsOf(holding.pair), this.#now());
  }

  /** These ports were read from `began` on. Where all inputs have light the coordinators who wait for it hear so, once. */
  sayLit(ports: readonly string[], began: Instant): void {
    const read = new Set(ports);
    for (const [path, owedSince] of [...this.#litOwed]) {
      const holding = this.#holdings.holding(path);
      if (holding === null || owedSince > began) continue;
      const { pair, revision, coordinator } = holding;
      if (inputsOf(pair).some((port) => !read.has(port) || this.#detector.state(port) !== 'lit')) continue;
      this.#litOwed.delete(path);
      this.#c.send(coordinator, { type: 'lit', path, revision });
    }
  }

  /** Losses that last, in case a coordinator forgot the first report. */
  sayAgain(): void {
    const now = this.#now();
    for (const holding of this.#holdings.holdings) {
      const dark = inputsOf(holding.pair).find((port) => this.#detector.state(port) === 'dark');
      if (dark === undefined) continue;
      const last = this.#reportedAt.get(holding.path) ?? EPOCH;
      if (after(last, this.#c.timings.reportAgain) <= now) this.#sayLoss(holding, dark, null);
    }
  }

  #sayLoss({ path, revision, coordinator }: Holding, port: string, power: Dbm | null): void {
    this.#reportedAt.set(path, this.#now());
    this.#c.send(coordinator, { type: 'loss', path, revision, port, power });
  }

  #now(): Instant {
    return this.#c.platform.clock.now();
  }
}
