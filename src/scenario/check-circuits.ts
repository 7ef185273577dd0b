// Circuit nodes: spans join OC-n ports that exist and are free, hosts are plugged into Ethernet ports, and a circuit of
// the timeline joins two of them that spans lead between. A data link rides on a circuit between its own hosts.

import { SLOTS_MAX, sts1For } from '../circuits/sts.ts';
import type { WrittenScenario } from './grammar.ts';
import { CIRCUIT_NODE_NAME } from './grammar-circuits.ts';
import { checkReference, namesOf, type Target } from './reference.ts';
import type { DataLink, HostDescription } from './schema.ts';
import { type CreateCircuitAction, type SpanEnd, type SpanFailure, slotsOf } from './schema-circuits.ts';
import { show } from './shape.ts';
import type { Path, ScenarioSource } from './source.ts';
import { nearMiss } from './suggest.ts';

export function checkCircuits(s: WrittenScenario, source: ScenarioSource): void {
  checkNodes(s, source);
  checkSpans(s, source);
  checkHosts(s, source);
  for (const link of s.dataLinks) checkDataLink(link, s, source);
  for (const [i, { action }] of s.timeline.entries()) {
    const path = ['timeline', i, action.kind];
    if (action.kind === 'create-circuit') checkCreation(action, path, s, source);
    if ((action.kind === 'cut' || action.kind === 'repair') && 'span' in action)
      checkSlots(action, path, s, source);
  }
  checkRepeats(s, source);
}

/** What a deletion may name. */
export const circuitTarget = (s: WrittenScenario): Target => ({
  what: 'a circuit created in the timeline',
  names: creations(s).map(({ circuit }) => circuit),
  sections: ['timeline'],
  isWithin: true,
});

const creations = (s: WrittenScenario): readonly CreateCircuitAction[] =>
  s.timeline.flatMap(({ action }) => (action.kind === 'create-circuit' ? [action] : []));

function checkNodes(s: WrittenScenario, source: ScenarioSource): void {
  for (const { name } of s.circuitNodes)
    if (name !== '' && !CIRCUIT_NODE_NAME.test(name))
      source.complain(['circuit-nodes', name], {
        found: show(name),
        expected: 'at most 20 characters: in upper case it is the TID of the node',
        isAboutKey: true,
      });
}

function checkSpans(s: WrittenScenario, source: ScenarioSource): void {
  const taken = new Map<string, Path>();
  for (const { name, between } of s.spans) {
    const path: Path = ['spans', name, 'between'];
    const known = between.map((end, i) => checkPort(end, [...path, i], 'ocPorts', s, source));
    if (known.every(Boolean) && between[0].node === between[1].node)
      source.complain([...path, 1], { found: show(format(between[1])), expected: 'a port of another node' });
    for (const [i, end] of between.entries())
      if (known[i] === true) checkFree(end, [...path, i], taken, 'span', source);
  }
}

function checkHosts(s: WrittenScenario, source: ScenarioSource): void {
  const taken = new Map<string, Path>();
  for (const { name, ethernetPort, transceiver } of s.hosts) {
    const path: Path = ['hosts', name, 'ethernet-port'];
    if (ethernetPort !== undefined && checkPort(ethernetPort, path, 'ethernetPorts', s, source))
      checkFree(ethernetPort, path, taken, 'host', source);
    if (transceiver !== undefined || source.isSuspect(['hosts', name])) continue;
    if (ethernetPort === undefined)
      source.complain(['hosts', name], {
        found: `"${name}", a host without light and without an Ethernet port`,
        expected: 'transceiver: a map with power, sensitivity, power-on, capacity; or ethernet-port',
        isAboutKey: true,
      });
    for (const fibre of s.fibres)
      for (const [i, end] of fibre.between.entries())
        if (end.kind === 'host' && end.host === name)
          source.complain(['fibres', fibre.name, 'between', i], {
            found: `${show(name)}, a host without a transceiver`,
            expected: 'a host that has light',
          });
  }
}

function checkDataLink(link: DataLink, s: WrittenScenario, source: ScenarioSource): void {
  const { name, circuit, between } = link;
  const path: Path = ['data-links', name];
  for (const [i, end] of between.entries()) {
    const host = hostOf(s, end);
    if (host === null || source.isSuspect(['hosts', end])) continue;
    if (circuit === undefined && host.transceiver === undefined)
      source.complain([...path, 'between', i], {
        found: `${show(end)}, a host without a transceiver`,
        expected: 'a host that has light, or "circuit" for a link on a circuit',
      });
    if (circuit !== undefined) checkPlugged(host, [...path, 'between', i], source);
  }
  if (circuit === undefined || !checkReference(circuit, [...path, 'circuit'], circuitTarget(s), source))
    return;
  const others = creations(s).filter((c) => c.circuit === circuit && !isBetween(c, between));
  const [other] = others;
  if (other !== undefined && !source.isSuspect(path) && !source.isSuspect(['timeline']))
    source.complain([...path, 'circuit'], {
      found: `${show(circuit)}, a circuit between ${other.from} and ${other.to}`,
      expected: `a circuit between ${between.join(' and ')}`,
    });
}

const isBetween = ({ from, to }: CreateCircuitAction, [a, b]: DataLink['between']): boolean =>
  (from === a && to === b) || (from === b && to === a);

function checkCreation(
  action: CreateCircuitAction,
  path: Path,
  s: WrittenScenario,
  source: ScenarioSource,
): void {
  const { from, to, rate } = action;
  const hosts = [hostOf(s, from), hostOf(s, to)] as const;
  const plugged = hosts.map(
    (host, i) => host !== null && checkPlugged(host, [...path, i === 0 ? 'from' : 'to'], source),
  );
  if (rate !== undefined && !source.isSuspect([...path, 'rate']) && sts1For(rate) > SLOTS_MAX)
    source.complain([...path, 'rate'], {
      found: `${sts1For(rate)} STS-1`,
      expected: `at most ${SLOTS_MAX} STS-1, which carry 9.6215 Gb/s`,
    });
  if (from === to && from !== '')
    source.complain([...path, 'to'], { found: `${show(to)} twice`, expected: 'another host' });
  else if (plugged.every(Boolean)) checkReach(hosts, path, s, source);
}

function checkReach(
  [a, b]: readonly [HostDescription | null, HostDescription | null],
  path: Path,
  s: WrittenScenario,
  source: ScenarioSource,
): void {
  const [start = '', end = ''] = [a?.ethernetPort?.node, b?.ethernetPort?.node];
  const reached = new Set([start]);
  for (const node of reached)
    for (const { between } of s.spans)
      if (between.some((each) => each.node === node)) for (const each of between) reached.add(each.node);
  if (!reached.has(end) && !source.isSuspect(['spans']) && !source.isSuspect(['circuit-nodes']))
    source.complain([...path, 'to'], {
      found: `${show(b?.name)} at node ${end}, to which no spans lead from ${start}`,
      expected: 'spans between the nodes of both hosts',
    });
}

function checkSlots(failure: SpanFailure, path: Path, s: WrittenScenario, source: ScenarioSource): void {
  const span = s.spans.find(({ name }) => name === failure.span);
  const levels = (span?.between ?? []).flatMap(({ node, port }) =>
    (s.circuitNodes.find(({ name }) => name === node)?.ocPorts ?? []).filter(({ aid }) => aid === port),
  );
  if (levels.length < 2) return;
  const count = Math.min(...levels.map(slotsOf));
  for (const [i, slot] of (failure.slots ?? []).entries())
    if (slot > count)
      source.complain([...path, 'slots', i], {
        found: `time slot ${slot}`,
        expected: `one from 1 to ${count}, as span ${failure.span} has`,
      });
}

/** A circuit is created again only after it was deleted. */
function checkRepeats(s: WrittenScenario, source: ScenarioSource): void {
  // A deletion that could not be read may be the one that is missed.
  if (source.isSuspect(['timeline'])) return;
  const standing = new Map<string, Path>();
  const entries = s.timeline.map((entry, i) => ({ ...entry, i })).sort((a, b) => a.at - b.at);
  for (const { action, i } of entries) {
    if (action.kind === 'delete-circuit') standing.delete(action.circuit);
    if (action.kind !== 'create-circuit' || action.circuit === '') continue;
    const path = ['timeline', i, action.kind, 'circuit'];
    const other = standing.get(action.circuit);
    if (other !== undefined)
      source.complain(path, {
        found: `${show(action.circuit)} again`,
        expected: `another name, or a delete-circuit after line ${source.position(other).line}`,
      });
    standing.set(action.circuit, path);
  }
}

const hostOf = (s: WrittenScenario, host: string): HostDescription | null =>
  s.hosts.find(({ name }) => name === host) ?? null;

function checkPlugged({ name, ethernetPort }: HostDescription, path: Path, source: ScenarioSource): boolean {
  if (ethernetPort !== undefined) return true;
  if (!source.isSuspect(['hosts', name]))
    source.complain(path, {
      found: `${show(name)}, a host without an ethernet-port`,
      expected: 'a host that is plugged into a circuit node',
    });
  return false;
}

/** Whether the node has this port, of that kind. */
function checkPort(
  end: SpanEnd,
  path: Path,
  kind: 'ocPorts' | 'ethernetPorts',
  s: WrittenScenario,
  source: ScenarioSource,
): boolean {
  const target = { what: 'a circuit node', names: namesOf(s.circuitNodes), sections: ['circuit-nodes'] };
  if (!checkReference(end.node, path, target, source)) return false;
  const node = s.circuitNodes.find(({ name }) => name === end.node);
  if (node === undefined || source.isSuspect(['circuit-nodes', node.name])) return false;
  const labels = node[kind].map(({ aid }) => aid);
  if (labels.includes(end.port)) return true;
  const suggestion = nearMiss(end.port, labels);
  source.complain(path, {
    found: show(format(end)),
    expected: `${kind === 'ocPorts' ? 'an OC-n' : 'an Ethernet'} port of ${node.name}: ${labels.join(', ')}`,
    suggestion: suggestion === null ? null : `"${node.name}/${suggestion}"`,
  });
  return false;
}

function checkFree(
  end: SpanEnd,
  path: Path,
  taken: Map<string, Path>,
  what: 'span' | 'host',
  source: ScenarioSource,
): void {
  const other = taken.get(format(end));
  if (other === undefined) return void taken.set(format(end), path);
  source.complain(path, {
    found: `${show(format(end))} again`,
    expected: `a port without a ${what}: "${String(other[1])}" in line ${source.position(other).line} has it`,
  });
}

const format = ({ node, port }: SpanEnd): string => `${node}/${port}`;
