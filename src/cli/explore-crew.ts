// Workers that share out seeds among them: each has one at a time, and gets the next when it has said how that went.

import { Worker } from 'node:worker_threads';
import type { Assignment, Tried } from './explore-worker.ts';

/** As compiled or as written: a worker is started from the same kind of file as this one. */
const workerFile = new URL(
  `./explore-worker${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`,
  import.meta.url,
);

export interface CrewOptions {
  readonly jobs: number;
  readonly assignment: Assignment;
  /** The next seed, or null when there is none. */
  readonly next: () => number | null;
  readonly tried: (tried: Tried) => void;
}

/** Resolves when `next` has no more and all have ended; rejects when a worker fails. */
export async function work({ jobs, assignment, next, tried }: CrewOptions): Promise<void> {
  const workers: Worker[] = [];
  const serve = (): Promise<void> =>
    new Promise((done, failed) => {
      // Young objects of a run die with it: a larger nursery spares moving them (as scripts/lightbed.mjs has it).
      const resourceLimits = { maxYoungGenerationSizeMb: 64 };
      const worker = new Worker(workerFile, { workerData: assignment, resourceLimits });
      workers.push(worker);
      const give = (): void => {
        const seed = next();
        if (seed === null) done();
        else worker.postMessage(seed);
      };
      worker.on('message', (message: Tried) => {
        tried(message);
        give();
      });
      worker.on('error', failed);
      give();
    });
  try {
    await Promise.all(Array.from({ length: jobs }, serve));
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}
