// What agents are told must fit together: a lease that ends before its next renewal would end every path.

import { formatDuration } from '../core/time.ts';
import { DEFAULT_FLAP_LIMITS } from '../provisioning/flap-damping.ts';
import { DEFAULT_TIMINGS } from '../provisioning/timings.ts';
import type { WrittenScenario } from './grammar.ts';
import { checkReference, namesOf } from './reference.ts';
import type { ScenarioSource } from './source.ts';

export function checkProvisioning(s: WrittenScenario, source: ScenarioSource): void {
  const { provisioning } = s;
  checkFlapping(provisioning, source);
  const target = { what: 'a switch', names: namesOf(s.switches), sections: ['switches'] };
  for (const [i, seed] of (provisioning.seeds ?? []).entries())
    checkReference(seed, ['provisioning', 'seeds', i], target, source);
  const { lease = DEFAULT_TIMINGS.lease, heartbeat = DEFAULT_TIMINGS.heartbeat } = provisioning;
  if (lease > heartbeat || source.isSuspect(['provisioning'])) return;
  if (provisioning.lease === undefined)
    source.complain(['provisioning', 'heartbeat'], {
      found: formatDuration(heartbeat),
      expected: `less than a lease, which is ${formatDuration(lease)} where nothing else is said`,
    });
  else
    source.complain(['provisioning', 'lease'], {
      found: formatDuration(lease),
      expected: `more than the time between two heartbeats, ${formatDuration(heartbeat)}`,
    });
}

/** A fibre that is used again above the penalty that leaves it out would go to and fro. */
function checkFlapping({ flapping }: WrittenScenario['provisioning'], source: ScenarioSource): void {
  const { suppress, reuse } = { ...DEFAULT_FLAP_LIMITS, ...flapping };
  if (reuse < suppress || source.isSuspect(['provisioning'])) return;
  source.complain(['provisioning', 'flapping'], {
    found: `a reuse of ${reuse} with a suppress of ${suppress}`,
    expected: 'a reuse that is less than suppress',
  });
}
