// Names: everything that becomes a node of the network, or a link of it, needs one of its own.

import type { WrittenScenario } from './grammar.ts';
import { controlInterface, siteRouter } from './machines.ts';
import { agentMachine } from './schema.ts';
import { show } from './shape.ts';
import type { Path, ScenarioSource } from './source.ts';

export function checkNames(scenario: WrittenScenario, source: ScenarioSource, folder: string | null): void {
  if (folder !== null && scenario.scenario !== '' && scenario.scenario !== folder)
    source.complain(['scenario'], {
      found: show(scenario.scenario),
      expected: `the name of its folder, "${folder}"`,
    });
  checkUnique(nodes(scenario), source);
  checkUnique(links(scenario), source);
  checkUnique(timelineNames(scenario, 'request', 'path'), source);
  checkUnique(timelineNames(scenario, 'transfer', 'name'), source);
}

interface Naming {
  readonly name: string;
  /** What has the name: `switch`. */
  readonly what: string;
  readonly path: Path;
  readonly isAboutKey: boolean;
}

/** The same machines and routers as `machines.ts` puts into the network. */
function nodes(s: WrittenScenario): readonly Naming[] {
  return [
    ...keyed(s.sites, 'router of a site', 'sites', siteRouter),
    ...keyed(s.switches, 'switch', 'switches'),
    ...keyed(s.switches, 'agent of a switch', 'switches', agentMachine),
    ...keyed(s.circuitNodes, 'circuit node', 'circuit-nodes'),
    ...keyed(s.hosts, 'host', 'hosts'),
    ...keyed(s.hosts, 'control interface of a host', 'hosts', controlInterface),
  ];
}

const links = (s: WrittenScenario): readonly Naming[] => [
  ...keyed(s.dataLinks, 'data link', 'data-links'),
  ...keyed(s.controlLinks, 'control link', 'control-links'),
];

const keyed = (
  items: readonly { readonly name: string }[],
  what: string,
  section: string,
  nodeOf = (name: string) => name,
): Naming[] =>
  items
    .filter((item) => item.name !== '')
    .map(({ name }) => ({ name: nodeOf(name), what, path: [section, name], isAboutKey: true }));

function timelineNames(s: WrittenScenario, kind: 'request' | 'transfer', key: 'path' | 'name'): Naming[] {
  return s.timeline.flatMap(({ action }, i) => {
    if (action.kind !== kind) return [];
    const name = action.kind === 'request' ? action.path : action.name;
    return name === ''
      ? []
      : [{ name, what: key === 'path' ? 'path' : kind, path: ['timeline', i, kind, key], isAboutKey: false }];
  });
}

function checkUnique(namings: readonly Naming[], source: ScenarioSource): void {
  const taken = new Map<string, Naming>();
  for (const naming of namings) {
    const other = taken.get(naming.name);
    if (other === undefined) taken.set(naming.name, naming);
    else
      source.complain(naming.path, {
        found: `the ${naming.what} "${naming.name}"`,
        expected: `another name: line ${source.position(other.path).line} has a ${other.what} "${other.name}"`,
        isAboutKey: naming.isAboutKey,
      });
  }
}
