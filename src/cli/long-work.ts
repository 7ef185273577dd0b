// Work on a large file that does not come up for breath, for seconds to a minute: another thread shows on the standard error
// what is being done, and for how long now. On a terminal it is one line that is written over again and wiped at the end,
// elsewhere a line now and then.

import { statSync } from 'node:fs';
import { basename } from 'node:path';
import { Worker } from 'node:worker_threads';

/** A smaller file is read in less than a second: the slowest format, GraphML, takes about 2 MB a second. */
const bytesLeast = 2_000_000;

/** What the thread is started with. */
export interface LongWorkView {
  readonly isTerminal: boolean;
  readonly columns: number;
  /** One word: `IDLE`, `DRAWING` or `OVER`. Who draws has it, and nobody draws when it is over. */
  readonly turn: Int32Array;
}

export const [IDLE, DRAWING, OVER] = [0, 1, 2] as const;

/** Tells what is being done from now on. */
export type Stage = (what: string) => void;

/** Does the work, which begins with reading `file`; what that is called by is its name. */
export function longWork<T>(file: string, work: (stage: Stage) => T): T {
  const { size } = statSync(file, { throwIfNoEntry: false }) ?? { size: 0 };
  if (size < bytesLeast) return work(() => {});
  const turn = new Int32Array(new SharedArrayBuffer(4));
  const { isTTY: isTerminal = false, columns = 80 } = process.stderr;
  const workerData: LongWorkView = { isTerminal, columns, turn };
  const url = new URL(
    `./long-work-worker${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`,
    import.meta.url,
  );
  const worker = new Worker(url, { workerData, execArgv: [] });
  worker.unref();
  // Without it the work goes on, unseen.
  worker.on('error', () => {});
  const stage: Stage = (what) => worker.postMessage(what);
  stage(`reading ${basename(file)}, ${(size / 1e6).toFixed(0)} MB`);
  try {
    return work(stage);
  } finally {
    end(turn, isTerminal);
    void worker.terminate();
  }
}

function end(turn: Int32Array, isTerminal: boolean): void {
  while (Atomics.compareExchange(turn, 0, IDLE, OVER) === DRAWING) Atomics.wait(turn, 0, DRAWING);
  if (isTerminal) process.stderr.write('\r\x1b[K');
}
