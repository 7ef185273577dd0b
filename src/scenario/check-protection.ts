// Protection that a scenario's hosts cannot have: two lit legs need two transceivers at each end.

import type { WrittenScenario } from './grammar.ts';
import { terminalsOfHost } from './host-line.ts';
import type { ScenarioSource } from './source.ts';

export function checkProtection(s: WrittenScenario, source: ScenarioSource): void {
  for (const [i, { action }] of s.timeline.entries()) {
    if (action.kind !== 'request' || action.protection?.kind !== '1+1') continue;
    const path = ['timeline', i, 'request', 'protection'];
    if (source.isSuspect(['fibres']) || source.isSuspect(['timeline', i])) continue;
    const poor = [action.from, action.to].find(
      (host) => s.hosts.some(({ name }) => name === host) && terminalsOfHost(s, host).length < 2,
    );
    if (poor !== undefined)
      source.complain(path, {
        found: `1+1 for ${poor}, a host with one transceiver`,
        expected: `a fibre that ends at a second one, "${poor}/2", or the kind 1:1`,
      });
  }
}
