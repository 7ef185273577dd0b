// The scenario of `npm start` in the virtual world: simulated seconds per second, from building the world to
// the verdict, without writing results. Real time is what a laboratory takes for the same experiment.

import { readFileSync } from 'node:fs';
import { toSeconds } from '../../src/core/time.ts';
import { loadScenario } from '../../src/scenario/load.ts';
import { run } from '../../src/scenario/run.ts';
import type { BenchFigure, BenchLine } from './line.ts';
import { repositoryPath } from './repository.ts';

const FILE = 'scenarios/fibre-cut-cern-caltech/scenario.yaml';
const NAME = 'simulated seconds per second, scenario of npm start';
const REPETITIONS = 3;
const TARGET = 100;

export const scenarioLine: BenchLine = {
  name: 'scenario',
  measure: async () => {
    const rates: number[] = [];
    for (let i = 0; i < REPETITIONS; i++) rates.push(await measureOnce());
    return [figure(rates.sort((a, b) => a - b)[Math.floor(REPETITIONS / 2)] ?? 0)];
  },
};

/** The run must hold its expectations: a rate of a run that failed says nothing. */
async function measureOnce(): Promise<number> {
  const scenario = loadScenario(FILE, readFileSync(repositoryPath(FILE), 'utf8'));
  const started = performance.now();
  const result = await run(scenario, { world: 'virtual', folder: '', file: FILE, version: 'bench' });
  const took = (performance.now() - started) / 1000;
  if (!result.isMet) throw new Error(`${FILE} did not hold its expectations`);
  return toSeconds(scenario.duration) / took;
}

const figure = (rate: number): BenchFigure => ({
  kind: 'measured',
  name: NAME,
  value: rate,
  unit: 's/s',
  target: { of: 'value', atLeast: TARGET },
  reference: { kind: 'limit', name: 'real time', value: 1, ratio: rate },
});
