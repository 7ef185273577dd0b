// `lightbed import`: writes a scenario from a map, ready to run and to be changed.

import { existsSync, writeFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import type { CommandModule } from 'yargs';
import { makeFolder } from '../host/make-folder.ts';
import { MapError } from '../net/maps/errors.ts';
import { importMap } from '../scenario/import/import-map.ts';
import { SWITCH_FAMILIES, type SwitchFamily } from '../scenario/schema.ts';
import { NAME } from '../scenario/shape.ts';
import { EXIT_OK, UsageError } from './exit-code.ts';
import { demandsOf } from './import-demands.ts';
import { longWork } from './long-work.ts';
import { findNode, readMapFile } from './map-file.ts';
import { checkSeed } from './seed.ts';

interface ImportArguments {
  file: string;
  out: string | undefined;
  demands: string | undefined;
  hosts: string | undefined;
  family: SwitchFamily;
  metres: number;
  seed: string;
  force: boolean;
}

export const importCommand: CommandModule<object, ImportArguments> = {
  command: 'import <file>',
  describe: 'write a scenario from a map: a switch for each node, fibres, hosts that ask for light paths',
  builder: (yargs) =>
    yargs
      .positional('file', { type: 'string', demandOption: true, describe: 'map, in any of the formats' })
      .option('out', { type: 'string', describe: 'folder (default: scenarios/<name of the file>)' })
      .option('demands', {
        type: 'string',
        describe: 'how many random pairs ask for a path, or a JSON file of them (default: the furthest pair)',
      })
      .option('hosts', { type: 'string', describe: 'nodes with one host more each, separated by commas' })
      .option('family', {
        choices: SWITCH_FAMILIES,
        default: 'polatis' as const,
        describe: 'of all switches',
      })
      .option('metres', {
        type: 'number',
        default: 1,
        describe: 'of fibre for each unit of weight, where weights are no lengths',
      })
      .option('seed', { type: 'string', default: '1', describe: 'of the random pairs and of the scenario' })
      .option('force', { type: 'boolean', default: false, describe: 'write over a scenario that is there' }),
  handler: (given) => {
    process.exitCode = importFile(given);
  },
};

function importFile({ file, out, force, family, metres, seed, ...given }: ImportArguments): number {
  checkSeed(seed);
  if (!(Number.isFinite(metres) && metres > 0)) throw new UsageError('--metres is a number above 0');
  const base = basename(file).replace(/\.[^.]*$/, '');
  if (out !== undefined && !NAME.test(basename(out)))
    throw new UsageError(
      `the folder ${basename(out)} names the scenario: a lower-case letter, then up to 39 lower-case letters, digits or hyphens`,
    );
  const { map, imported } = longWork(file, (stage) => {
    const map = readMapFile(file);
    stage(`planning ${map.nodes.length} switches`);
    const imported = inMap(file, () =>
      importMap(map, {
        name: out === undefined ? base : basename(out),
        family,
        metresPerUnit: metres,
        seed,
        ...(given.demands === undefined ? {} : { demands: demandsOf(given.demands, map, seed) }),
        hosts: (given.hosts ?? '')
          .split(',')
          .filter(Boolean)
          .map((word) => findNode(map, word.trim())),
      }),
    );
    return { map, imported };
  });
  const folder = out ?? join('scenarios', imported.name);
  const target = join(folder, 'scenario.yaml');
  if (existsSync(target) && !force)
    throw new UsageError(`${target} is there already: give --out, or --force to write over it`);
  write(folder, target, imported.text);
  const { nodes, links } = map;
  console.log(`${relative('.', target)}: ${nodes.length} switches, ${links.length} fibres`);
  console.log(`lightbed run ${relative('.', folder)}`);
  return EXIT_OK;
}

function write(folder: string, target: string, text: string): void {
  try {
    makeFolder(folder);
    writeFileSync(target, text);
  } catch (error) {
    throw new UsageError(
      `${target} cannot be written: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

function inMap<T>(file: string, make: () => T): T {
  try {
    return make();
  } catch (error) {
    throw error instanceof MapError ? new UsageError(`${file} cannot be imported: ${error.message}`) : error;
  }
}
