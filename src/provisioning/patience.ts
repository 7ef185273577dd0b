// How much longer than usual everything is waited for, where the control network, the switches or the machines of agents are
// slow. Waits that end in a refusal, a search or a new dial are longer by one factor, so that they keep their order; periods
// and leases stay as they are.

import { type Duration, ns } from '../core/time.ts';
import { type AgentTimings, DEFAULT_TIMINGS } from './timings.ts';

/** Ours: a prepare of some minutes, longer than anybody waits for a path. */
export const PATIENCE_MOST = 100;

const AGENT_WAITS = [
  ...(['firstLight', 'hostLight', 'hostLimit', 'lightLimit', 'locateLimit'] as const),
  ...(['prepareLimit', 'lockWait', 'commitLimit', 'acquaintLimit', 'returnLimit', 'preemptLimit'] as const),
  ...(['deviceLimit', 'busyLimit', 'connectLimit', 'probePeriod'] as const),
];

export const patientAgent = (patience: number): Partial<AgentTimings> =>
  patiently(DEFAULT_TIMINGS, AGENT_WAITS, patience);

/** Those of the timings that are waits, each so many times as long. */
export function patiently<K extends string>(
  timings: { readonly [name in K]: Duration },
  waits: readonly K[],
  patience: number,
): { readonly [name in K]: Duration } {
  const longer = waits.map((name) => [name, ns(Math.round(timings[name] * patience))]);
  return Object.fromEntries(longer);
}
