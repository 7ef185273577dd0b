// All runs of a study together: what share of the demands that cuts hit had light again, how soon, and why the others
// had not; and for each cable, what harm the cuts do that it is part of.

import { type Distribution, distribution } from '../../core/distribution.ts';
import { STAGES } from '../../report/run-report.ts';
import {
  type AffectedDemand,
  CAUSES,
  type CableDamage,
  type Cause,
  type ClassFindings,
} from '../../report/study-report.ts';
import type { CutClass } from './cut-list.ts';
import type { CutOutcome } from './outcome.ts';

export function classFindings(
  { order, population, cuts }: CutClass,
  outcomes: ReadonlyMap<string, CutOutcome>,
): ClassFindings {
  const each = cuts.map(({ id }) => outcomes.get(id)?.affected ?? []);
  const affected = each.flat();
  const hits = affected.filter(({ isHit }) => isHit);
  const restored = hits.filter(({ isLost }) => !isLost);
  const of = (value: (demand: AffectedDemand) => number | null): Distribution | null =>
    distribution(restored.flatMap((demand) => value(demand) ?? []));
  return {
    order,
    population,
    tried: cuts.length,
    cutsThatHit: each.filter((list) => list.some(({ isHit }) => isHit)).length,
    cutsThatLose: each.filter((list) => list.some(({ isLost }) => isLost)).length,
    hits: hits.length,
    restored: restored.length,
    lostUnhit: affected.filter(({ isHit, isLost }) => isLost && !isHit).length,
    causes: Object.fromEntries(
      CAUSES.map((cause) => [cause, affected.filter((demand) => demand.cause === cause).length]),
    ) as Record<Cause, number>,
    dark: of(({ darkMs }) => darkMs),
    stages: Object.fromEntries(
      STAGES.map((stage) => [stage, of(({ stagesMs }) => stagesMs[stage])]),
    ) as ClassFindings['stages'],
    extraLength: of(extraLengthOf),
  };
}

type Damage = Pick<CableDamage, 'name' | 'cuts' | 'hit' | 'lost' | 'extraLength'>;

/** `names`: cables or groups, as the parts of cuts are named. */
export function damageOf(
  names: readonly string[],
  classes: readonly CutClass[],
  outcomes: ReadonlyMap<string, CutOutcome>,
): Damage[] {
  const cuts = new Map<string, AffectedDemand[][]>(names.map((name) => [name, []]));
  // Where two are cut at once, one alone would hide what the second does.
  const last = classes.at(-1)?.cuts ?? [];
  for (const { id, parts } of last)
    for (const { name } of parts) cuts.get(name)?.push([...(outcomes.get(id)?.affected ?? [])]);
  return [...cuts].map(([name, all]) => {
    const affected = all.flat();
    const extra = affected.flatMap((demand) => extraLengthOf(demand) ?? []);
    const mean = (count: number): number => (all.length === 0 ? 0 : count / all.length);
    return {
      name,
      cuts: all.length,
      hit: mean(affected.filter(({ isHit }) => isHit).length),
      lost: mean(affected.filter(({ isLost }) => isLost).length),
      extraLength: extra.length === 0 ? null : extra.reduce((sum, value) => sum + value, 0) / extra.length,
    };
  });
}

const extraLengthOf = ({ isHit, lengthBefore, lengthAfter }: AffectedDemand): number | null =>
  isHit && lengthAfter !== null ? lengthAfter - lengthBefore : null;
