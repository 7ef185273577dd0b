// The network that an argument names: a map in any of the formats, or a scenario's switches and hosts with the
// fibres between them.

import { readFileSync, statSync } from 'node:fs';
import * as v from 'valibot';
import { families } from '../../emulators/families.ts';
import { MapError } from '../net/maps/errors.ts';
import { checkedMap, type NetworkMap } from '../net/maps/network-map.ts';
import { readMap } from '../net/maps/read-map.ts';
import type { FibreEnd, Scenario } from '../scenario/schema.ts';
import { nearMiss } from '../scenario/suggest.ts';
import { UsageError } from './exit-code.ts';
import { readScenario } from './scenario-file.ts';

/** Whether it names a map; else it names a scenario. Throws `UsageError` where there is no such file. */
export function isMapFile(argument: string): boolean {
  // A pipe is one, too: a shell's <(…).
  if (!/\.ya?ml$/.test(argument) && statSync(argument, { throwIfNoEntry: false })?.isDirectory() === false)
    return true;
  // A name that looks like a file's would only be looked for in strange places.
  if (/\.(json|xml|txt|graphml|n2p)$/i.test(argument)) throw new UsageError(`there is no file ${argument}`);
  return false;
}

/** Throws `UsageError` where there is no map, `ScenarioError` where a scenario is wrong. */
export function readMapFile(argument: string): NetworkMap {
  if (isMapFile(argument)) return inFile(argument, () => readMap(text(argument)));
  const { scenario, file } = readScenario(argument, 'map or scenario');
  return inFile(file, () => checkedMap(mapOf(scenario)));
}

/** The node of that id, or the only one of that name. Throws `UsageError`. */
export function findNode(map: NetworkMap, word: string): string {
  if (map.nodes.some(({ id }) => id === word)) return word;
  const named = map.nodes.filter(({ name }) => name === word);
  if (named.length > 1)
    throw new UsageError(
      `${named.length} nodes are named ${word}: give one of ${named.map(({ id }) => id).join(', ')}`,
    );
  if (named[0] !== undefined) return named[0].id;
  const near = nearMiss(
    word,
    map.nodes.flatMap(({ id, name }) => [id, name]),
  );
  throw new UsageError(`the map has no node ${word}${near === null ? '' : `; did you mean ${near}?`}`);
}

function inFile(file: string, read: () => NetworkMap): NetworkMap {
  try {
    return read();
  } catch (error) {
    throw error instanceof MapError ? new UsageError(`${file} cannot be used: ${error.message}`) : error;
  }
}

/** Without the byte order mark that some editors put first. Throws `UsageError`. */
export function text(file: string): string {
  try {
    return readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function mapOf({ switches, hosts, fibres }: Scenario): NetworkMap {
  const nodes = [
    ...switches.map(({ name, family, insertionLoss }) => ({
      id: name,
      name,
      loss: insertionLoss ?? families[family].insertionLoss,
    })),
    ...hosts.map(({ name }) => ({ id: name, name, loss: 0 })),
  ];
  const links = fibres.map(({ name, between: [a, b], length, loss, cost, srlg }) => ({
    id: name,
    a: nodeAt(a),
    b: nodeAt(b),
    weight: Math.max(1, Math.round(length)),
    loss,
    ...(cost === undefined ? {} : { cost }),
    ...(srlg && { srlg }),
  }));
  return { nodes, links };
}

const nodeAt = (end: FibreEnd): string => (end.kind === 'port' ? end.switchName : end.host);

const groupsFile = v.record(v.string(), v.array(v.string()));

/** The map with the groups of a JSON file, `{"duct": ["link", …]}`, added to its own. Throws `UsageError`. */
export function withGroups(map: NetworkMap, file: string): NetworkMap {
  const groups = readGroups(file);
  const known = new Set(map.links.map(({ id }) => id));
  const of = new Map<string, string[]>();
  for (const [group, links] of Object.entries(groups)) {
    for (const link of links) {
      if (!known.has(link))
        throw new UsageError(`${file}: ${group} has ${link}, which is no link of the map`);
      of.set(link, [...(of.get(link) ?? []), group]);
    }
  }
  const links = map.links.map((link) => ({
    ...link,
    srlg: [...(link.srlg ?? []), ...(of.get(link.id) ?? [])],
  }));
  return { nodes: map.nodes, links };
}

function readGroups(file: string): Record<string, string[]> {
  const written = text(file);
  try {
    return v.parse(groupsFile, JSON.parse(written));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UsageError(`${file} is not JSON like {"duct": ["link-1", "link-2"]}: ${reason}`);
  }
}
