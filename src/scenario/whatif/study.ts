// A study put together: what was asked, the network it is about, and what its runs came to.

import type { StudiedDemand, StudyNode, StudyReport } from '../../report/study-report.ts';
import type { Scenario } from '../schema.ts';
import { availabilityOf, type FailureRates } from './availability.ts';
import { type CutClass, type CutKind, groupsOf } from './cut-list.ts';
import { classFindings, damageOf } from './findings.ts';
import type { Baseline, CutOutcome } from './outcome.ts';
import { type Cable, requestsOf } from './subject.ts';

export interface StudyFacts {
  /** Stripped. */
  readonly scenario: Scenario;
  readonly cables: readonly Cable[];
  readonly classes: readonly CutClass[];
  readonly nodes: readonly StudyNode[];
  readonly cutsKind: CutKind;
  readonly seed: string;
  readonly version: string;
  readonly apartMs: number;
  readonly rates: FailureRates;
}

export function studyReport(
  facts: StudyFacts,
  baseline: Baseline,
  outcomes: ReadonlyMap<string, CutOutcome>,
): StudyReport {
  const { scenario, cables, classes, cutsKind, rates, nodes } = facts;
  const groups = groupsOf(cables);
  const failing = cutsKind === 'srlg' ? groups : cables;
  const up = baseline.demands.filter(({ fibres }) => fibres.length > 0).map(({ demand }) => demand);
  const available = availabilityOf({ demands: up, failing, classes, outcomes, rates });
  const damage = new Map(
    damageOf(
      failing.map(({ name }) => name),
      classes,
      outcomes,
    ).map((each) => [each.name, each]),
  );
  const cuts = classes.flatMap((each) =>
    each.cuts.map(({ id, order, parts }) => ({
      id,
      order,
      parts: parts.map(({ name }) => name),
      affected: outcomes.get(id)?.affected ?? [],
      violations: outcomes.get(id)?.violations ?? [],
    })),
  );
  const count = (demand: string, is: 'isHit' | 'isLost'): number =>
    cuts.filter(({ affected }) => affected.some((each) => each.demand === demand && each[is])).length;
  const siteOf = (host: string): string => scenario.hosts.find(({ name }) => name === host)?.site ?? host;
  const demands = requestsOf(scenario).map(({ path: demand, from, to }): StudiedDemand => {
    const before = baseline.demands.find((each) => each.demand === demand);
    return {
      ...{
        demand,
        from,
        to,
        sites: [siteOf(from), siteOf(to)],
        fibres: before?.fibres ?? [],
        length: before?.length ?? 0,
      },
      reason: before?.reason ?? '',
      hits: count(demand, 'isHit'),
      losses: count(demand, 'isLost'),
      availability: available.demands.find((each) => each.demand === demand) ?? null,
    };
  });
  return {
    ...{ name: scenario.name, title: scenario.title, seed: facts.seed, version: facts.version },
    ...{ cutsKind, apartMs: facts.apartMs, ...rates, untried: available.untried, nodes, cuts, demands },
    classes: classes.map((each) => classFindings(each, outcomes)),
    cables: cables.map(({ name, ends, length, groups: own }) => {
      const worst = (cutsKind === 'srlg' ? own : [name])
        .flatMap((part) => damage.get(part) ?? [])
        .toSorted((a, b) => b.lost - a.lost || b.hit - a.hit)[0];
      const none = { cuts: 0, hit: 0, lost: 0, extraLength: null };
      return { ...none, ...worst, name, ends, length };
    }),
  };
}
