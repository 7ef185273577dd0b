// Daemons: both ends of a data link on light have one, or neither; what they ask of exists; and who has one leaves the
// choice of the agent to it.

import type { WrittenScenario } from './grammar.ts';
import { checkReference, namesOf, type Target } from './reference.ts';
import { show } from './shape.ts';
import type { ScenarioSource } from './source.ts';

export function checkDaemons(s: WrittenScenario, source: ScenarioSource): void {
  const agent: Target = { what: 'a switch', names: namesOf(s.switches), sections: ['switches'] };
  for (const { name, routed, daemon, transceiver } of s.hosts) {
    const path = ['hosts', name];
    for (const [i, each] of (daemon?.agents ?? []).entries())
      checkReference(each, [...path, 'daemon', 'agents', i], agent, source);
    if (source.isSuspect(path)) continue;
    if (daemon === undefined && routed !== undefined)
      source.complain([...path, 'routed'], {
        found: 'a host on the routed network without a daemon',
        expected: 'daemon: true, as nothing else chooses between the two',
      });
    if (daemon !== undefined && transceiver === undefined)
      source.complain([...path, 'daemon'], {
        found: 'a daemon of a host without light',
        expected: 'a host with a transceiver',
      });
    if (daemon?.agents?.length === 0)
      source.complain([...path, 'daemon', 'agents'], {
        found: 'an empty list',
        expected: 'a switch at least, or none of it for all',
      });
  }
  checkLinks(s, source);
  checkRequests(s, source);
}

const withDaemon = (s: WrittenScenario): ReadonlySet<string> =>
  new Set(s.hosts.flatMap(({ name, daemon }) => (daemon === undefined ? [] : [name])));

function checkLinks(s: WrittenScenario, source: ScenarioSource): void {
  if (source.isSuspect(['hosts'])) return;
  const daemons = withDaemon(s);
  for (const { name, between, circuit } of s.dataLinks) {
    const [one, other] = between.map((host) => daemons.has(host));
    const path = ['data-links', name, 'between'];
    if (one === other || circuit !== undefined || source.isSuspect(path)) continue;
    source.complain(path, {
      found: `"${between[one ? 0 : 1]}", a host with a daemon, and "${between[one ? 1 : 0]}", one without`,
      expected: 'a daemon at both ends, or at neither: light is verified by both',
    });
  }
}

function checkRequests(s: WrittenScenario, source: ScenarioSource): void {
  const daemons = withDaemon(s);
  for (const [i, { action }] of s.timeline.entries()) {
    if (action.kind !== 'request' || source.isSuspect(['hosts'])) continue;
    const path = ['timeline', i, 'request'];
    const isByDaemon = daemons.has(action.from);
    if (isByDaemon && action.agent !== '')
      source.complain([...path, 'agent'], {
        found: `${show(action.agent)} to be asked, beside a daemon, which asks the nearest`,
        expected: `no "agent", or "agents" of the daemon of ${action.from}`,
      });
    if (!isByDaemon && action.detached && !source.isSuspect([...path, 'from']))
      source.complain([...path, 'detached'], {
        found: 'a request that is to outlive its application',
        expected: 'daemon: true for its host, which then keeps the path',
      });
  }
}
