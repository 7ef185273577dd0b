// Watches a run of a study from beside it, in the run's own time: waits until the demands are settled, cuts, and ends the
// run when they are settled again. A demand is waited for as long as the fibres that are left hold a route for it, up to
// a limit; so it counts as lost only when there is none, or when the agents have had long enough.

import { between, type Duration, type Instant, ms } from '../../core/time.ts';
import type { Stage } from '../run.ts';
import type { RequestAction } from '../schema-timeline.ts';
import type { StudyCut } from './cut-list.ts';
import { type DemandState, DemandWatch } from './demand-watch.ts';
import { settleLimit } from './subject.ts';
import type { RouteOracle, WhyNot } from './why-not.ts';

export interface ConductorOptions {
  readonly demands: readonly RequestAction[];
  readonly lastAsked: Instant;
  /** None: the run ends when the demands are settled. */
  readonly cut: StudyCut | null;
  readonly phase: Duration;
  readonly apart: Duration;
  readonly oracle: RouteOracle;
}

/** What a cut did to a demand that it hit, or that is without light at the end. */
export interface Hit {
  readonly demand: string;
  readonly isHit: boolean;
  readonly isLost: boolean;
  readonly why: WhyNot | null;
  readonly said: string;
  /** How long it had no light. */
  readonly dark: Duration;
  readonly before: readonly string[];
  readonly after: readonly string[];
}

export interface Conducted {
  /** The fibres of each demand that was up before the cut. */
  readonly before: ReadonlyMap<string, readonly string[]>;
  /** Of those that were not, what the agents said. */
  readonly reasons: ReadonlyMap<string, string>;
  readonly hits: readonly Hit[];
}

/** How often it looks, and how long nothing must change for the demands to count as settled: ours. */
const lookEvery = ms(20);
const quietBefore = ms(500);
/** Light needs its way, and a receiver some time: longer than the slowest transceiver of a scenario is likely to be. */
const quietAfter = ms(300);

export class Conductor {
  readonly #o: ConductorOptions;
  readonly #watch: DemandWatch;
  readonly #cutFibres = new Set<string>();
  readonly #hit = new Set<string>();
  #before: ReadonlyMap<string, readonly string[]> = new Map();
  #reasons: ReadonlyMap<string, string> = new Map();
  #lastCutAt: Instant | null = null;
  #cutsLeft = 0;

  constructor(options: ConductorOptions) {
    this.#o = options;
    this.#watch = new DemandWatch(options.demands);
  }

  start(stage: Stage): void {
    const { clock, trace } = stage;
    const look = (): void => {
      this.#watch.follow(trace.records);
      if (this.#step(stage)) stage.end();
      else clock.timer(lookEvery, look);
    };
    clock.timer(lookEvery, look);
  }

  end(): Conducted {
    const hits = [...this.#watch.states.values()].flatMap((state) => this.#hitOf(state));
    return { before: this.#before, reasons: this.#reasons, hits };
  }

  /** True when the run is over. */
  #step(stage: Stage): boolean {
    const now = stage.clock.now();
    if (this.#lastCutAt !== null) return this.#cutsLeft === 0 && this.#isOver(now, this.#lastCutAt);
    if (!this.#isReady(now)) return false;
    this.#noteBefore();
    const { cut, phase, apart } = this.#o;
    if (cut === null) return true;
    this.#lastCutAt = now;
    this.#cutsLeft = cut.parts.length;
    cut.parts.forEach(({ fibres }, i) => {
      stage.clock.timer((phase + i * apart) as Duration, () => this.#cut(stage, fibres));
    });
    return false;
  }

  #isReady(now: Instant): boolean {
    const { lastAsked } = this.#o;
    if (now < lastAsked) return false;
    if (between(lastAsked, now) > settleLimit) return true;
    const isDone = ({ stand, isLit, isProtected }: DemandState): boolean =>
      stand === 'refused' || stand === 'down' || (stand === 'up' && isLit && isProtected);
    return [...this.#watch.states.values()].every(isDone) && this.#isQuiet(now, quietBefore);
  }

  #noteBefore(): void {
    const states = [...this.#watch.states.values()];
    const isUp = ({ stand, isLit }: DemandState): boolean => stand === 'up' && isLit;
    this.#before = new Map(
      states.filter(isUp).map(({ demand: { path } }) => [path, this.#watch.fibresOf(path)]),
    );
    this.#reasons = new Map(
      states
        .filter((s) => !isUp(s))
        .map(({ demand: { path }, reason }) => [path, reason || 'not up in time']),
    );
    for (const state of states) state.dark = 0;
  }

  #cut({ clock, trace, cut }: Stage, fibres: readonly string[]): void {
    this.#watch.follow(trace.records);
    for (const fibre of fibres) this.#cutFibres.add(fibre);
    for (const path of this.#before.keys())
      if (this.#watch.fibresOf(path).some((fibre) => fibres.includes(fibre))) this.#hit.add(path);
    for (const fibre of fibres) cut(fibre);
    this.#lastCutAt = clock.now();
    this.#cutsLeft--;
  }

  #isOver(now: Instant, cutAt: Instant): boolean {
    if (between(cutAt, now) > settleLimit) return true;
    if (between(cutAt, now) < quietAfter || !this.#isQuiet(now, quietAfter)) return false;
    return [...this.#before.keys()].every((path) => {
      const state = this.#state(path);
      if (state.stand === 'up' && state.isLit) return true;
      return state.stand === 'down' && this.#whyNot(state).cause !== 'agents';
    });
  }

  #hitOf(state: DemandState): Hit[] {
    const { path } = state.demand;
    const before = this.#before.get(path);
    const isHit = this.#hit.has(path);
    if (before === undefined || this.#lastCutAt === null || (!isHit && state.isLit)) return [];
    const isLost = !state.isLit;
    const why = isLost ? this.#whyNot(state) : null;
    const dark = state.dark as Duration;
    const said = isLost ? state.reason : '';
    return [{ demand: path, isHit, isLost, why, said, dark, before, after: this.#watch.fibresOf(path) }];
  }

  #whyNot({ demand }: DemandState): WhyNot {
    const holders = new Map<string, string>();
    for (const path of this.#watch.states.keys())
      for (const fibre of this.#watch.fibresOf(path)) holders.set(fibre, path);
    return this.#o.oracle.whyNot(demand, {
      cut: this.#cutFibres,
      before: this.#before.get(demand.path) ?? [],
      holderOf: (fibre) => {
        const holder = holders.get(fibre);
        return holder === undefined ? null : { demand: holder, isUntouched: !this.#hit.has(holder) };
      },
    });
  }

  #isQuiet(now: Instant, time: Duration): boolean {
    return between(this.#watch.changedAt, now) >= time;
  }

  #state(path: string): DemandState {
    const state = this.#watch.states.get(path);
    if (state === undefined) throw new RangeError(`there is no demand ${path}`);
    return state;
  }
}
