// A plan applied to the twin by the same code that applies it to the devices: that it goes through, how long each
// step takes with its read-back, and who is in the dark meanwhile.

import type { PlantObserver } from '../../emulators/plant.ts';
import { between, type Instant, toMs } from '../core/time.ts';
import type { Clock } from '../platform/platform.ts';
import { applyPlan } from './apply.ts';
import { PlanError } from './errors.ts';
import type { LedgerEntry } from './ledger.ts';
import type { Plan } from './plan.ts';
import { readAgain } from './read-state.ts';
import type { Site } from './site.ts';
import { onTwin, type TwinRun } from './twin.ts';

export interface Rehearsal {
  /** Of each step, in order. */
  readonly stepsMs: readonly number[];
  readonly totalMs: number;
  readonly dark: readonly DarkSpell[];
  /** At each host's receiver, in dBm. */
  readonly powersAfter: ReadonlyMap<string, number>;
}

export interface DarkSpell {
  readonly host: string;
  readonly fromMs: number;
  /** Null where light was not back at the end. */
  readonly forMs: number | null;
}

/** Throws `PlanError` where the twin does not take the plan. */
export async function rehearse(site: Site, plan: Plan): Promise<Rehearsal> {
  const light: { readonly host: string; readonly isLit: boolean; readonly at: Instant }[] = [];
  const observer = (clock: Pick<Clock, 'now'>): Partial<PlantObserver> => ({
    lightLost: (host) => void light.push({ host, isLit: false, at: clock.now() }),
    lightRestored: (host) => void light.push({ host, isLit: true, at: clock.now() }),
  });
  return onTwin(
    site,
    plan.state,
    async (run) => {
      // Before the plan begins light only comes up; the plant's clock and the planner's have different origins.
      light.length = 0;
      const zero = run.worldNow();
      // Light of the devices that is not as the site's losses say is not so on the twin.
      const state = await readAgain(plan.state, run.doors, run.clock);
      const { times, total } = await timedApply(run, { ...plan, state });
      await run.settle();
      const powersAfter = new Map(site.hosts.map(({ name }) => [name, run.plant.terminal(name).power]));
      return { stepsMs: times, totalMs: total, dark: darkSpells(light, zero), powersAfter };
    },
    { observer },
  );
}

async function timedApply(
  { doors, clock }: TwinRun,
  plan: Plan,
): Promise<{ times: number[]; total: number }> {
  const entries: LedgerEntry[] = [];
  const times: number[] = [];
  const began = clock.now();
  let last = began;
  const ledger = {
    entries: () => entries,
    append: async (entry: LedgerEntry): Promise<void> => {
      entries.push(entry);
      if (entry.what === 'begun') last = clock.now();
      if (entry.what !== 'done') return;
      times.push(toMs(between(last, clock.now())));
      last = clock.now();
    },
  };
  const result = await applyPlan({ plan, doors, clock, ledger, who: 'rehearsal', pid: 0 }, 'begin');
  if (result.kind === 'applied') return { times, total: toMs(between(began, clock.now())) };
  const why =
    result.kind === 'refused'
      ? result.reasons.join('; ')
      : result.kind === 'stopped'
        ? 'stopped'
        : (result.cause ?? '');
  throw new PlanError([`the twin does not take the plan: ${result.kind}: ${why}`]);
}

function darkSpells(
  light: readonly { readonly host: string; readonly isLit: boolean; readonly at: Instant }[],
  zero: Instant,
): DarkSpell[] {
  return light.flatMap(({ host, isLit, at }, i) => {
    if (isLit) return [];
    const back = light.slice(i).find((one) => one.host === host && one.isLit);
    const forMs = back === undefined ? null : toMs(between(at, back.at));
    return [{ host, fromMs: toMs(between(zero, at)), forMs }];
  });
}
