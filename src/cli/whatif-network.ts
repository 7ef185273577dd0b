// What `lightbed whatif` is asked about: a map, made into a scenario in memory, or a scenario with its own requests.

import { basename } from 'node:path';
import { MapError } from '../net/maps/errors.ts';
import type { StudyNode } from '../report/study-report.ts';
import { loadScenario } from '../scenario/load.ts';
import type { Scenario } from '../scenario/schema.ts';
import { type Cable, cablesOfScenario, strippedScenario, studyOfMap } from '../scenario/whatif/subject.ts';
import { UsageError } from './exit-code.ts';
import { demandsOf } from './import-demands.ts';
import { isMapFile, readMapFile, withGroups } from './map-file.ts';
import { readScenario } from './scenario-file.ts';

export interface WhatifNetwork {
  readonly file: string;
  readonly text: string;
  /** Stripped. */
  readonly scenario: Scenario;
  readonly cables: readonly Cable[];
  readonly nodes: readonly StudyNode[];
}

export interface NetworkOptions {
  readonly demands: string | undefined;
  readonly fibres: number | undefined;
  readonly srlg: string | undefined;
  readonly metres: number | undefined;
  readonly seed: string;
}

/** Random pairs, where nothing is said. */
const demandsDefault = '10';

export function whatifNetwork(argument: string, options: NetworkOptions): WhatifNetwork {
  return isMapFile(argument) ? ofMap(argument, options) : ofScenario(argument, options);
}

function ofMap(file: string, { demands, fibres, srlg, metres, seed }: NetworkOptions): WhatifNetwork {
  const read = readMapFile(file);
  const map = srlg === undefined ? read : withGroups(read, srlg);
  const name = basename(file).replace(/\.[^.]*$/, '');
  try {
    const { text, cables, switchOf } = studyOfMap(map, {
      name,
      fibresPerLink: fibres ?? 1,
      metresPerUnit: metres ?? 1,
      seed,
      demands: demandsOf(demands ?? demandsDefault, map, seed),
    });
    const nodes = map.nodes.map(({ id, name: title, place }) => ({
      name: switchOf.get(id) ?? id,
      title,
      place: place ?? null,
    }));
    const scenario = strippedScenario(loadScenario(file, text));
    return { file, text, scenario, cables, nodes };
  } catch (error) {
    throw error instanceof MapError ? new UsageError(`${file} cannot be used: ${error.message}`) : error;
  }
}

function ofScenario(argument: string, { demands, fibres, srlg, metres }: NetworkOptions): WhatifNetwork {
  for (const [option, value] of Object.entries({ demands, fibres, metres }))
    if (value !== undefined)
      throw new UsageError(`--${option} is for maps: the scenario ${argument} says that itself`);
  const { file, text, scenario } = readScenario(argument, 'map or scenario');
  const map = srlg === undefined ? null : withGroups(readMapFile(argument), srlg);
  const groupOf = new Map(
    map === null
      ? scenario.fibres.map((fibre) => [fibre.name, fibre.srlg ?? []])
      : map.links.map((link) => [link.id, link.srlg ?? []]),
  );
  return {
    file,
    text,
    scenario: strippedScenario(scenario),
    cables: cablesOfScenario(scenario, (fibre) => groupOf.get(fibre) ?? []),
    nodes: scenario.switches.map(({ name }) => ({ name, title: name, place: null })),
  };
}
