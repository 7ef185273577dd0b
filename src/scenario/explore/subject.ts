// What the search works on: a scenario with its requests, and the times of a run over it. Of the scenario's own
// timeline only the requests and their confirmations are kept; transfers cost time and decide nothing on the control plane.

import { parse } from 'yaml';
import { toSeconds } from '../../core/time.ts';
import { DEFAULT_TIMINGS } from '../../provisioning/timings.ts';
import type { Scenario } from '../schema.ts';
import type { RequestAction } from '../schema-timeline.ts';
import type { Incident } from './incident.ts';

export interface Subject {
  readonly scenario: Scenario;
  readonly demands: readonly Demand[];
  /** Of what is asked to be held. */
  readonly confirmations: readonly Incident[];
  /** All in us: incidents begin before this. */
  readonly activeUntil: number;
  /** The last of them is over by then. */
  readonly healedBy: number;
  readonly settledBy: number;
  readonly duration: number;
}

export interface Demand extends Pick<RequestAction, 'path' | 'from' | 'to'> {
  /** us since the start of the run. */
  readonly at: number;
  /** All that the file says of it. */
  readonly fields: Incident['fields'];
  /** The same, wanted at once and for as long as it may be. */
  readonly lasting: Incident['fields'];
}

/** From the last request until no new incident begins, and from there until all are over: ours. */
const activeSeconds = 3;
const lingerSeconds = 1.5;
/** Beyond lease and fibre hold: TL1 logins in vain (2 s, 4 s), an agent's return, a sweep and a heartbeat or two: ours. */
const marginSeconds = 9;
/** At the end every path is given back, and asked for anew so much later; it must be up so much after that: ours. */
export const giveBackSeconds = 2.5;
const grantSeconds = 2.5;

/** `text` is the scenario's file. Null when it asks for no path. */
export function subjectOf(scenario: Scenario, text: string): Subject | null {
  const written = (parse(text) as { readonly timeline?: readonly WrittenEntry[] }).timeline ?? [];
  const demands = scenario.timeline.flatMap(({ at, action }): Demand[] => {
    if (action.kind !== 'request') return [];
    const { path, from, to } = action;
    const entry = written.find(({ request }) => request?.['path'] === path);
    const fields = entry?.request ?? { path, from, to };
    const timeless = Object.entries(fields).filter(([key]) => !['start', 'end', 'hold'].includes(key));
    return [{ path, from, to, at: Math.round(at / 1000), fields, lasting: Object.fromEntries(timeless) }];
  });
  const confirmations = scenario.timeline.flatMap(({ at, action }): Incident[] => {
    if (action.kind !== 'confirm') return [];
    const { kind, path } = action;
    return [{ at: Math.round(at / 1000), lasts: null, action: kind, fields: { path } }];
  });
  if (demands.length === 0) return null;
  const { lease = DEFAULT_TIMINGS.lease, failedFibreHold = DEFAULT_TIMINGS.failedFibreHold } =
    scenario.provisioning;
  const activeUntil = Math.max(...demands.map((d) => d.at)) + activeSeconds * 1e6;
  const healedBy = activeUntil + lingerSeconds * 1e6;
  const calm = Math.max(2 * toSeconds(lease), toSeconds(failedFibreHold)) + marginSeconds;
  const settledBy = healedBy + Math.round(calm * 1e6);
  const duration = settledBy + (giveBackSeconds + grantSeconds) * 1e6;
  return { scenario, demands, confirmations, activeUntil, healedBy, settledBy, duration };
}

interface WrittenEntry {
  readonly request?: Incident['fields'];
}
