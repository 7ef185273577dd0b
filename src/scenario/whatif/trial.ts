// One run of a study: the scenario's own agents from their start, all demands asked for, then the cut, and the end as
// soon as every demand has light again or nobody could give it any. No two cuts share a run.

import { after, type Duration, EPOCH, ms, ns, seconds, toMs } from '../../core/time.ts';
import { seededRandom } from '../../platform/seeded-random.ts';
import { STAGES } from '../../report/run-report.ts';
import type { AffectedDemand } from '../../report/study-report.ts';
import type { CutStages } from '../cut-stages.ts';
import { type RunResult, run } from '../run.ts';
import { RunError } from '../run-error.ts';
import type { Scenario } from '../schema.ts';
import { type Conducted, Conductor, type Hit } from './conductor.ts';
import type { StudyCut } from './cut-list.ts';
import type { Baseline, CutOutcome } from './outcome.ts';
import { requestsOf, settleLimit } from './subject.ts';
import { RouteOracle } from './why-not.ts';

export interface TrialOptions {
  readonly seed: string;
  readonly version: string;
  /** The second of two cuts comes so much after the first. */
  readonly apart: Duration;
}

/** From the time when all is settled to the cut, at most: cuts should meet polls at any phase. Ours. */
const phaseMost = seconds(1);

export async function baseline(scenario: Scenario, options: TrialOptions): Promise<Baseline> {
  const { conducted, result, stopped } = await conduct(scenario, null, options);
  const demands = requestsOf(scenario).map(({ path }) => {
    const fibres = conducted.before.get(path) ?? [];
    const reason = fibres.length > 0 ? '' : (conducted.reasons.get(path) ?? '');
    return { demand: path, fibres, length: lengthOf(scenario, fibres), reason };
  });
  return {
    kind: 'baseline',
    demands,
    violations: violationsOf(result, stopped),
    records: result?.records.length ?? 0,
  };
}

export async function tryCut(scenario: Scenario, cut: StudyCut, options: TrialOptions): Promise<CutOutcome> {
  const { conducted, result, stopped } = await conduct(scenario, cut, options);
  const stages = new Map(result?.measured.cuts.map((hit) => [hit.path, hit]));
  return {
    kind: 'cut',
    cut: cut.id,
    affected: conducted.hits.map((hit) => affected(scenario, hit, stages.get(hit.demand))),
    violations: violationsOf(result, stopped),
    records: result?.records.length ?? 0,
    hash: result?.hash ?? '',
  };
}

interface Conduct {
  readonly conducted: Conducted;
  readonly result: RunResult | null;
  readonly stopped: string | null;
}

async function conduct(scenario: Scenario, cut: StudyCut | null, options: TrialOptions): Promise<Conduct> {
  const { seed, version, apart } = options;
  const requests = requestsOf(scenario);
  const lastAsked = Math.max(0, ...scenario.timeline.map(({ at }) => at));
  const phase = seededRandom(seed)
    .fork(`phase/${cut?.id ?? ''}`)
    .integer(phaseMost);
  const conductor = new Conductor({
    demands: requests,
    lastAsked: after(EPOCH, ns(lastAsked)),
    cut,
    phase: ns(phase),
    apart,
    oracle: new RouteOracle(scenario),
  });
  const duration = ns(lastAsked + 2 * settleLimit + phaseMost + apart + ms(1));
  try {
    const result = await run(
      { ...scenario, duration },
      {
        world: 'virtual',
        seed,
        folder: '',
        version,
        file: scenario.name,
        conduct: (stage) => conductor.start(stage),
      },
    );
    return { conducted: conductor.end(), result, stopped: null };
  } catch (error) {
    if (!(error instanceof RunError)) throw error;
    return { conducted: conductor.end(), result: null, stopped: error.message };
  }
}

function violationsOf(result: RunResult | null, stopped: string | null): string[] {
  const broken = (result?.violations ?? []).map(({ checker, message }) => `${checker}: ${message}`);
  return stopped === null ? broken : [...broken, `stopped: ${stopped.split('\n')[0]}`];
}

function affected(scenario: Scenario, hit: Hit, stages: CutStages | undefined): AffectedDemand {
  const { demand, isHit, isLost, why, said, dark, before, after: now } = hit;
  return {
    demand,
    isHit,
    isLost,
    cause: why?.cause ?? null,
    others: why?.others ?? [],
    said,
    darkMs: isLost ? null : toMs(dark),
    lengthBefore: lengthOf(scenario, before),
    lengthAfter: isLost ? null : lengthOf(scenario, now),
    stagesMs: Object.fromEntries(
      STAGES.map((stage) => [stage, milliseconds(stages?.stages[stage])]),
    ) as AffectedDemand['stagesMs'],
  };
}

const milliseconds = (value: Duration | null | undefined): number | null =>
  value === null || value === undefined ? null : toMs(value);

function lengthOf({ fibres }: Scenario, names: readonly string[]): number {
  const own = new Set(names);
  return fibres.reduce((sum, { name, length }) => sum + (own.has(name) ? length : 0), 0);
}
