// What a what-if study works on: a scenario with nothing but its control plane, its light and its requests, and the
// cables that may be cut. A fibre between two switches is a cable of its own; the link of a map is one cable, however
// many fibres it was given. The fibres to hosts are none.

import { seconds } from '../../core/time.ts';
import type { NetworkMap } from '../../net/maps/network-map.ts';
import type { Demand } from '../import/demand.ts';
import { importMap } from '../import/import-map.ts';
import type { Scenario, SwitchFamily } from '../schema.ts';
import type { RequestAction } from '../schema-timeline.ts';

export interface Cable {
  readonly name: string;
  /** Switches. */
  readonly ends: readonly [string, string];
  readonly fibres: readonly string[];
  /** Metres. */
  readonly length: number;
  readonly groups: readonly string[];
}

/** After the last request, and after the last cut, so much must do: ours, above the hold of a fibre found failed. */
export const settleLimit = seconds(40);

/** The scenario without transfers, circuits, and faults: what is left of its timeline are its requests. */
export function strippedScenario(scenario: Scenario): Scenario {
  return {
    ...scenario,
    timeline: scenario.timeline.filter(
      ({ action }) => action.kind === 'request' || action.kind === 'confirm',
    ),
    dataLinks: scenario.dataLinks.filter(({ circuit }) => circuit === undefined),
    circuitNodes: [],
    spans: [],
    hosts: scenario.hosts.map(({ ethernetPort: _, ...host }) => host),
    expectations: [],
  };
}

export const requestsOf = ({ timeline }: Pick<Scenario, 'timeline'>): RequestAction[] =>
  timeline.flatMap(({ action }) => (action.kind === 'request' ? [action] : []));

/** `groupsOf`: the groups of a fibre beside its own. */
export function cablesOfScenario(
  { fibres }: Pick<Scenario, 'fibres'>,
  groupsOf: (fibre: string) => readonly string[],
): Cable[] {
  return fibres.flatMap(({ name, between: [a, b], length }): Cable[] => {
    if (a.kind !== 'port' || b.kind !== 'port') return [];
    const ends = [a.switchName, b.switchName] as const;
    return [{ name, ends, fibres: [name], length, groups: groupsOf(name) }];
  });
}

export interface MapStudy {
  /** The text of the scenario. */
  readonly text: string;
  readonly cables: readonly Cable[];
  readonly switchOf: ReadonlyMap<string, string>;
}

/** A map as a scenario, each of its links with so many fibres. Throws `MapError` as `importMap` does. */
export function studyOfMap(
  map: NetworkMap,
  o: {
    readonly name: string;
    readonly fibresPerLink: number;
    readonly seed: string;
    readonly demands?: readonly Demand[];
    readonly family?: SwitchFamily;
    readonly metresPerUnit?: number;
  },
): MapStudy {
  const { fibresPerLink, ...options } = o;
  const taken = new Set(map.links.map(({ id }) => id));
  const links = map.links.map((link) => ({ link, ids: fibreIds(link.id, fibresPerLink, taken) }));
  const { text, fibreOf, switchOf } = importMap(
    { nodes: map.nodes, links: links.flatMap(({ link, ids }) => ids.map((id) => ({ ...link, id }))) },
    options,
  );
  const named = (names: ReadonlyMap<string, string>, id: string): string => names.get(id) ?? id;
  const cables = links.map(({ link, ids }) => ({
    name: named(fibreOf, link.id),
    ends: [named(switchOf, link.a), named(switchOf, link.b)] as const,
    fibres: ids.map((id) => named(fibreOf, id)),
    length: link.weight * (options.metresPerUnit ?? 1),
    groups: link.srlg ?? [],
  }));
  return { text, cables, switchOf };
}

/** The link's own and numbers behind it; should the map have links `a` and `a-2` itself, the second fibre of `a` is `a-3`. */
function fibreIds(id: string, count: number, taken: Set<string>): string[] {
  const ids = [id];
  for (let n = 2; ids.length < count; n++) {
    const next = `${id}-${n}`;
    if (taken.has(next)) continue;
    taken.add(next);
    ids.push(next);
  }
  return ids;
}
