// From a site and its state to a plan: the changes are tried on a model, made on the twin, and the plan that comes of
// it is rehearsed on another twin before anybody sees it.

import { changeSet } from './change-set.ts';
import { composeSteps, rounded } from './compose.ts';
import { drift } from './drift.ts';
import { PlanError } from './errors.ts';
import { forecastPaths } from './forecast.ts';
import { linksOfState, type NetworkState } from './network-state.ts';
import { draftPlan, type Plan, type PlanContent, type PlanStep } from './plan.ts';
import { rehearse } from './rehearsal.ts';
import { forecastCuts } from './single-cuts.ts';
import type { Site } from './site.ts';
import { describeDifference } from './state-difference.ts';
import { endName, Topology } from './topology.ts';
import { onTwin } from './twin.ts';

/** What a plan says of its making, and of how to reach the devices. */
export type PlanOrigin = Pick<PlanContent, 'lightbed' | 'made_at' | 'made_by' | 'site' | 'from' | 'devices'>;

/** Throws `PlanError` where a change cannot be made. `say` is told what goes on. */
export async function makePlan(
  site: Site,
  state: NetworkState,
  origin: PlanOrigin,
  say: (text: string) => void = () => {},
): Promise<Plan> {
  const topology = new Topology(site);
  checkPorts(origin.site, site, state);
  const before = linksOfState(state);
  const changes = changeSet(origin.site, topology, before);
  say(`making ${changes.operations.length} changes of cross-connects on the twin, and taking each back`);
  const { steps, powers } = await onTwin(site, state, async (run) => {
    const powers = new Map(site.hosts.map(({ name }) => [name, run.plant.terminal(name).power]));
    return { steps: await composeSteps(run, changes, state), powers };
  });
  const rest = { state, paths: [], cuts: [], warnings: [], power_tolerance_db: site.powerTolerance };
  const draft = draftPlan({ ...origin, ...rest, steps, predicted_ms: 0 });
  say(`rehearsing ${steps.length} steps`);
  const { stepsMs, totalMs, dark, powersAfter } = await rehearse(site, draft);
  const meant = { before: site.paths, after: changes.paths };
  return draftPlan({
    ...content(draft),
    steps: steps.map((step, i): PlanStep => ({ ...step, predicted_ms: rounded(stepsMs[i] ?? 0) })),
    predicted_ms: rounded(totalMs),
    paths: forecastPaths(
      topology,
      { links: before, meant: meant.before, powers },
      { links: changes.after, meant: meant.after, powers: powersAfter },
      steps,
      dark,
    ),
    cuts: forecastCuts(topology, changes.after, meant.after),
    warnings: drift(topology, state, site).map(describeDifference),
  });
}

const content = ({ format: _, ...rest }: Plan): PlanContent => rest;

/** The fibres of the file end at ports that the devices have. */
export function checkPorts(file: string, site: Site, state: NetworkState): void {
  const problems = site.fibres.flatMap(({ name, between }) =>
    between.flatMap((end) => {
      if (end.kind === 'host') return [];
      const ports = state.devices.find(({ device }) => device === end.switchName)?.ports ?? [];
      if (ports.includes(end.port)) return [];
      return [
        `${file}: fibre ${name} ends at ${endName(end)}, and ${end.switchName} has no such port, only ${ports[0]} to ${ports.at(-1)}`,
      ];
    }),
  );
  if (problems.length > 0) throw new PlanError(problems);
}
