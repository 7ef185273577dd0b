// The worker of `lightbed whatif`: runs the cuts it is given, each in a world of its own, and says what came of each.

import { parentPort, workerData } from 'node:worker_threads';
import { loadScenario } from '../scenario/load.ts';
import type { StudyCut } from '../scenario/whatif/cut-list.ts';
import { strippedScenario } from '../scenario/whatif/subject.ts';
import { baseline, type TrialOptions, tryCut } from '../scenario/whatif/trial.ts';

/** What a worker is started with. */
export interface WhatifAssignment {
  readonly file: string;
  readonly text: string;
  readonly options: TrialOptions;
}

/** The run without a cut comes first. */
export type WhatifTask = 'baseline' | StudyCut;

const { file, text, options } = workerData as WhatifAssignment;
const scenario = strippedScenario(loadScenario(file, text));

parentPort?.on('message', (task: WhatifTask) => {
  void tryOne(task);
});

/** What it throws ends the worker, and the command with it. */
async function tryOne(task: WhatifTask): Promise<void> {
  const outcome =
    task === 'baseline' ? await baseline(scenario, options) : await tryCut(scenario, task, options);
  parentPort?.postMessage(outcome);
}
