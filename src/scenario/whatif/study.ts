// A study put together: what was asked, the network it is about, and what its runs came to.

import type { DemandAvailability, StudiedDemand, StudyNode, StudyReport } from '../../report/study-report.ts';
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
  const { scenario, cables, classes, cutsKind, rates, nodes, seed, version, apartMs } = facts;
  const failing = cutsKind === 'srlg' ? groupsOf(cables) : cables;
  const up = baseline.demands.filter(({ fibres }) => fibres.length > 0).map(({ demand }) => demand);
  const { untried, demands: available } = availabilityOf({ demands: up, failing, classes, outcomes, rates });
  const damage = damageOf(
    failing.map(({ name }) => name),
    classes,
    outcomes,
  );
  const cuts = cutsTried(classes, outcomes);
  return {
    ...{ name: scenario.name, title: scenario.title, seed, version },
    ...{ cutsKind, apartMs, ...rates, untried, nodes, cuts },
    demands: studiedDemands(scenario, baseline, cuts, available),
    classes: classes.map((each) => classFindings(each, outcomes)),
    cables: cables.map((cable) => studiedCable(cable, cutsKind, damage)),
  };
}

function cutsTried(
  classes: readonly CutClass[],
  outcomes: ReadonlyMap<string, CutOutcome>,
): StudyReport['cuts'] {
  return classes
    .flatMap(({ cuts }) => cuts)
    .map(({ id, order, parts }) => ({
      ...{ id, order, parts: parts.map(({ name }) => name) },
      affected: outcomes.get(id)?.affected ?? [],
      violations: outcomes.get(id)?.violations ?? [],
    }));
}

function studiedDemands(
  scenario: Scenario,
  baseline: Baseline,
  cuts: StudyReport['cuts'],
  available: readonly DemandAvailability[],
): StudiedDemand[] {
  const count = (demand: string, is: 'isHit' | 'isLost'): number =>
    cuts.filter(({ affected }) => affected.some((each) => each.demand === demand && each[is])).length;
  const siteOf = (host: string): string => scenario.hosts.find(({ name }) => name === host)?.site ?? host;
  return requestsOf(scenario).map(({ path: demand, from, to }) => {
    const before = baseline.demands.find((each) => each.demand === demand);
    return {
      ...{ demand, from, to, sites: [siteOf(from), siteOf(to)] },
      ...{ fibres: before?.fibres ?? [], length: before?.length ?? 0, reason: before?.reason ?? '' },
      hits: count(demand, 'isHit'),
      losses: count(demand, 'isLost'),
      availability: available.find((each) => each.demand === demand) ?? null,
    };
  });
}

/** With the most that its own failure, or that of a group it belongs to, has done. */
function studiedCable(
  { name, ends, length, groups }: Cable,
  cutsKind: CutKind,
  damage: ReturnType<typeof damageOf>,
): StudyReport['cables'][number] {
  const failing = cutsKind === 'srlg' ? groups : [name];
  const [worst] = failing
    .flatMap((part) => damage.find((each) => each.name === part) ?? [])
    .toSorted((a, b) => b.lost - a.lost || b.hit - a.hit);
  const none = { cuts: 0, hit: 0, lost: 0, extraLength: null };
  return { ...none, ...worst, name, ends, length };
}
