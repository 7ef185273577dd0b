// Applies a plan exactly, or not at all: refuses where the state is not the plan's, sends each step's commands and no
// others, verifies each step, and takes everything back when one fails. What was interrupted can be gone on with
// or taken back later, as far as the audit log and the devices agree on how far it came.

import type { Clock } from '../platform/platform.ts';
import { type Ledger, type LedgerEvent, type Progress, progressOf } from './ledger.ts';
import type { NetworkState } from './network-state.ts';
import { crossConnectsAfter, type Plan, type PlanStep, planHash, stepTitle } from './plan.ts';
import { type DeviceDoor, readAgain } from './read-state.ts';
import {
  crossConnectDifferences,
  type Difference,
  describeDifference,
  differences,
} from './state-difference.ts';
import { StepRunner } from './step-runner.ts';
import { timeText } from './time-text.ts';

export type ApplyMode = 'begin' | 'resume' | 'roll-back';

export type ApplyResult =
  | { readonly kind: 'applied' }
  /** Nothing was sent. */
  | { readonly kind: 'refused'; readonly reasons: readonly string[] }
  /** All steps are taken back. `cause` is null where it was asked for; `others`: what else is not as it was. */
  | { readonly kind: 'rolled-back'; readonly cause: string | null; readonly others: readonly string[] }
  /** Neither: something could not be taken back. */
  | { readonly kind: 'left'; readonly cause: string | null; readonly reasons: readonly string[] }
  | { readonly kind: 'stopped'; readonly done: number };

export interface ApplyParts {
  readonly plan: Plan;
  readonly doors: readonly DeviceDoor[];
  readonly clock: Pick<Clock, 'wall' | 'sleep'>;
  readonly ledger: Ledger;
  readonly who: string;
  readonly pid: number;
  /** Told of each event once it is in the ledger. */
  readonly tell?: (event: LedgerEvent) => void;
  /** Aborted: no further step is begun. */
  readonly stop?: AbortSignal;
}

type Unfinished = Progress & { readonly kind: 'unfinished' };

const isIn =
  (steps: ReadonlySet<number>) =>
  ({ number }: PlanStep): boolean =>
    steps.has(number);

export const applyPlan = (parts: ApplyParts, mode: ApplyMode): Promise<ApplyResult> =>
  new Application(parts).run(mode);

/** Where the live state is not what the plan was made for; reads only. */
export async function moved(parts: Pick<ApplyParts, 'plan' | 'doors' | 'clock'>): Promise<Difference[]> {
  const { plan } = parts;
  return differences(plan.state, await currentState(parts), plan.power_tolerance_db);
}

const currentState = ({ plan, doors, clock }: Pick<ApplyParts, 'plan' | 'doors' | 'clock'>) =>
  readAgain(plan.state, doors, clock);

class Application {
  readonly #parts: ApplyParts;
  readonly #plan: Plan;
  readonly #hash: string;
  readonly #runner: StepRunner;

  constructor(parts: ApplyParts) {
    const { plan, clock } = parts;
    this.#parts = parts;
    this.#plan = plan;
    this.#hash = planHash(plan);
    const doors = new Map(parts.doors.map((door) => [door.name, door]));
    const record = (event: LedgerEvent): Promise<void> => this.#record(event);
    this.#runner = new StepRunner({ plan, doors, clock, record });
  }

  async run(mode: ApplyMode): Promise<ApplyResult> {
    const progress = progressOf(this.#parts.ledger.entries(), this.#hash);
    if (mode === 'begin') return this.#begin(progress);
    if (progress.kind === 'none')
      return this.#refuse(['no apply of this plan was interrupted, as far as the log tells']);
    return this.#goOn(mode, progress);
  }

  async #begin(progress: Progress): Promise<ApplyResult> {
    if (progress.kind === 'unfinished')
      return this.#refuse([
        `an apply of this plan was interrupted, with ${progress.inPlace.size} of ${this.#plan.steps.length} steps in place: go on with --resume, or take it back with --roll-back`,
      ]);
    const wrong = await moved(this.#parts);
    if (wrong.length > 0) return this.#refuse(wrong.map(describeDifference));
    await this.#record({ what: 'begun', steps: this.#plan.steps.length, pid: this.#parts.pid });
    return this.#forward(0);
  }

  async #goOn(mode: 'resume' | 'roll-back', progress: Unfinished): Promise<ApplyResult> {
    const state = await currentState(this.#parts);
    const { inPlace, partial, wrong } = this.#position(progress, state);
    if (wrong.length > 0) return this.#refuse(wrong.map(describeDifference));
    const { size } = inPlace;
    const isInterrupted = partial !== null || !this.#plan.steps.slice(0, size).every(isIn(inPlace));
    if (isInterrupted && mode === 'resume')
      return this.#refuse([
        'the steps in place are not the first ones, or one is made in part: take the plan back with --roll-back',
      ]);
    await this.#record({
      what: mode === 'resume' ? 'resumed' : 'turned-back',
      in_place: [...inPlace].sort((a, b) => a - b),
      pid: this.#parts.pid,
    });
    return mode === 'resume' ? this.#forward(size) : this.#back(inPlace, partial, null);
  }

  /** Which steps are in place, by the log and the devices together. */
  #position(
    { inPlace, inDoubt }: Unfinished,
    state: NetworkState,
  ): { inPlace: ReadonlySet<number>; partial: PlanStep | null; wrong: Difference[] } {
    const step = this.#plan.steps.find(({ number }) => number === inDoubt) ?? null;
    if (step === null) return { inPlace, partial: null, wrong: this.#unlike(state, inPlace, null) };
    const without = new Set([...inPlace].filter((number) => number !== step.number));
    const withIt = new Set([...without, step.number]);
    if (this.#unlike(state, withIt, null).length === 0) return { inPlace: withIt, partial: null, wrong: [] };
    // A step of several commands may hold ports without being listed: it is taken for made in part.
    const isAbsent = this.#unlike(state, without, null).length === 0 && step.commands.length === 1;
    const partial = isAbsent ? null : step;
    return { inPlace: without, partial, wrong: this.#unlike(state, without, partial) };
  }

  /** Where the cross-connects are not those with these steps in place, but for what `except` is about. */
  #unlike(state: NetworkState, inPlace: ReadonlySet<number>, except: PlanStep | null): Difference[] {
    const inputs = new Set([...(except?.makes ?? []), ...(except?.removes ?? [])].map(({ input }) => input));
    return state.devices.flatMap(({ device, cross_connects: found }) => {
      const isMeant = ({ input }: { readonly input: string }): boolean =>
        device !== except?.device || !inputs.has(input);
      const expected = crossConnectsAfter(this.#plan, device, (number) => inPlace.has(number));
      return crossConnectDifferences(device, expected.filter(isMeant), found.filter(isMeant));
    });
  }

  async #forward(from: number): Promise<ApplyResult> {
    for (const step of this.#plan.steps.slice(from)) {
      if (this.#parts.stop?.aborted === true) {
        await this.#record({ what: 'stopped', done: step.number - 1 });
        return { kind: 'stopped', done: step.number - 1 };
      }
      const outcome = await this.#runner.make(step);
      if (outcome.kind !== 'done') {
        const { reason } = outcome;
        const isForeign = outcome.kind === 'foreign';
        const foreign = isForeign ? { is_foreign: true } : {};
        await this.#record({ what: 'failed', step: step.number, reason, ...foreign });
        const before = this.#plan.steps.slice(0, step.number - 1);
        const cause = `step ${step.number}, ${stepTitle(step)}: ${reason}`;
        return this.#back(new Set(before.map(({ number }) => number)), isForeign ? null : step, cause);
      }
      await this.#record({ what: 'done', step: step.number, title: stepTitle(step) });
    }
    await this.#record({ what: 'applied' });
    return { kind: 'applied' };
  }

  /** The last step first. Behind one that cannot be taken back, nothing more of its device is touched. */
  async #back(
    inPlace: ReadonlySet<number>,
    partial: PlanStep | null,
    cause: string | null,
  ): Promise<ApplyResult> {
    const reasons: string[] = [];
    const given = new Set<string>();
    for (const step of this.#plan.steps.toReversed()) {
      if (step !== partial && !inPlace.has(step.number)) continue;
      const what = `step ${step.number}, ${stepTitle(step)},`;
      if (given.has(step.device)) {
        reasons.push(`${what} is still in place`);
        continue;
      }
      const outcome = await this.#runner.undo(step);
      if (outcome.kind === 'done') {
        await this.#record({ what: 'undone', step: step.number, title: stepTitle(step) });
        continue;
      }
      given.add(step.device);
      reasons.push(`${what} is not taken back: ${outcome.reason}`);
      await this.#record({ what: 'left', step: step.number, reason: outcome.reason });
    }
    return reasons.length > 0 ? { kind: 'left', cause, reasons } : this.#endBack(cause);
  }

  async #endBack(cause: string | null): Promise<ApplyResult> {
    const others = this.#unlike(await currentState(this.#parts), new Set(), null).map(describeDifference);
    await this.#record({ what: 'rolled-back' });
    return { kind: 'rolled-back', cause, others };
  }

  async #refuse(reasons: readonly string[]): Promise<ApplyResult> {
    await this.#record({ what: 'refused', reason: reasons.join('; ') });
    return { kind: 'refused', reasons };
  }

  async #record(event: LedgerEvent): Promise<void> {
    const { clock, who, ledger, tell } = this.#parts;
    await ledger.append({ at: timeText(clock.wall()), who, plan: this.#hash, ...event });
    tell?.(event);
  }
}
