// A host asks the agent of the switch at the other end of its fibre, unless the scenario names another.

import type { WrittenScenario } from './grammar.ts';
import { endsAtHost } from './host-line.ts';
import type { TimelineEntry } from './schema-timeline.ts';
import { show } from './shape.ts';
import type { ScenarioSource } from './source.ts';

/** The timeline, with an agent in every request; complains where none can be found. */
export function settleAgents(s: WrittenScenario, source: ScenarioSource): readonly TimelineEntry[] {
  return s.timeline.map((entry, i) => {
    const { action } = entry;
    if (action.kind !== 'request' || action.agent !== '') return entry;
    const agent = entrySwitch(s, action.from);
    const path = ['timeline', i, 'request', 'from'];
    const isKnown = (): boolean => s.hosts.some((host) => host.name === action.from);
    if (agent === null && isKnown() && !source.isSuspect(['fibres']) && !source.isSuspect(path))
      source.complain(path, {
        found: `${show(action.from)}, a host without a fibre to a switch`,
        expected: 'a host with one, or the agent to ask as "agent"',
      });
    return { ...entry, action: { ...action, agent: agent ?? '' } };
  });
}

/** The switch at the other end of a host's fibre. */
export function entrySwitch(s: Pick<WrittenScenario, 'fibres'>, host: string): string | null {
  for (const { far } of endsAtHost(s, host)) if (far.kind === 'port') return far.switchName;
  return null;
}
