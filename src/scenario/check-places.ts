// Where things stand, and what links join: sites exist, and a link has two different ends.

import type { WrittenScenario } from './grammar.ts';
import { checkReference, namesOf, type Target } from './reference.ts';
import { show } from './shape.ts';
import type { ScenarioSource } from './source.ts';

export function checkPlaces(s: WrittenScenario, source: ScenarioSource): void {
  const site: Target = { what: 'a site', names: namesOf(s.sites), sections: ['sites'] };
  const host: Target = { what: 'a host', names: namesOf(s.hosts), sections: ['hosts'] };
  for (const w of s.switches) checkReference(w.site, ['switches', w.name, 'site'], site, source);
  for (const n of s.circuitNodes) checkReference(n.site, ['circuit-nodes', n.name, 'site'], site, source);
  for (const h of s.hosts) checkReference(h.site, ['hosts', h.name, 'site'], site, source);
  for (const l of s.dataLinks) checkEnds(l, 'data-links', host, source);
  for (const l of s.controlLinks) checkEnds(l, 'control-links', site, source);
}

function checkEnds(
  link: { readonly name: string; readonly between: readonly [string, string] },
  section: string,
  target: Target,
  source: ScenarioSource,
): void {
  const path = [section, link.name, 'between'];
  const known = link.between.map((end, i) => checkReference(end, [...path, i], target, source));
  if (known.every(Boolean) && link.between[0] === link.between[1])
    source.complain([...path, 1], {
      found: `${show(link.between[1])} twice`,
      expected: `another end: ${target.what}`,
    });
}
