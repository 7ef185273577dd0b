// A scenario from a map: a site with one switch for each node, a fibre for each link, a control link along each
// fibre's way with its delay, and for each demand a host at either end that asks for a light path. What maps do
// not say is assumed, and the assumption written into the scenario: amplifiers make up for what fibres and
// switches lose. As text, to be kept and changed, or loaded, to be run at once.

import { families } from '../../../emulators/families.ts';
import { metres, propagationDelay } from '../../core/quantity.ts';
import { MapError } from '../../net/maps/errors.ts';
import type { NetworkMap } from '../../net/maps/network-map.ts';
import { loadScenario } from '../load.ts';
import type { Scenario, SwitchFamily } from '../schema.ts';
import { NAME } from '../shape.ts';
import { type Demand, furthestPair } from './demand.ts';
import { LegalNames } from './legal-name.ts';
import { type MapPlan, type PlannedPort, planMap } from './map-plan.ts';

export interface ImportOptions {
  /** Made into a legal name. */
  readonly name: string;
  readonly family?: SwitchFamily;
  /** Absent: one, between the two nodes that lie furthest apart. */
  readonly demands?: readonly Demand[];
  /** Ids of nodes with one more host each, which asks for nothing. */
  readonly hosts?: readonly string[];
  /** Of fibre, for each unit of a link's weight: 1 for maps whose weights are lengths. */
  readonly metresPerUnit?: number;
  readonly seed?: string;
}

export interface ImportedScenario {
  readonly name: string;
  readonly text: string;
  /** What the scenario calls the map's nodes and links, by their ids. */
  readonly switchOf: ReadonlyMap<string, string>;
  readonly fibreOf: ReadonlyMap<string, string>;
}

/**
 * Of a fibre, and of a cross-connect. Networks in service have amplifiers along every long fibre and behind every switch;
 * what those leave is small (inferred): 100 switches in a row lose 10 dB.
 */
const lossAfterAmplifiers = '0.05 dB';
/** To the next room, without amplifiers (inferred). */
const access = 'length: 10 m, loss: 0.1 dB';
/** A long-reach 10GE port (inferred). */
const transceiver = 'transceiver: { power: 0 dBm, sensitivity: -24 dBm, power-on: 50 ms, capacity: 10 Gb/s }';
const disk = 'disk: { read: 1 GB/s, write: 1 GB/s }';
/** By then all agents have met, on maps of some hundred nodes too. */
const requestsAt = '4 s';

/** What `importMap` writes, ready to run. Throws `MapError` or `ScenarioError` where the map is beyond a scenario. */
export function scenarioOfMap(map: NetworkMap, options: ImportOptions): Scenario {
  const { name, text } = importMap(map, options);
  return loadScenario(`${name}/scenario.yaml`, text);
}

/** Switches of one scenario: ten times the largest map that is published, and a file of some megabytes. */
const nodesMax = 10_000;
/** Above it the search of all pairs for the furthest takes longer than a user waits. */
const nodesSearchedMax = 2_000;

/** Throws `MapError` where a node has more links than a switch has ports, or the map is too large. */
export function importMap(map: NetworkMap, options: ImportOptions): ImportedScenario {
  checkSize(map, options);
  const furthest = options.demands === undefined ? furthestPair(map) : null;
  const demands = options.demands ?? (furthest === null ? [] : [furthest]);
  const plan = planMap(map, demands, options.hosts ?? []);
  const name = NAME.test(options.name) ? options.name : new LegalNames().make(options.name, 'map');
  checkLengths(map, options.metresPerUnit ?? 1);
  const family = options.family ?? 'polatis';
  const text = [
    ...head(name, plan, options.seed ?? '1'),
    ...nodes(plan, family),
    ...fibres(plan, family, options.metresPerUnit ?? 1),
    ...section('control-links', controlLinks(plan, options.metresPerUnit ?? 1)),
    ...section('timeline', requests(plan)),
    ...section('expect', expectations(plan)),
  ].join('\n');
  return {
    name,
    text,
    switchOf: new Map(plan.switches.map((planned) => [planned.id, planned.name])),
    fibreOf: new Map(plan.fibres.map((planned) => [planned.id, planned.name])),
  };
}

function checkSize({ nodes: { length } }: NetworkMap, { demands }: ImportOptions): void {
  if (length > nodesMax)
    throw new MapError(`it has ${length} nodes, and a scenario takes ${nodesMax} switches`);
  if (length > nodesSearchedMax && demands === undefined)
    throw new MapError(
      `the two that lie furthest apart of ${length} nodes take too long to find: give --demands`,
    );
}

/** Twice round the earth; beyond it a weight is no length, and in the end no delay can be computed. */
const metresMax = 80_000_000;

function checkLengths({ links }: NetworkMap, metresPerUnit: number): void {
  const long = links.find(({ weight }) => weight * metresPerUnit > metresMax);
  if (long !== undefined)
    throw new MapError(
      `link ${long.id} would have ${long.weight * metresPerUnit} m of fibre, more than twice round the earth: give fewer metres for each unit of weight`,
    );
}

const head = (name: string, { switches, fibres: all }: MapPlan, seed: string): string[] => [
  '# Written by lightbed import: nodes, links and lengths are the map’s, all else is assumed.',
  '',
  `scenario: ${name}`,
  `title: "${name}: ${switches.length} switches, ${all.length} fibres"`,
  `seed: ${JSON.stringify(seed)}`,
  'duration: 10 s',
  '',
];

const nodes = ({ switches, hosts }: MapPlan, family: SwitchFamily): string[] => [
  ...section(
    'sites',
    switches.map(({ name, title }) => `${name}: { title: ${JSON.stringify(title)} }`),
  ),
  '# An amplifier behind each switch makes up for what it loses; this is left.',
  ...section(
    'switches',
    switches.map(({ name, ports }) => {
      const loss = `insertion-loss: ${lossAfterAmplifiers}`;
      return `${name}: { site: ${name}, family: ${family}, ports: ${ports}, ${loss} }`;
    }),
  ),
  ...section(
    'hosts',
    hosts.map(({ name, at }) => `${name}: { site: ${at.switchName}, ${disk}, ${transceiver} }`),
  ),
];

function fibres(plan: MapPlan, family: SwitchFamily, metresPerUnit: number): string[] {
  const portsOf = new Map(plan.switches.map(({ name, ports }) => [name, ports]));
  const labels = new Map<number, readonly string[]>();
  const text = ({ switchName, port }: PlannedPort): string => {
    const ports = portsOf.get(switchName) ?? 0;
    const known = labels.get(ports) ?? families[family].portLabels(ports);
    labels.set(ports, known);
    return `${switchName}/${known[port]}`;
  };
  const between = plan.fibres.map(({ name, ends: [a, b], weight }) => {
    const length = `length: ${lengthText(weight * metresPerUnit)}, loss: ${lossAfterAmplifiers}`;
    return `${name}: { between: [${text(a)}, ${text(b)}], ${length} }`;
  });
  const atHosts = plan.hosts.map(
    (host) => `${host.access}: { between: [${host.name}, ${text(host.at)}], ${access} }`,
  );
  return [
    '# Amplifiers along the fibres make up for what they lose; to the hosts there are none.',
    ...section('fibres', [...between, ...atHosts]),
  ];
}

/** Along the shortest fibre between two sites: where the map falls apart, so do its agents. */
function controlLinks({ fibres: all }: MapPlan, metresPerUnit: number): string[] {
  const shortest = new Map<string, MapPlan['fibres'][number]>();
  for (const fibre of all) {
    const pair = fibre.ends
      .map(({ switchName }) => switchName)
      .toSorted()
      .join(' ');
    if (fibre.weight < (shortest.get(pair)?.weight ?? Infinity)) shortest.set(pair, fibre);
  }
  return [...shortest.values()].map(({ name, ends: [a, b], weight }) => {
    const delay = propagationDelay(metres(weight * metresPerUnit));
    return `${name}: { between: [${a.switchName}, ${b.switchName}], delay: ${delay} ns }`;
  });
}

const requests = ({ requests: all }: MapPlan): string[] =>
  all.map(
    ({ path, from, to }) => `- { at: ${requestsAt}, request: { path: ${path}, from: ${from}, to: ${to} } }`,
  );

/** Of several paths some may be refused, for a fibre carries one. */
const expectations = ({ requests: all }: MapPlan): string[] => [
  ...(all.length === 1 ? ['- { metric: path.setup, at-most: 5 s }'] : []),
  '- { metric: invariants.violations, equals: 0 }',
];

/** Nothing where there are no lines: an empty section is a mistake. */
const section = (key: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : [`${key}:`, ...lines.map((line) => `  ${line}`), ''];

const lengthText = (length: number): string =>
  length < 1000 ? `${Number(length.toFixed(3))} m` : `${Number((length / 1000).toFixed(6))} km`;
