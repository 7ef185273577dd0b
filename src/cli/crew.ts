// Workers that share out tasks among them: each has one at a time, and gets the next when it has said how that went.

import { Worker } from 'node:worker_threads';

/** Each is a thread with a heap of its own. */
export const jobsMost = 256;

export interface CrewOptions<Task, Report> {
  readonly jobs: number;
  /** The worker's file as written; where this one runs compiled, so does the worker. */
  readonly worker: `./${string}-worker`;
  /** What each is started with. */
  readonly assignment: object;
  /** The next task, or null when there is none. */
  readonly next: () => Task | null;
  readonly done: (report: Report) => void;
}

/** Resolves when `next` has no more and all have ended; rejects when a worker fails. */
export async function work<Task, Report>(options: CrewOptions<Task, Report>): Promise<void> {
  const { jobs, assignment, next, done } = options;
  const file = new URL(
    `${options.worker}${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`,
    import.meta.url,
  );
  const workers: Worker[] = [];
  const serve = (): Promise<void> =>
    new Promise((ended, failed) => {
      // Young objects of a run die with it: a larger nursery spares moving them (as scripts/lightbed.mjs has it).
      const resourceLimits = { maxYoungGenerationSizeMb: 64 };
      const worker = new Worker(file, { workerData: assignment, resourceLimits });
      workers.push(worker);
      const give = (): void => {
        const task = next();
        if (task === null) ended();
        else worker.postMessage(task);
      };
      worker.on('message', (report: Report) => {
        done(report);
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
