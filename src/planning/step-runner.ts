// One step of a plan on the device that it is for: the commands word for word, then the read-back. An answer that
// does not come never means "not done": the listing tells, and only what the listing shows as not done is sent again.

import { type Duration, seconds } from '../core/time.ts';
import { SwitchError } from '../optical/errors.ts';
import type { Clock } from '../platform/platform.ts';
import { describeFailure, type Tl1Outcome } from '../tl1/outcome.ts';
import type { LedgerEvent } from './ledger.ts';
import { crossConnectsAfter, keyOf, type Plan, type PlanStep } from './plan.ts';
import { type DeviceDoor, listCrossConnects, reading } from './read-state.ts';
import { crossConnectDifferences, describeDifference } from './state-difference.ts';
import { requestOfText } from './tl1-text.ts';

/** For one command. */
const COMMAND_LIMIT: Duration = seconds(10);
/** A listing that is not yet as it shall be is looked at again, so often in all; a Calient's mirrors may take 10 s (g2mpls). */
const LOOKS_MAX = 10;
const LOOK_PAUSE: Duration = seconds(1);
/** A command whose answer was lost, and that the listing shows as not done, is sent so often in all. */
const SENDINGS_MAX = 2;

export type StepOutcome =
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly reason: string }
  /** The step did nothing, and what is there of it is somebody else's. */
  | { readonly kind: 'foreign'; readonly reason: string };

const DONE: StepOutcome = { kind: 'done' };

export interface StepParts {
  readonly plan: Plan;
  readonly doors: ReadonlyMap<string, DeviceDoor>;
  readonly clock: Pick<Clock, 'sleep'>;
  readonly record: (event: LedgerEvent) => Promise<void>;
}

export class StepRunner {
  readonly #parts: StepParts;

  constructor(parts: StepParts) {
    this.#parts = parts;
  }

  /**
   * Makes a step after all before it, and verifies it: the device's whole listing, and the light if the step ends a change. What
   * the step is to make and is there before it was sent is not the plan's, whoever made it, and never taken back.
   */
  async make(step: PlanStep): Promise<StepOutcome> {
    const door = this.#door(step.device);
    const before = await this.#until(() => this.#unlike(door, step.number - 1));
    if (before !== null) return { kind: 'foreign', reason: `before anything was sent: ${before}` };
    const problem = (): Promise<string | null> => this.#unlike(door, step.number);
    for (const { text } of step.commands) {
      const failure = await this.#send(door, step, text, problem);
      if (failure !== null) return failure;
    }
    const wrong = (await this.#until(problem)) ?? (await this.#until(() => this.#lightProblem(step)));
    return wrong === null ? DONE : { kind: 'failed', reason: `read back: ${wrong}` };
  }

  /** Takes a step back that is made, or made in part, and verifies what it was about. */
  async undo(step: PlanStep): Promise<StepOutcome> {
    const door = this.#door(step.device);
    const problem = async (): Promise<string | null> => undoProblem(step, await this.#keys(door));
    if ((await this.#look(problem)) === null && step.commands.length === 1) return DONE;
    let refusal = '';
    for (const text of step.undo) {
      await this.#parts.record({ what: 'undoing', step: step.number, device: door.name, command: text });
      const outcome = await this.#execute(door, text, step);
      // Of a step that was made in part only, a part of the undo has nothing to do, and is refused.
      if (outcome.kind !== 'completed') refusal = ` (${describeFailure(outcome)})`;
    }
    const wrong = await this.#until(problem);
    return wrong === null ? DONE : { kind: 'failed', reason: `${wrong}${refusal}` };
  }

  /** Where the device's listing is not as it is with the plan's steps up to this one. */
  async #unlike(door: DeviceDoor, last: number): Promise<string | null> {
    const expected = crossConnectsAfter(this.#parts.plan, door.name, (number) => number <= last);
    const found = await listCrossConnects(door.driver);
    return listed(crossConnectDifferences(door.name, expected, found).map(describeDifference));
  }

  /** Null, or why the step cannot be. */
  async #send(
    door: DeviceDoor,
    step: PlanStep,
    text: string,
    problem: () => Promise<string | null>,
  ): Promise<Exclude<StepOutcome, { kind: 'done' }> | null> {
    for (let sendings = 1; ; sendings++) {
      await this.#parts.record({ what: 'sending', step: step.number, device: door.name, command: text });
      const outcome = await this.#execute(door, text, step);
      if (outcome.kind === 'completed') return null;
      const failure = `${text} ${outcome.kind === 'denied' ? 'was' : 'was not answered:'} ${describeFailure(outcome)}`;
      const isListed = (await this.#look(problem)) === null;
      // It was not there just before, and the device says that it did not do it.
      const isFirst = sendings === 1 && text === step.commands[0]?.text;
      if (isListed && isFirst && outcome.kind === 'denied')
        return { kind: 'foreign', reason: `${failure}, and is so all the same: somebody else did it` };
      // What is entered and not activated is not listed, and holds its ports: a listing alone says nothing then.
      if (isListed && (outcome.kind === 'unanswered' || step.commands.length === 1)) return null;
      // Sent again and refused: the first sending did it. What the listing cannot show yet, the step's last command will.
      const isEarlierDone = outcome.kind === 'denied' && sendings > 1;
      if (isEarlierDone && text !== step.commands.at(-1)?.text) return null;
      if (outcome.kind === 'denied' || sendings === SENDINGS_MAX) return { kind: 'failed', reason: failure };
    }
  }

  async #execute(door: DeviceDoor, text: string, { number: step }: PlanStep): Promise<Tl1Outcome> {
    const outcome = await door.session.execute(requestOfText(text), { limit: COMMAND_LIMIT });
    const answer = outcome.kind === 'completed' ? outcome.code : describeFailure(outcome);
    const denied = outcome.kind === 'denied' ? { is_denied: true } : {};
    await this.#parts.record({ what: 'answered', step, device: door.name, answer, ...denied });
    return outcome;
  }

  async #lightProblem({ light }: PlanStep): Promise<string | null> {
    const tolerance = this.#parts.plan.power_tolerance_db;
    const problems: string[] = [];
    for (const { device, port, out_dbm: expected } of light) {
      const found = reading(await this.#door(device).driver.readPower([port]), port, 'out');
      if (found !== null && found < expected - tolerance)
        problems.push(`${device}/${port} out: expected ${expected} dBm, found ${found} dBm`);
    }
    return listed(problems);
  }

  async #keys(door: DeviceDoor): Promise<ReadonlySet<string>> {
    return new Set((await listCrossConnects(door.driver)).map(keyOf));
  }

  /** Looks until nothing is wrong; the last thing wrong otherwise. */
  async #until(problem: () => Promise<string | null>): Promise<string | null> {
    for (let looks = 1; ; looks++) {
      const wrong = await this.#look(problem);
      if (wrong === null || looks === LOOKS_MAX) return wrong;
      await this.#parts.clock.sleep(LOOK_PAUSE);
    }
  }

  async #look(problem: () => Promise<string | null>): Promise<string | null> {
    try {
      return await problem();
    } catch (error) {
      if (error instanceof SwitchError) return error.message;
      throw error;
    }
  }

  #door(device: string): DeviceDoor {
    const door = this.#parts.doors.get(device);
    if (door === undefined) throw new Error(`no door to ${device}`);
    return door;
  }
}

/** What the step made is gone, and what it removed is there again. */
function undoProblem({ device, makes, removes }: PlanStep, present: ReadonlySet<string>): string | null {
  const left = makes.filter((one) => present.has(keyOf(one)));
  const missing = removes.filter((one) => !present.has(keyOf(one)));
  return listed([
    ...left.map(({ input, output }) => `${device} ${input}→${output} is still there`),
    ...missing.map(({ input, output }) => `${device} ${input}→${output} is not back`),
  ]);
}

const listed = (problems: readonly string[]): string | null =>
  problems.length === 0 ? null : problems.join('; ');
