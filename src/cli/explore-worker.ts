// The worker of `lightbed explore`: tries the seeds it is given, one after the other, and says after each how it went.

import { parentPort, workerData } from 'node:worker_threads';
import { type Finding, search } from '../scenario/explore/search.ts';
import { subjectOf } from '../scenario/explore/subject.ts';
import { loadScenario } from '../scenario/load.ts';
import { lightbedVersion } from './version.ts';

/** What a worker is started with. */
export interface Assignment {
  readonly file: string;
  readonly text: string;
}

/** What it says after each seed. */
export interface Tried {
  readonly seed: number;
  readonly finding: Finding | null;
}

const { file, text } = workerData as Assignment;
const subject = subjectOf(loadScenario(file, text), text);
const version = lightbedVersion();

parentPort?.on('message', (seed: number) => {
  void tryOne(seed);
});

/** What it throws ends the worker, and the command with it. */
async function tryOne(seed: number): Promise<void> {
  if (subject === null) throw new Error(`${file} asks for no path`);
  const finding = await search(subject, String(seed), version);
  const tried: Tried = { seed, finding };
  parentPort?.postMessage(tried);
}
